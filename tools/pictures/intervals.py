"""Estimates with their intervals: groups beside a common reference, and the two arms of an experiment."""

from collections.abc import Sequence

from memory.domain.experiment import Interval

from .svg import ACCENT, GRID, MUTED, PALE, WARM, inline, plain, themed, to_svg

MAX_LABEL = 26


def interval_rows(
    rows: Sequence[tuple[str, Interval, str]], *, label: str, reference: float | None = None, reference_word: str = ""
) -> str:
    """Draw (name, share with interval, words at the right) as dots with whiskers, in the given order.

    `reference` is a dashed line, such as the rate of all people.
    """
    import altair as alt

    values = [
        {"name": _short(name, at), "rate": one.estimate, "low": one.low, "high": one.high, "word": word, "at": at}
        for at, (name, one, word) in enumerate(rows)
    ]
    top = max([one.high for _, one, _ in rows] + [reference or 0.0])
    y = alt.Y("name:N", sort=alt.SortField("at"), title=None)
    y = y.axis(
        ticks=False, domain=False, labelFontSize=13, labelLimit=200, labelExpr="split(datum.label, '\\u2063')[0]"
    )
    x_axis = alt.Axis(format=".0%", tickCount=5, grid=True, gridColor=GRID, domain=False)
    scale = alt.Scale(domain=[0, min(1.0, top * 1.3)], nice=False)
    base = alt.Chart(inline(values)).encode(y=y)
    x = alt.X("rate:Q", title=None, axis=x_axis, scale=scale)
    layers = [
        base.mark_rule(color=PALE, strokeWidth=5, strokeCap="round").encode(x=alt.X("low:Q", title=None), x2="high:Q"),
        base.mark_point(filled=True, size=110, color=ACCENT, opacity=1).encode(x=x),
        base.mark_text(align="left", dx=10, color=MUTED, fontSize=12).encode(x=alt.X("high:Q"), text="word:N"),
    ]
    if reference is not None:
        line = alt.Chart(inline([{"rate": reference, "word": reference_word}]))
        layers.append(line.mark_rule(color=WARM, strokeDash=[5, 4], strokeWidth=2).encode(x=x))
        text = line.mark_text(color=WARM, align="left", baseline="bottom", dx=5, dy=-2, fontSize=12)
        layers.append(text.encode(x=x, y=alt.value(0), text="word:N"))
    return to_svg(themed(alt.layer(*layers), height=34 * len(rows) + 10, width=330), label)


def arms_with_intervals(
    treated: tuple[str, Interval], control: tuple[str, Interval], *, label: str, difference: str
) -> str:
    """Draw the two arms of an experiment with their intervals; `difference` says the lift in words."""
    import altair as alt

    rows = [{"name": name, **one.model_dump()} for name, one in (treated, control)]
    words = [f"{one.estimate:.1%}" for _, one in (treated, control)]
    values = [{**row, "word": word, "at": at} for at, (row, word) in enumerate(zip(rows, words, strict=True))]
    axis = alt.Axis(ticks=False, domain=False, labelFontSize=14, labelLimit=240)
    y = alt.Y("name:N", sort=alt.SortField("at"), title=None, axis=axis)
    x_axis = alt.Axis(format=".0%", tickCount=6, grid=True, gridColor=GRID, domain=False)
    base = alt.Chart(inline(values)).encode(y=y)
    colour = alt.condition("datum.at == 0", alt.value(ACCENT), alt.value(MUTED))
    low = alt.X("low:Q", title=difference, axis=x_axis, scale=alt.Scale(zero=False, padding=24))
    layers = [
        base.mark_rule(strokeWidth=6, strokeCap="round", opacity=0.35).encode(x=low, x2="high:Q", color=colour),
        base.mark_point(filled=True, size=160, opacity=1).encode(x="estimate:Q", color=colour),
        base.mark_text(dy=-16, fontWeight="bold", fontSize=15).encode(x="estimate:Q", text="word:N"),
    ]
    return to_svg(themed(alt.layer(*layers), height=130), label)


def _short(name: str, at: int) -> str:
    """Cut a long name, drop what is no letter or sign, and keep two that then look alike apart by a hidden number."""
    name = plain(name) or "?"
    text = name if len(name) <= MAX_LABEL else name[: MAX_LABEL - 1] + "…"
    return f"{text}\u2063{at}"
