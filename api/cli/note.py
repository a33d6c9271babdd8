"""`secondorder note`: brand voice, and lessons of measured plans, that planners may recall."""

from typing import Annotated

import typer

from api.verbs.notes import NoteKind

from .command import command
from .desk import Desk

group = typer.Typer(no_args_is_help=True, help="Brand voice and lessons that planners may recall.")

NoteId = Annotated[str, typer.Argument(metavar="ID", help="Its name within the shop.")]


@command(group, "add")
def add(
    desk: Desk,
    note_id: NoteId,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What to remember; no personal data.")],
    kind: Annotated[
        NoteKind, typer.Option(help="brand_voice; lessons come from measured plans alone.")
    ] = "brand_voice",
    source: Annotated[str, typer.Option(help="Where it comes from, such as a plan or a document.")] = "told by hand",
) -> None:
    """Remember a note; one of the same name is replaced."""
    from api.verbs.notes import add as remember

    made = remember(desk.acting, kind, note_id, text, source)
    desk.emit(made, f"Remembered {made.id}.")


@command(group, "list")
def list_(desk: Desk) -> None:
    """List the shop's notes."""
    from api.verbs.notes import every

    from .tables import table

    notes = every(desk.acting)
    rows = [(note.id, note.kind, note.text, note.source, note.approved_by) for note in notes]
    desk.emit(notes, table("Notes", ("id", "kind", "text", "source", "by"), rows))


@command(group, "forget")
def forget(desk: Desk, note_id: NoteId) -> None:
    """Remove a note for good."""
    from api.verbs.notes import forget as remove

    remove(desk.acting, note_id)
    desk.emit({"forgotten": note_id}, f"Forgot {note_id}.")
