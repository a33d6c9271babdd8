"""`secondorder content`: courses, stories and guides that sell nothing, for members or everybody, per platform."""

from pathlib import Path
from typing import Annotated

import typer

from .command import command
from .desk import Desk, readable_file

group = typer.Typer(no_args_is_help=True, help="Courses, stories and guides that sell nothing.")
File = Annotated[Path, typer.Argument(metavar="FILE", help="YAML or JSON.")]


@command(group, "set")
def set_(desk: Desk, path: File) -> None:
    """Set an item, or change the one of its name; words that sell are refused."""
    from api.verbs import library

    wanted = library.read(readable_file(path).read_text(encoding="utf-8-sig", errors="replace"))
    found = library.put(desk.acting, wanted)
    desk.emit(found, f"{found.item.id} is in the library, in {', '.join(sorted(found.item.words))}.")


@command(group, "import")
def import_(
    desk: Desk,
    path: Annotated[Path, typer.Argument(metavar="FILE", help="CSV, a row per item and language.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would become of each row; write nothing.")
    ] = False,
) -> None:
    """Take items from a CSV file and say of every row what became of it."""
    from api.verbs import library

    from .tables import table

    text = readable_file(path).read_text(encoding="utf-8-sig", errors="replace")
    found = library.take(desk.acting, text, is_dry_run=dry_run)
    rows = [(one.row, one.id, one.language, one.outcome, one.why) for one in found.rows]
    title = "Would be taken (dry run)" if dry_run else "Taken"
    desk.emit(found, table(title, ("row", "item", "language", "outcome", "why"), rows))


@command(group, "list")
def list_(desk: Desk) -> None:
    """List the shop's items, also those that ended."""
    from api.verbs import library

    from .tables import table

    found = library.items(desk.acting)
    rows = [
        (one.item.id, one.item.type, ", ".join(sorted(one.item.words)), one.item.min_tier or one.item.audience,
         "app only" if one.item.is_app_only else one.item.links.web, one.ended_at)
        for one in found
    ]  # fmt: skip
    desk.emit(found, table("Content library", ("id", "type", "languages", "for", "opens", "ended"), rows))


@command(group, "end")
def end(desk: Desk, item_id: Annotated[str, typer.Argument(metavar="ID", help="The item.")]) -> None:
    """Let no message carry an item any more, also of plans that name it."""
    from api.verbs import library

    found = library.end(desk.acting, item_id)
    desk.emit(found, f"No message carries {found.item.id} any more.")
