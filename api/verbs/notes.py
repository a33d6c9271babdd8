"""Notes: brand voice that a person let in, and lessons of measured plans; planners may recall them."""

from typing import TYPE_CHECKING, Literal

from pydantic import ValidationError

from memory.domain.errors import InvalidInput
from memory.domain.mistakes import said

from .acting import Acting

if TYPE_CHECKING:
    from memory.recall.notes import Note

NoteKind = Literal["brand_voice", "lesson"]


def add(acting: Acting, kind: NoteKind, note_id: str, text: str, source: str) -> "Note":
    """Remember a note in the principal's name; personal data and agents are refused, and lessons nobody measured."""
    from memory.recall.notes import note

    acting.require_person("plan")
    if kind == "lesson":
        remedy = "Learn it from a plan with `secondorder plan learn PLAN`, or keep the note as brand_voice"
        raise InvalidInput(what="A lesson", why="only a measured lift becomes one", remedy=remedy)
    at, by = acting.app.clock.now(), acting.principal.id
    try:
        made = note(acting.shop_id, kind, note_id, text, source=source, approved_by=by, at=at)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = ".".join(str(part) for part in first["loc"])
        raise InvalidInput(what=name, why=said(first), remedy="See `secondorder note add --help`") from None
    acting.app.recall.remember([made])
    with acting.app.store.unit_of_work() as uow:
        uow.audit.append(by, "note.add", f"note:{note_id}", at, {"shop_id": acting.shop_id, "kind": kind})
    return made


def every(acting: Acting) -> "tuple[Note, ...]":
    """Give the shop's notes in order of their ids."""
    acting.require("read")
    return acting.app.recall.all(acting.shop_id)


def forget(acting: Acting, note_id: str) -> None:
    """Remove a note for good."""
    acting.require("plan")
    acting.app.recall.forget(acting.shop_id, [note_id])


def recalled(acting: Acting, query: str) -> tuple[tuple[str, str], ...]:
    """Give text and source of the notes nearest to the query, best first."""
    acting.require("read")
    return tuple((found.note.text, found.note.source) for found in acting.app.recall.find(acting.shop_id, query))
