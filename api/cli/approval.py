"""`secondorder approval`: four eyes on every plan."""

from typing import TYPE_CHECKING, Annotated

import typer

from .command import command
from .desk import Desk, decision_from

if TYPE_CHECKING:
    from memory.domain.approval import Approval

group = typer.Typer(no_args_is_help=True, help="Four eyes on every plan: nobody decides about what they touched.")


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


@command(group, "decide")
def decide(
    desk: Desk,
    approval_id: Annotated[str, typer.Argument(metavar="ID")],
    decision: Annotated[str, typer.Argument(help="approve, send_back or reject.")],
    note: Annotated[str, typer.Option(help="What you want to say.")] = "",
) -> None:
    """Decide about a request."""
    from api.verbs.approvals import decide as settle

    found: Approval = settle(desk.acting, approval_id, decision_from(decision), note)
    desk.emit(found, f"Plan {found.plan_id[:12]} is {found.status.replace('_', ' ')} by {found.decided_by}.")
