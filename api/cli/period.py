"""`secondorder period`: what a plan may do while its approver is away, and what came of it."""

from typing import Annotated

import typer

from .command import command
from .desk import Desk, day_from

group = typer.Typer(no_args_is_help=True, help="What a plan may do while its approver is away.")
Period = Annotated[str, typer.Argument(metavar="PERIOD", help="The period.")]


@command(group, "grant")
def grant(
    desk: Desk,
    plan_id: Annotated[str, typer.Argument(metavar="PLAN")],
    name: Annotated[str, typer.Option(help="What people call it.")],
    from_on: Annotated[str, typer.Option("--from", metavar="YYYY-MM-DD", help="Its first day.")],
    until_on: Annotated[str, typer.Option("--until", metavar="YYYY-MM-DD", help="Its last day.")],
    max_reach: Annotated[int, typer.Option(min=1, help="Most people the plan may write to in it.")],
    max_cost: Annotated[str, typer.Option(help="Most it may spend in it, such as 500.00, in the shop's currency.")],
    deputy: Annotated[str, typer.Option(metavar="PRINCIPAL", help="Who may decide about its requests.")],
) -> None:
    """Approve in advance what a plan may do in a period; never wider than the guardrails."""
    from api.verbs import periods
    from memory.domain.money import Money
    from memory.domain.pre_approval import PeriodLimits

    cost = Money.parse(max_cost, desk.acting.shop().currency)
    limits = PeriodLimits(max_reach=max_reach, max_cost=cost)
    days = {"from_on": day_from(from_on), "until_on": day_from(until_on)}
    wish = periods.wish_of({"plan_id": plan_id, "name": name, **days, "limits": limits, "deputy": deputy})
    found = periods.grant(desk.acting, wish)
    desk.emit(found, f"{found.id}: {found.name}, {found.deputy} decides in place of {found.granted_by}.")


@command(group, "list")
def list_(desk: Desk) -> None:
    """List the pre-approved periods, the latest first."""
    from api.verbs import periods

    from .tables import table

    found = periods.periods(desk.acting)
    rows = [
        (one.id, one.name, one.plan_id[:12], one.starts_at, one.ends_at, one.granted_by, one.deputy, one.revoked_at)
        for one in found
    ]
    heads = ("id", "name", "plan", "from", "until", "approver", "deputy", "revoked")
    desk.emit(found, table("Pre-approved periods", heads, rows))


@command(group, "digest")
def digest(desk: Desk, period: Period) -> None:
    """Show everything that a period's plan sent or stopped in it."""
    from api.verbs import periods

    from .tables import table

    found = periods.digest(desk.acting, period)
    rows = [(one.step_id, one.channel, one.state, one.reason, one.n) for one in found.lines]
    rows += [(deed.action, "", f"by {deed.by}", deed.in_place_of, 1) for deed in found.deeds]
    desk.emit(found, table(found.period.name, ("step or deed", "channel", "state", "why", "n"), rows))


@command(group, "revoke")
def revoke(desk: Desk, period: Period) -> None:
    """End a period now: its limits and its deputy's right end with it."""
    from api.verbs import periods

    found = periods.revoke(desk.acting, period)
    desk.emit(found, f"{found.name} ended.")
