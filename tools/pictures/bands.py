"""Lines with bands over days: both arms of an experiment, a difference with its interval, money beside money."""

from collections.abc import Sequence
from typing import NamedTuple

from .svg import ACCENT, GRID, INK, MUTED, PALE, WARM, inline, themed, to_svg


class Band(NamedTuple):
    """One line with its band."""

    name: str
    """What it is called."""
    points: Sequence[tuple[int, float, float | None, float | None]]
    """(day, value, low, high); a missing end leaves the band out on that day."""


COLOURS = (ACCENT, MUTED, WARM)


def bands(lines: Sequence[Band], *, label: str, x_title: str, y_title: str, number: str, zero: bool = False) -> str:
    """Draw lines with bands and their names at the last day; `number` is the axis' number format.

    `zero` draws a line at 0, for differences and money.
    """
    import altair as alt

    last = max((point[0] for line in lines for point in line.points), default=1)
    x = alt.X("day:Q", title=x_title, scale=alt.Scale(domain=[0, max(last, 1)], nice=False), axis=alt.Axis(tickCount=6))
    axis = alt.Axis(format=number, grid=True, gridColor=GRID, tickCount=5, domain=False)
    y = alt.Y("value:Q", title=y_title, axis=axis, scale=alt.Scale(zero=zero))
    layers = [alt.Chart(inline([{"value": 0}])).mark_rule(color=PALE).encode(y=y)] if zero else []
    for line, colour in zip(lines, COLOURS, strict=False):
        rows = [{"day": day, "value": value, "low": low, "high": high} for day, value, low, high in line.points]
        closed = [row for row in rows if row["low"] is not None and row["high"] is not None]
        if closed:
            area = alt.Chart(inline(closed)).mark_area(color=colour, opacity=0.16)
            layers.append(area.encode(x=x, y=alt.Y("low:Q", title=y_title, axis=axis), y2="high:Q"))
        layers.append(alt.Chart(inline(rows)).mark_line(color=colour, strokeWidth=2.5).encode(x=x, y=y))
        end = alt.Chart(inline([{**rows[-1], "word": line.name}]))
        away = -10 if colour == ACCENT else 18  # the first line's name above it, the others' below theirs
        text = end.mark_text(
            align="right", dx=-4, dy=away, color=INK if colour == ACCENT else colour, fontWeight="bold"
        )
        layers.append(text.encode(x=x, y=y, text="word:N"))
    return to_svg(themed(alt.layer(*layers), height=230), label)
