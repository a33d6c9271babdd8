"""`secondorder session`: what was recorded, and its replay with the network shut."""

from typing import Annotated

import typer

from .command import command
from .desk import Desk

group = typer.Typer(no_args_is_help=True, help="Recorded sessions, and their replay with the network shut.")

SessionId = Annotated[str, typer.Argument(metavar="SESSION")]


@command(group, "list")
def list_(desk: Desk, limit: Annotated[int, typer.Option(min=1, max=1000)] = 50) -> None:
    """List sessions, newest first."""
    from api.verbs.sessions import list_sessions

    from .tables import table

    found = list_sessions(desk.acting, limit)
    rows = [(one.id, one.kind, one.principal, one.started_at, one.status, one.llm, one.plan_id[:12]) for one in found]
    columns = ("id", "kind", "for", "began at", "status", "llm", "plan")
    desk.emit(found, table("Sessions", columns, rows))


@command(group, "show")
def show(desk: Desk, session_id: SessionId) -> None:
    """Show one session's entries after checking its chain and seal."""
    import json

    from api.verbs.sessions import show_session

    from .tables import facts, table

    found = show_session(desk.acting, session_id)
    rows = [(one.seq, one.kind, json.dumps(one.body, ensure_ascii=False)[:160]) for one in found.events]
    desk.emit(found, facts(found.session.model_dump()), table("Entries", ("#", "kind", "content"), rows))


@command(group, "replay")
def replay(desk: Desk, session_id: SessionId) -> None:
    """Run a session again from its recording and compare hashes; ends with 1 where they differ."""
    from api.verbs.sessions import replay_session

    from .tables import facts

    report = replay_session(desk.acting, session_id)
    desk.emit(report, facts(report.model_dump()))
    if not report.plan_hash_same:
        raise typer.Exit(1)
