"""`secondorder stop`, `go`, `release`, `shadow` and `amend`: control of what runs."""

from typing import TYPE_CHECKING, Annotated

import typer

from .command import command
from .desk import Desk

if TYPE_CHECKING:
    from memory.domain.amendment import Amendment

release = typer.Typer(no_args_is_help=True, help="Staged releases: 1 %, 10 %, all.")
shadow = typer.Typer(no_args_is_help=True, help="Plans that decide beside the present sender and send nothing.")

PlanId = Annotated[str, typer.Argument(metavar="PLAN", help="The plan's id, or its first 8 digits or more.")]
Reason = Annotated[str, typer.Option(help="Why, in your words.")]
Everywhere = Annotated[bool, typer.Option("--everywhere", help="In every shop of the organisation; admins only.")]


def register(app: typer.Typer) -> None:
    """Add the commands that stand alone."""
    for name, function in (("stop", stop), ("go", go), ("switch", switch), ("amend", amend)):
        command(app, name)(function)


def stop(desk: Desk, reason: Reason = "", everywhere: Everywhere = False) -> None:
    """Kill switch: stop every hand-off at once; what is planned waits."""
    from api.verbs.control import switch as turn

    made = turn(desk.acting, is_stopped=True, is_everywhere=everywhere, reason=reason)
    desk.emit(made, f"Stopped: {'every shop' if everywhere else desk.shop_id}. Let it go on with `secondorder go`.")


def go(desk: Desk, reason: Reason = "", everywhere: Everywhere = False) -> None:
    """Let hand-offs go on after a stop; nothing was skipped or doubled by it."""
    from api.verbs.control import switch as turn

    made = turn(desk.acting, is_stopped=False, is_everywhere=everywhere, reason=reason)
    desk.emit(made, f"On: {'every shop' if everywhere else desk.shop_id}.")


def switch(desk: Desk) -> None:
    """Show the kill switches that bind the shop."""
    from api.verbs.control import switches

    from .tables import table

    found = switches(desk.acting)
    rows = [(one.scope, "stopped" if one.is_stopped else "on", one.set_by, one.set_at, one.reason) for one in found]
    desk.emit(found, table("Kill switches", ("scope", "state", "by", "at", "reason"), rows))


def amend(
    desk: Desk, plan_id: PlanId, new: Annotated[str, typer.Argument(metavar="NEW", help="The draft it is to become.")]
) -> None:
    """Ask for a live plan to become another; shows who is on the way and what was promised."""
    from api.verbs.control import amend as ask

    found = ask(desk.acting, plan_id, new)
    desk.emit(found, *_amended(found))


@command(release, "list")
def list_(desk: Desk) -> None:
    """List staged releases."""
    from api.verbs.control import releases

    from .tables import table

    found = releases(desk.acting)
    rows = [(one.plan_id[:12], f"{one.share_rate:.0%}", one.status, one.advance_at, one.reason) for one in found]
    desk.emit(found, table("Releases", ("plan", "reaches", "status", "more at", "reason"), rows))


@command(release, "advance")
def advance(desk: Desk, plan_id: PlanId) -> None:
    """Let a release whose wait is over reach more people."""
    from api.verbs.control import advance_release

    found = advance_release(desk.acting, plan_id)
    desk.emit(found, f"Plan {found.plan_id[:12]} reaches {found.share_rate:.0%} of its treated people.")


@command(release, "resume")
def resume(desk: Desk, plan_id: PlanId) -> None:
    """Let a release that harm stopped go on."""
    from api.verbs.control import resume_release

    found = resume_release(desk.acting, plan_id)
    desk.emit(found, f"The release of plan {found.plan_id[:12]} goes on at {found.share_rate:.0%}.")


@command(shadow, "start")
def start(desk: Desk, plan_id: PlanId) -> None:
    """Let a plan decide without sending; going live later needs an approval as always."""
    from api.verbs.control import start_shadow

    gone = start_shadow(desk.acting, plan_id)
    desk.emit(gone, f"Plan {gone.plan_id[:12]} decides in the shadow for {gone.n_treated:,} people.")


@command(shadow, "report")
def report(desk: Desk, plan_id: PlanId) -> None:
    """Say what a plan in the shadow would have sent and skipped, and why."""
    from api.verbs.control import shadow_report

    from .tables import facts, table

    found = shadow_report(desk.acting, plan_id)
    shown = {"would have sent": found.n_would_have_sent, "waiting": found.n_waiting, "since": found.since}
    rows = [("would have sent", step, n) for step, n in found.by_step.items()]
    rows += [("skipped", reason, n) for reason, n in found.skipped.items()]
    rows += [("not chosen", reason, n) for reason, n in found.not_chosen.items()]
    samples = [f"[bold]{one.subject or one.step_id}[/bold] ({one.channel}, {one.language})" for one in found.samples]
    desk.emit(found, facts(shown), table("Why", ("what", "step or reason", "messages"), rows), *samples)


def _amended(found: "Amendment"):  # type: ignore[no-untyped-def]
    from .tables import facts, table

    yield facts({"amendment": found.id, "people on the way": found.n_midway, "status": found.status})
    rows = [(one.step_id, one.change, one.n_sent, one.n_planned) for one in found.steps]
    yield table("Steps", ("step", "change", "had it", "wait"), rows)
    promised = [(one.offer_id, one.n_people, "kept" if one.is_kept else "broken") for one in found.offers]
    yield table("Promised", ("offer", "people", "is"), promised)
