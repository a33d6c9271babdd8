"""Autonomy: grant, list, revoke, and the report of what it spared."""

from memory.domain.autonomy import AutonomyAction, AutonomyGrant, AutonomyLevel, Thresholds
from memory.domain.autonomy_report import AutonomyReport, SparedDecision
from memory.domain.base import Instant
from memory.domain.errors import InvalidInput
from memory.domain.money import Money
from memory.domain.run import Run

from .acting import Acting


def grant(
    acting: Acting,
    action: AutonomyAction,
    level: AutonomyLevel,
    expires_at: Instant,
    thresholds: Thresholds | None = None,
    note: str = "",
) -> AutonomyGrant:
    """Grant a level in the principal's name; agents are refused whatever their role, and the attempt is logged."""
    from agent.runs import grant_autonomy

    app = acting.app
    return grant_autonomy(
        app.store, app.clock, acting.principal, acting.shop_id, action, level, expires_at, thresholds, note
    )


def thresholds_from(reach: int | None, cost: str, loss: str) -> Thresholds | None:
    """Read thresholds from what a person typed; none where nothing is given. Raises `InvalidInput`."""
    if reach is None and not cost and not loss:
        return None
    if reach is None or not cost or not loss:
        raise InvalidInput(
            what="the thresholds", why="one is missing", remedy="Give --max-reach, --max-cost and --max-loss together"
        )
    return Thresholds(max_reach=reach, max_cost=_money(cost), max_worst_loss=_money(loss))


def list_grants(acting: Acting) -> tuple[AutonomyGrant, ...]:
    """List every grant the shop ever had, newest first."""
    acting.require("read")
    with acting.app.store.read() as uow:
        return uow.autonomy.all(acting.shop_id)


def revoke(acting: Acting, grant_id: str) -> AutonomyGrant:
    """Take a grant back."""
    from agent.runs import revoke_autonomy

    return revoke_autonomy(acting.app.store, acting.app.clock, acting.principal, acting.shop_id, grant_id)


def report(acting: Acting) -> AutonomyReport:
    """Say which share of decisions the agent took and list those people were spared (S2-51)."""
    acting.require("read")
    with acting.app.store.read() as uow:
        runs = [run for run in uow.runs.all(acting.shop_id, limit=100_000) if run.kind == "plan"]
        sent = {run.plan_id: uow.sent_counts.ended(run.plan_id).get("sent", 0) for run in runs if run.decided_by}
        grants = {one.id: one for one in uow.autonomy.all(acting.shop_id)}
    by_agent = [run for run in runs if run.decided_by == "agent"]
    by_people = [run for run in runs if run.decided_by == "human" or run.reason in ("rejected", "sent_back")]
    n_decided = len(by_agent) + len(by_people)
    return AutonomyReport(
        n_by_agent=len(by_agent),
        n_by_people=len(by_people),
        n_waiting=sum(run.status == "waiting" for run in runs),
        agent_rate=len(by_agent) / n_decided if n_decided else None,
        n_messages_by_agent=sum(sent.get(run.plan_id, 0) for run in by_agent),
        n_messages_by_people=sum(sent.get(run.plan_id, 0) for run in by_people),
        spared=tuple(_spared(run, grants[run.grant_id]) for run in by_agent),
    )


def _spared(run: Run, given: AutonomyGrant) -> SparedDecision:
    return SparedDecision(
        run_id=run.id,
        plan_id=run.plan_id,
        grant_id=given.id,
        granted_by=given.granted_by,
        level=given.level,
        at=run.ended_at or run.started_at,
    )


def _money(text: str) -> Money:
    amount, _, currency = text.strip().rpartition(" ")
    try:
        return Money.parse(amount.replace(",", ""), currency)
    except ValueError as error:
        raise InvalidInput(what=text, why=str(error).splitlines()[0], remedy="Write a sum as 200 EUR") from None
