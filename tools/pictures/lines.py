"""Sums over periods, a line each, such as what a first and a second order cost month by month."""

from collections.abc import Mapping, Sequence

from .svg import ACCENT, GRID, WARM, inline, plain, themed, to_svg


def period_lines(lines: Mapping[str, Sequence[tuple[str, float | None]]], *, label: str, y_title: str) -> str:
    """Draw (period, sum) per named line, in the given order; a period without a sum leaves a gap. Two lines at most."""
    import altair as alt

    values = [
        {"line": plain(name), "period": period, "sum": sum_, "place": place}
        for name, points in lines.items()
        for place, (period, sum_) in enumerate(points)
    ]
    names = [plain(name) for name in lines]
    base = alt.Chart(inline(values)).encode(
        x=alt.X("period:O", title=None, sort=alt.SortField("place"), axis=alt.Axis(labelAngle=0)),
        y=alt.Y("sum:Q", title=y_title, axis=alt.Axis(grid=True, gridColor=GRID, tickCount=5)),
        color=alt.Color(
            "line:N", title=None, scale=alt.Scale(domain=names, range=[WARM, ACCENT]), legend=alt.Legend(orient="top")
        ),
    )
    drawn = alt.layer(base.mark_line(strokeWidth=3), base.mark_point(filled=True, size=70))
    return to_svg(themed(drawn, height=220), label)
