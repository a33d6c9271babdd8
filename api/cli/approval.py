"""`secondorder approval`: four eyes on every plan."""

from typing import TYPE_CHECKING, Annotated

import typer

from .approval_notify import group as notify
from .command import command
from .desk import Desk, decision_from

if TYPE_CHECKING:
    from agent.approval.reading import MarketReading
    from memory.domain.approval import Approval

group = typer.Typer(no_args_is_help=True, help="Four eyes on every plan: nobody decides about what they touched.")
group.add_typer(notify, name="notify")


@command(group, "request")
def request(desk: Desk, plan_id: Annotated[str, typer.Argument(metavar="PLAN")]) -> None:
    """Ask for a plan's approval."""
    from api.verbs.approvals import request as ask

    found = ask(desk.acting, plan_id)
    desk.emit(found, f"Request {found.id} waits for an approver until {found.expires_at:%Y-%m-%d %H:%M} UTC.")


@command(group, "list")
def list_(desk: Desk) -> None:
    """List the open requests."""
    from api.verbs.approvals import waiting

    from .tables import table

    found = waiting(desk.acting)
    rows = [(one.id, one.plan_id[:12], one.requested_by, one.requested_at, one.expires_at) for one in found]
    desk.emit(found, table("Open requests", ("id", "plan", "asked by", "asked at", "valid until"), rows))


@command(group, "show")
def show(desk: Desk, approval_id: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    """Show one request and what became of it."""
    from api.verbs.approvals import show as read

    from .tables import facts

    found = read(desk.acting, approval_id)
    desk.emit(found, facts(found.model_dump()))


@command(group, "standing")
def standing(desk: Desk, approval_id: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    """Show who may decide, whose texts wait to be read, to whom it passes, and who was told."""
    from api.verbs.approvals import readings
    from api.verbs.approvals import standing as read

    from .tables import table

    found, texts = read(desk.acting, approval_id), readings(desk.acting, approval_id)
    rows = [
        (
            one.market,
            one.language,
            one.n_texts,
            f"{one.read.reader}, {one.read.read_at:%Y-%m-%d %H:%M} UTC" if one.read else "-",
        )
        for one in texts
    ]
    told = [(one.kind, one.way, one.status, one.told_at, one.reason) for one in found.notices]
    passed = [(one.deputy, one.approver, one.passed_at) for one in found.passed]
    coming = [(one.deputy, one.approver, one.at) for one in found.coming]
    desk.emit(
        {"standing": found, "readings": texts},
        f"{found.title}: {found.approval.status.replace('_', ' ')}.",
        f"You may decide: {'no' if found.why_not else 'yes'}.",
        table("Texts to be read", ("market", "language", "texts", "read by"), rows),
        table("Passed to", ("deputy", "in place of", "at"), passed + coming),
        table("Told", ("what", "way", "state", "at", "why"), told),
    )


@command(group, "read")
def read_texts(
    desk: Desk,
    approval_id: Annotated[str, typer.Argument(metavar="ID")],
    market: Annotated[str, typer.Argument(metavar="MARKET", help="Such as DE.")],
) -> None:
    """Mark a market's texts as read by you, its reader."""
    from api.verbs.approvals import mark_read

    found = mark_read(desk.acting, approval_id, market.upper())
    desk.emit(found, f"{found.n_texts} texts for {found.market} are read.")


@command(group, "decide")
def decide(
    desk: Desk,
    approval_id: Annotated[str, typer.Argument(metavar="ID")],
    decision: Annotated[str, typer.Argument(help="approve, send_back or reject.")],
    note: Annotated[str, typer.Option(help="What you want to say; needed to send back.")] = "",
    staged: Annotated[bool, typer.Option("--staged", help="Approve a staged release only.")] = False,
) -> None:
    """Decide about a request."""
    from api.verbs.approvals import decide as settle

    found: Approval = settle(desk.acting, approval_id, decision_from(decision), note, is_staged=staged)
    desk.emit(found, f"Plan {found.plan_id[:12]} is {found.status.replace('_', ' ')} by {found.decided_by}.")


def _read_by(one: "MarketReading") -> str:
    return f"{one.read.reader}, {one.read.read_at:%Y-%m-%d %H:%M} UTC" if one.read else "-"
