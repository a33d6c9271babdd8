"""Pictures: functions that give SVG text, drawn offline and with glyphs for Chinese."""

from .bars import amount_rows, share_columns
from .curve import share_curve
from .intervals import arms_with_intervals, interval_rows
from .lines import period_lines
from .svg import to_png

__all__ = [
    "amount_rows",
    "arms_with_intervals",
    "interval_rows",
    "period_lines",
    "share_columns",
    "share_curve",
    "to_png",
]
