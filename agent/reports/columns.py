"""Rows set in columns for a terminal, by the width it gives each character."""

from collections.abc import Sequence


def lines(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Give one indented line per row; a sentence in a row without a last cell does not widen its column."""
    from rich.cells import cell_len

    if not rows:
        return []
    widths = [max((cell_len(row[at]) for row in rows if at == 0 or row[-1]), default=0) for at in range(len(rows[0]))]
    return [
        "  "
        + "  ".join(
            cell + " " * max(0, width - cell_len(cell)) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    ]
