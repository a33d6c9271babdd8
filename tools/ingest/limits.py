"""How much of a file is read at most: what keeps a hostile file from filling the memory (case D6)."""

from memory.domain.base import Count, Frozen

MIB = 1024 * 1024


class Limits(Frozen):
    """Limits of one import. A file beyond one of them is refused as a whole."""

    max_bytes: Count = 2048 * MIB
    """Size of a file that is read row by row."""
    max_document_bytes: Count = 16 * MIB
    """Size of a JSON document, which is read at once."""
    max_line_bytes: Count = 1 * MIB
    """Length of one line."""
    max_field_chars: Count = 131_072
    """Length of one field."""
    max_columns: Count = 2_000
    """Columns of a header."""
    max_rows: Count = 20_000_000
    """Rows of a file."""
    max_list_items: Count = 10_000
    """Items of one list inside a JSON row."""
    max_depth: Count = 64
    """Levels of JSON inside each other."""
    max_digits: Count = 30
    """Digits of one JSON number."""
    max_ratio: Count = 200
    """Unpacked size over packed size of a Parquet file."""
    max_rejected_listed: Count = 1_000
    """Rejected rows that are listed; further ones are only counted."""
    max_tags: Count = 1_000
    """Tags of one record."""


LIMITS = Limits()
"""What production uses."""
