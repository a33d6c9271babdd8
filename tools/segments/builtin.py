"""The segments that come with the product: one YAML file each in `library/`."""

from functools import cache
from pathlib import Path

from memory.domain.errors import NotFound
from memory.domain.segment import Segment

from .load import load_segment

LIBRARY = Path(__file__).parent / "library"


@cache
def builtin_segments() -> tuple[Segment, ...]:
    """Give all built-in segments by id."""
    return tuple(load_segment(path.read_text(encoding="utf-8")) for path in sorted(LIBRARY.glob("*.yaml")))


def builtin_segment(segment_id: str) -> Segment:
    """Give one built-in segment; raise `NotFound`."""
    for segment in builtin_segments():
        if segment.id == segment_id:
            return segment
    raise NotFound(kind="segment", id=segment_id)
