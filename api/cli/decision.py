"""`secondorder decision`: what was decided for whom, with everything that was rejected and why."""

from typing import Annotated

import typer

from .command import command
from .desk import Desk, language_from

group = typer.Typer(no_args_is_help=True, help="Decisions: channel, time, subject line and copy, chosen and rejected.")


@command(group, "list")
def list_(
    desk: Desk,
    person: Annotated[str, typer.Option(metavar="ID", help="Only this person's.")] = "",
    plan: Annotated[str, typer.Option(metavar="PLAN", help="Only this plan's.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=200, help="At most so many.")] = 20,
) -> None:
    """List the newest decisions."""
    from rich.markup import escape

    from api.verbs.decisions import list_decisions

    found = list_decisions(desk.acting, person, plan, limit)
    lines = [f"{one.slot_at:%Y-%m-%d %H:%M}Z {one.chosen} ({one.chosen_reason})\n  {one.decision_id}" for one in found]
    desk.emit(found, *(escape(line) for line in lines or ["No decision yet: run `secondorder tick`."]))


@command(group, "explain")
def explain(
    desk: Desk,
    decision: Annotated[str, typer.Argument(metavar="ID", help="As `decision list` gives it.")],
    language: Annotated[str, typer.Option("--language", help="en or zh.")] = "en",
) -> None:
    """Say why one decision fell as it did, what came next, and the smallest change that would flip it."""
    show_why(desk, decision, language)


def show_why(desk: Desk, decision: str, language: str) -> None:
    """Print the explanation of one decision."""
    from rich.markup import escape

    from api.verbs import decisions

    found = decisions.why(desk.acting, decision)
    desk.emit(found, *(escape(line) for line in decisions.why_words(found, language_from(language))))


@command(group, "show")
def show(
    desk: Desk,
    decision: Annotated[str, typer.Argument(metavar="ID", help="As `decision list` gives it.")],
    language: Annotated[str, typer.Option("--language", help="en or zh.")] = "en",
) -> None:
    """Show one decision: each option that was considered, which was chosen, why the others were not."""
    from rich.markup import escape

    from api.verbs import decisions

    found = decisions.show(desk.acting, decision)
    desk.emit(found, escape(decisions.words(found, language_from(language))))
