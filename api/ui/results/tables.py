"""Tables of plain text and the panels they stand in, as the views of a plan's results share them."""

from collections.abc import Sequence

from api.ui.shell.parts import table
from api.ui.shell.visible import visible

NUMBERS = frozenset(range(1, 12))


def plain_table(caption: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Give a table of plain text; every column but the first is numbers."""
    shown = [tuple(visible(cell) for cell in row) for row in rows]
    return table(caption, list(heads), shown, numbers=NUMBERS if all(_is_short(row) for row in rows) else frozenset())


def _is_short(row: Sequence[str]) -> bool:
    """Say whether a row holds figures rather than sentences on why there are none."""
    return all(sum(2 if ord(char) > 0x2E7F else 1 for char in cell) < 40 for cell in row[1:])


def panel(html: str) -> str:
    """Give HTML in a panel."""
    return f'<section class="so-panel">{html}</section>'
