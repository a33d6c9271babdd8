"""`secondorder segment`: named rules, evaluated when they are used."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .command import command
from .desk import Desk, language_from, readable_file

if TYPE_CHECKING:
    from memory.domain.segment import Segment

group = typer.Typer(no_args_is_help=True, help="Segments: named rules, evaluated when they are used.")

SegmentId = Annotated[str, typer.Argument(metavar="SEGMENT", help="A segment's id, or a YAML or JSON file.")]
Language = Annotated[str, typer.Option("--language", help="en or zh.")]


@command(group, "list")
def list_(desk: Desk, language: Language = "en") -> None:
    """List the segments that come with the product and the shop's own."""
    from api.verbs.segments import list_segments

    from .tables import table

    found = list_segments(desk.acting, language_from(language))
    rows = [(one.segment.id, one.segment.title.get(language, ""), one.words, one.origin) for one in found]
    desk.emit(found, table("Segments", ("id", "title", "who", "from"), rows))


@command(group, "define")
def define(desk: Desk, path: Annotated[Path, typer.Argument(metavar="FILE", help="YAML or JSON.")]) -> None:
    """Keep a segment from a file."""
    from api.verbs.segments import define_segment, describe_rule

    segment = define_segment(desk.acting, readable_file(path).read_text(encoding="utf-8", errors="replace"))
    desk.emit(segment, f"{segment.id}: {describe_rule(desk.acting, segment.rule)}")


@command(group, "describe")
def describe(desk: Desk, segment: SegmentId, language: Language = "en") -> None:
    """Say in words who belongs to a segment."""
    from api.verbs.segments import describe_rule

    found = _segment(desk, segment)
    words = describe_rule(desk.acting, found.rule, language_from(language))
    desk.emit({"id": found.id, "words": words}, words)


@command(group, "attributes")
def attributes(desk: Desk, language: Language = "en") -> None:
    """List the context a rule may compare: price sensitivity, stock, category and device, defined and how fresh."""
    from tools.segments.context import CONTEXT_ATTRIBUTES

    from .tables import table

    spoken = language_from(language)
    rows = [
        (one.attribute, one.title(spoken), one.definition[spoken], one.origin, one.freshness[spoken])
        for one in CONTEXT_ATTRIBUTES
    ]
    desk.emit(CONTEXT_ATTRIBUTES, table("Attributes", ("name", "title", "definition", "origin", "freshness"), rows))


@command(group, "size")
def size(
    desk: Desk, segment: SegmentId, examples: Annotated[int, typer.Option(min=0, max=20, help="Pseudonyms.")] = 5
) -> None:
    """Count who belongs to a segment now."""
    from api.verbs.segments import size_rule

    from .tables import facts

    found = size_rule(desk.acting, _segment(desk, segment).rule, examples)
    desk.emit(found, facts(found.model_dump()))


def _segment(desk: Desk, named: str) -> "Segment":
    from api.verbs.segments import get_segment
    from tools.segments import load_segment

    path = Path(named)
    if path.suffix in {".yaml", ".yml", ".json"}:
        return load_segment(readable_file(path).read_text(encoding="utf-8", errors="replace"))
    return get_segment(desk.acting, named)
