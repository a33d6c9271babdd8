"""`secondorder session`: what was recorded, its replay with the network shut, and what would have been otherwise."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .command import command
from .desk import Desk, language_from, readable_file

if TYPE_CHECKING:
    from agent.replay.diff import SessionDiff
    from agent.replay.report import ReplayReport
    from agent.sessions.bundle import Bundle

group = typer.Typer(no_args_is_help=True, help="Recorded sessions, and their replay with the network shut.")

SessionId = Annotated[str, typer.Argument(metavar="SESSION")]
Named = Annotated[str, typer.Argument(metavar="SESSION", help="A session's id, or the folder of an exported one.")]
Trust = Annotated[
    list[str] | None, typer.Option("--trust", metavar="FINGERPRINT", help="A signer elsewhere to believe.")
]
Language = Annotated[str, typer.Option("--language", "--lang", help="en or zh.")]
Listed = Annotated[int, typer.Option("--limit", min=0, max=10_000, help="Most decisions that are listed.")]


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
def replay(
    desk: Desk,
    session: Annotated[str, typer.Argument(metavar="SESSION", help="An id, an exported folder, or a folder of them.")],
    changes: Annotated[list[str] | None, typer.Option("--with", metavar="NAME=VALUE", help="Change one thing: "
        "guardrails=FILE, prompt=plan/v1, llm=NAME or planner=playbook.")] = None,
    junit: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the results as JUnit XML.")] = None,
    trust: Trust = None,
    language: Language = "en",
    limit: Listed = 20,
) -> None:  # fmt: skip
    """Run a session again and compare hashes; ends with 1 where they differ. With a change: say what would differ."""
    from agent.sessions.bundle import is_bundle
    from api.verbs.sessions import replay_with, variant_of

    folder = Path(session)
    if changes:
        variant = variant_of(desk.acting, changes, _text)
        found = replay_with(desk.acting, _bundle(desk, session, trust), variant, language_from(language), limit)
        _tell(desk, found, language)
    elif folder.is_dir() and not is_bundle(folder):
        _batch(desk, folder, junit, trust)
    else:
        _one(desk, session, junit, trust)


@command(group, "diff")
def diff(desk: Desk, one: Named, other: Named, trust: Trust = None, language: Language = "en",
         limit: Listed = 20) -> None:  # fmt: skip
    """Say which parts and decisions of two sessions differ, and what differed first."""
    from api.verbs.sessions import diff_sessions

    both = _bundle(desk, one, trust), _bundle(desk, other, trust)
    _tell(desk, diff_sessions(desk.acting, *both, language_from(language), limit), language)


@command(group, "export")
def export(
    desk: Desk, session_id: SessionId, out: Annotated[Path, typer.Option(metavar="DIR", help="A folder to write into.")]
) -> None:
    """Write a session as a signed folder that replays on another machine."""
    from api.verbs.sessions import export_session

    from .tables import facts

    found = export_session(desk.acting, session_id, out)
    desk.emit(found, facts(found.model_dump()))


@command(group, "key")
def key(desk: Desk) -> None:
    """Print the fingerprint that readers of this installation's exports have to trust."""
    from api.verbs.sessions import fingerprint

    found = fingerprint(desk.acting)
    desk.emit({"fingerprint": found}, found)


def _text(name: str) -> str:
    return readable_file(Path(name)).read_text(encoding="utf-8", errors="replace")


def _bundle(desk: Desk, named: str, trust: list[str] | None) -> "Bundle":
    from agent.sessions.bundle import is_bundle
    from api.verbs.sessions import bundle_of, exported

    folder = Path(named)
    if folder.is_dir() and is_bundle(folder):
        return exported(desk.acting, folder, trust or ())
    return bundle_of(desk.acting, named)


def _one(desk: Desk, named: str, junit: Path | None, trust: list[str] | None) -> None:
    from agent.sessions.bundle import is_bundle
    from api.verbs.sessions import replay_export, replay_session

    from .tables import facts

    folder = Path(named)
    is_folder = folder.is_dir() and is_bundle(folder)
    report = replay_export(desk.acting, folder, trust or ()) if is_folder else replay_session(desk.acting, named)
    _write_junit(junit, named, report)
    desk.emit(report, facts(report.model_dump()))
    if not report.holds:
        raise typer.Exit(1)


def _batch(desk: Desk, folder: Path, junit: Path | None, trust: list[str] | None) -> None:
    from agent.replay.batch import junit as junit_xml
    from api.verbs.sessions import replay_folder

    from .tables import table

    found = replay_folder(desk.acting, folder, trust or ())
    if junit is not None:
        junit.write_bytes(junit_xml(found))
    rows = [
        (row.name, row.result, len(row.report.replayed_plan_ids) if row.report else 0,
         row.report.decisions if row.report else "", row.why)
        for row in found.rows
    ]  # fmt: skip
    title = f"{found.n_same} same, {found.n_differs} different, {found.n_refused} refused"
    desk.emit(found, table(title, ("session", "result", "plans", "decisions", "why"), rows))
    if not found.holds:
        raise typer.Exit(1)


def _write_junit(file: Path | None, named: str, report: "ReplayReport") -> None:
    from agent.replay.batch import batch_of, junit, row_of

    if file is not None:
        file.write_bytes(junit(batch_of([row_of(Path(named).name, report)])))


def _tell(desk: Desk, found: "SessionDiff", language: str) -> None:
    from agent.replay.diff_words import diff_lines

    desk.emit(found, f"A: {found.session_a}", f"B: {found.session_b}", *diff_lines(found, language))
