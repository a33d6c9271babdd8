"""Rows set in columns for a terminal, by the width it gives each character."""

from collections.abc import Sequence

WIDTH = 80
"""Columns of a terminal."""
LEAST_NAME = 26
"""Columns below which a row's name is not folded but set above its figures."""
_GAP = 2

Row = tuple[str, ...]


def lines(rows: Sequence[Row]) -> list[str]:
    """Give one indented line per row; a sentence in a row without a last cell does not widen its column."""
    from rich.cells import cell_len

    if not rows:
        return []
    widths = _widths(rows)
    return [
        "  "
        + "  ".join(
            cell + " " * max(0, width - cell_len(cell)) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    ]


def fitted(rows: Sequence[Row], head: Row = ()) -> list[str]:
    """Give the indented lines of a table that is not wider than `WIDTH`.

    Where the columns don't fit, names are folded, or stand above their figures, or each cell has a line of its own with
    its column's name from `head`; what is longer than its line goes on below.
    """
    if not rows:
        return []
    every = [head, *rows] if head else list(rows)
    widths = _widths(every)
    figures = sum(width + _GAP for width in widths[1:])
    room = WIDTH - _GAP - figures
    if room >= min(widths[0], LEAST_NAME):
        return [line for row in every for line in _beside(row, [min(widths[0], room), *widths[1:]])]
    if _GAP + figures <= WIDTH:
        return [line for row in every for line in _below(row, widths)]
    return [line for row in rows for line in _listed(row, head)]


def _widths(rows: Sequence[Row]) -> list[int]:
    from rich.cells import cell_len

    return [max((cell_len(row[at]) for row in rows if at == 0 or row[-1]), default=0) for at in range(len(rows[0]))]


def _beside(row: Row, widths: Sequence[int], indent: int = _GAP) -> list[str]:
    """Set a row on one line; what is too long goes on below its own column."""
    from rich.cells import set_cell_size

    ends = [indent + sum(width + _GAP for width in widths[:at]) for at in range(len(widths))]
    last = max((at for at, cell in enumerate(row) if cell), default=0)
    cells = [
        _folded(cell, WIDTH - ends[at] if at == last and at else width)
        for at, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]
    found = []
    for number in range(max(len(cell) for cell in cells)):
        line = ""
        for at, cell in enumerate(cells):
            if number < len(cell) and cell[number]:
                line = set_cell_size(line, ends[at]) + cell[number]
        found.append(line)
    return found


def _below(row: Row, widths: Sequence[int]) -> list[str]:
    return [*_beside((row[0],), [WIDTH - _GAP]), *_beside(row[1:], widths[1:], 2 * _GAP)]


def _listed(row: Row, head: Row) -> list[str]:
    """Set each cell on a line of its own; cells without text are left out."""
    names = head[1:] if head else ("",) * (len(row) - 1)
    pairs = [pair for pair in zip(names, row[1:], strict=True) if pair[1]]
    widths = [*_widths(pairs)[:1], 0] if pairs else []
    return [*_beside((row[0],), [WIDTH - _GAP]), *(line for pair in pairs for line in _beside(pair, widths, 2 * _GAP))]


def _folded(text: str, width: int) -> list[str]:
    """Break a text into lines of at most `width` columns, between words where there are any."""
    from rich.cells import cell_len
    from rich.console import Console
    from rich.text import Text

    if cell_len(text) <= width:
        return [text]
    return [line.plain.rstrip() for line in Text(text).wrap(Console(width=width), width)]
