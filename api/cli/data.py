"""`secondorder import`, `assume`, `readiness` and `suppression`: data in, and what it makes possible."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .command import EXIT_INPUT, command
from .desk import Desk, channel_from, readable_file

if TYPE_CHECKING:
    from rich.console import RenderableType

    from tools.ingest import ImportReport

suppression = typer.Typer(no_args_is_help=True, help="Answer for the lists of people who must not be contacted.")
KINDS = (
    "shopify-orders shopify-customers shopify-products shopify-json klaviyo-profiles online-retail complete-journey "
    "events consent stock costs spend rates goods-links shipments"
)
KINDS_HELP = f"One of: {KINDS.replace(' ', ', ')}; `import kinds` explains them."
MARKS = {"works": "[green]works[/green]", "assumes": "[yellow]assumes[/yellow]", "cannot": "[red]cannot[/red]"}


def register(app: typer.Typer) -> None:
    """Add the commands."""
    command(app, "import")(import_)
    command(app, "assume")(assume)
    command(app, "readiness")(readiness)
    app.add_typer(suppression, name="suppression")


def import_(
    desk: Desk,
    kind: Annotated[str, typer.Argument(metavar="KIND", help=KINDS_HELP)],
    path: Annotated[Path | None, typer.Argument(metavar="PATH", help="The file.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what would change; write nothing.")] = False,
    assume_file: Annotated[
        Path | None, typer.Option("--assume", metavar="FILE", help="Add labelled assumptions afterwards.")
    ] = None,
) -> None:
    """Import a file, all of it or nothing; wrong rows are listed with their line."""
    if kind == "kinds":
        _list_kinds(desk)
        return
    from api.verbs.imports import assume as add_assumptions
    from api.verbs.imports import import_path

    if path is None:
        desk.remark("error: name the file: secondorder import KIND PATH")
        raise typer.Exit(EXIT_INPUT)
    with desk.progress() as progress:
        task = progress.add_task(f"import {kind}", total=None)

        def heard(n_rows: int, bytes_done: int, bytes_total: int) -> None:
            del n_rows
            progress.update(task, completed=bytes_done, total=bytes_total or None)

        report = import_path(desk.acting, kind, readable_file(path), is_dry_run=dry_run, progress=heard)
    desk.emit(report, *_shown(report))
    if assume_file is not None and not dry_run:
        assumed = add_assumptions(desk.acting, readable_file(assume_file))
        desk.remark(f"Assumptions of {assume_file.name} are in (data version {assumed.data_version}), labelled.")


def assume(desk: Desk, path: Annotated[Path, typer.Argument(metavar="FILE", help="YAML of assumptions.")]) -> None:
    """Add labelled assumptions (margins, consent, addresses that reach nobody) for a demonstration."""
    from api.verbs.imports import assume as add_assumptions

    report = add_assumptions(desk.acting, readable_file(path))
    desk.emit(report, *_shown(report))


def readiness(desk: Desk, language: Annotated[str, typer.Option("--language", help="en or zh.")] = "en") -> None:
    """Say per plan element whether it works, works with an assumption, or cannot, and which file would fix it."""
    from rich.table import Table

    from api.verbs.imports import readiness as read

    found = read(desk.acting)
    shown = Table("", "element", "assumed or missing", "what would fix it", box=None, pad_edge=False)
    for one in found:
        said = (_in(text, language) for text in (one.title, one.assumption, one.fix))
        shown.add_row(MARKS[one.status], *said)
    desk.emit(found, shown)


@command(suppression, "list")
def list_answers(desk: Desk) -> None:
    """Show per channel whether its suppression list is answered for."""
    from api.verbs.imports import channel_answers

    from .tables import table

    found = channel_answers(desk.acting)
    rows = [(one.channel, one.is_ready, one.n_suppressed) for one in found]
    desk.emit(found, table("Suppression lists", ("channel", "live sends may start", "addresses"), rows))


@command(suppression, "declare")
def declare(desk: Desk, channel: Annotated[str, typer.Argument(help="email, sms or push.")]) -> None:
    """Declare by name that a channel has no suppression list; live sends are refused until one of both is done."""
    from api.verbs.imports import declare_no_suppressions

    named = channel_from(channel)
    declare_no_suppressions(desk.acting, named)
    said = f"{desk.principal.id} declares that {desk.shop_id} has no suppression list for {named}."
    desk.emit({"channel": named, "declared_by": desk.principal.id}, said)


def _list_kinds(desk: Desk) -> None:
    from api.verbs.imports import kinds

    from .tables import table

    found = kinds()
    rows = [(one.id, one.title.get("en", ""), one.description.get("en", "")) for one in found]
    desk.emit(found, table("Kinds of files", ("kind", "what", "where it comes from"), rows))


def _shown(report: "ImportReport") -> "tuple[RenderableType, ...]":
    from .tables import facts, table

    head = {"rows": report.n_rows, "new": report.n_new, "changed": report.n_changed, "unchanged": report.n_unchanged}
    head |= {"rejected": report.n_rejected, "identity links": report.n_links, "data version": report.data_version}
    title = f"{report.kind}: {'would change' if report.is_dry_run else 'imported'} {report.file_name}"
    changes = [(name, one.n_new, one.n_changed, one.n_unchanged) for name, one in sorted(report.changes.items())]
    shown: list[RenderableType] = [title, facts(head), table("", ("table", "new", "changed", "unchanged"), changes)]
    if report.rejected:
        shown.append(table("Rejected", ("line", "reason"), [(row.line, row.reason) for row in report.rejected[:20]]))
    return tuple(shown)


def _in(text: object, language: str) -> str:
    return str(text.get(language) or text.get("en") or "") if isinstance(text, dict) else str(text or "")
