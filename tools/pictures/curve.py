"""A share that grows with the days, such as second orders after the first."""

from collections.abc import Sequence

from .svg import ACCENT, GRID, INK, WARM, inline, themed, to_svg


def share_curve(
    points: Sequence[tuple[int, float]],
    *,
    label: str,
    x_title: str,
    y_title: str,
    marks: Sequence[tuple[int, str]] = (),
) -> str:
    """Draw (day, share) as a filled curve with the share at its end; `marks` are days with a word beside the line."""
    import altair as alt

    last_day, last_share = points[-1]
    data = inline([{"day": day, "share": share} for day, share in points])
    x = alt.X("day:Q", title=x_title, scale=alt.Scale(domain=[0, max(last_day, 1)], nice=False))
    top = max(last_share * 1.3, 0.05)
    y = alt.Y("share:Q", title=y_title, axis=alt.Axis(format=".0%", grid=True, gridColor=GRID, tickCount=4))
    y = y.scale(domain=[0, top])
    base = alt.Chart(data).encode(x=x, y=y)
    layers = [
        base.mark_area(color=ACCENT, opacity=0.14, interpolate="step-after"),
        base.mark_line(color=ACCENT, strokeWidth=3, interpolate="step-after"),
    ]
    for day, word in marks:
        on_right = day > 0.6 * last_day
        spot = alt.Chart(inline([{"day": day, "top": top, "word": word}]))
        layers.append(spot.mark_rule(color=WARM, strokeDash=[5, 4], strokeWidth=2).encode(x="day:Q"))
        text = spot.mark_text(
            align="right" if on_right else "left", dx=-8 if on_right else 8, baseline="top", color=WARM, fontSize=13
        )
        layers.append(text.encode(x="day:Q", y=alt.Y("top:Q"), text="word:N"))
    end = alt.Chart(inline([{"day": last_day, "share": last_share, "word": f"{last_share:.1%}"}]))
    layers.append(end.mark_point(color=ACCENT, filled=True, size=70).encode(x="day:Q", y="share:Q"))
    layers.append(
        end.mark_text(align="right", dx=-4, dy=-14, color=INK, fontWeight="bold", fontSize=15).encode(
            x="day:Q", y="share:Q", text="word:N"
        )
    )
    return to_svg(themed(alt.layer(*layers), height=220), label)
