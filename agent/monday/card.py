"""What needs a person this week, most money first."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

from agent.planning.outlook import Outlook, outlook
from memory.domain.base import Count, Frozen, Instant, ShopId
from memory.domain.money import Money
from memory.domain.plan import Plan

if TYPE_CHECKING:
    from memory.store.plans import StoredPlan
    from memory.store.unit_of_work import UnitOfWork

MAX_DECISIONS = 3
LAST_DAY = 90
DecisionKind = Literal["approve", "amend", "release", "settle", "redemptions", "submit", "draft"]
Certainty = Literal["assumed", "measured", "counted"]
RANK: dict[DecisionKind, int] = {
    "settle": 0, "redemptions": 1, "release": 2, "amend": 3, "approve": 4, "submit": 5, "draft": 6,
}  # fmt: skip
"""Which goes first where the same money, or none, is at stake: what is broken before what is new."""


class NeededDecision(Frozen):
    """One thing that waits for a person."""

    kind: DecisionKind
    """What is to be decided."""
    subject: str
    """Which: an approval, a plan; empty where there is only one."""
    title: str = ""
    """What people call it; as somebody wrote it."""
    at_stake: Money | None = None
    """Money that depends on it; none where nobody can say."""
    low: Money | None = None
    """Lower end of its range."""
    high: Money | None = None
    """Upper end."""
    certainty: Certainty = "counted"
    """Whether the money is counted, or forecast from assumed or from measured effects."""
    n: Count = 0
    """How many things it is about, where it is about several."""
    until: Instant | None = None
    """When the chance is over."""
    address: str
    """The page on which one tap decides it, relative to the server."""


class MondayCard(Frozen):
    """The week's card."""

    shop_id: ShopId
    """Whose."""
    at: Instant
    """When it was made."""
    decisions: tuple[NeededDecision, ...]
    """At most three, the most money first; empty where nothing needs anybody."""
    n_more: Count
    """How many more wait behind these."""


def card_of(uow: "UnitOfWork", shop_id: str, now: datetime) -> MondayCard:
    """Make the card from what the store holds; no facts are read, so that it costs nothing at any size."""
    plans = {one.plan.id: one for one in uow.plans.all(shop_id)}
    found = [
        *_approvals(uow, shop_id, plans),
        *_amendments(uow, shop_id),
        *_releases(uow, shop_id, plans),
        *_unknown(uow, shop_id),
        *_redemptions(uow, shop_id, plans),
    ]
    if not found:
        found += _next_plan(tuple(plans.values()), now)
    found.sort(key=lambda one: (-(abs(one.at_stake.amount_minor) if one.at_stake else 0), RANK[one.kind]))
    return MondayCard(
        shop_id=shop_id, at=now, decisions=tuple(found[:MAX_DECISIONS]), n_more=max(0, len(found) - MAX_DECISIONS)
    )


def _approvals(uow: "UnitOfWork", shop_id: str, plans: "dict[str, StoredPlan]") -> list[NeededDecision]:
    return [
        _about(plans[one.plan_id].plan, "approve", one.id, f"/ui/approvals/{one.id}").model_copy(
            update={"until": one.expires_at}
        )
        for one in uow.approvals.waiting(shop_id)
        if one.plan_id in plans
    ]


def _amendments(uow: "UnitOfWork", shop_id: str) -> list[NeededDecision]:
    waiting = [one for one in uow.amendments.all(shop_id) if one.status == "waiting"]
    return [NeededDecision(kind="amend", subject=one.id, address="/ui/runs") for one in waiting]


def _releases(uow: "UnitOfWork", shop_id: str, plans: "dict[str, StoredPlan]") -> list[NeededDecision]:
    return [
        _about(plans[one.plan_id].plan, "release", one.plan_id, "/ui/runs")
        for one in uow.releases.all(shop_id)
        if one.status in ("asking", "stopped") and one.plan_id in plans and plans[one.plan_id].status == "live"
    ]


def _unknown(uow: "UnitOfWork", shop_id: str) -> list[NeededDecision]:
    n = len(uow.outbox.unknown(shop_id))
    return [NeededDecision(kind="settle", subject="", n=n, address="/ui/runs?part=sends")] if n else []


def _redemptions(uow: "UnitOfWork", shop_id: str, plans: "dict[str, StoredPlan]") -> list[NeededDecision]:
    """Give one per plan whose codes are redeemed as they should not be, with what those orders cost above it."""
    found: dict[str, list[Money]] = {}
    for alarm in uow.code_alarms.all(shop_id, open_only=True):
        if alarm.plan_id in plans:
            found.setdefault(alarm.plan_id, []).append(alarm.at_stake)
    return [
        NeededDecision(
            kind="redemptions", subject=plan_id, title=plans[plan_id].plan.title, n=len(sums),
            at_stake=max(sums, key=lambda one: one.amount_minor), address=f"/ui/plans/{plan_id}?part=offers",
        )
        for plan_id, sums in sorted(found.items())
    ]  # fmt: skip


def _next_plan(plans: "tuple[StoredPlan, ...]", now: datetime) -> list[NeededDecision]:
    """Where no plan is under way: hand in the newest draft, or draft one. A live plan past its last day is over."""
    if any(
        one.status in ("approved", "waiting") or (one.status == "live" and not _is_over(one.plan, now)) for one in plans
    ):
        return []
    drafts = [one for one in plans if one.status == "draft"]
    if drafts:
        plan = drafts[0].plan
        return [_about(plan, "submit", plan.id, f"/ui/plans/{plan.id}")]
    return [NeededDecision(kind="draft", subject="", address="/ui/chat")]


def _is_over(plan: Plan, now: datetime) -> bool:
    return now.astimezone(ZoneInfo(plan.zone)).date() > plan.anchor_on + timedelta(days=LAST_DAY)


def _about(plan: Plan, kind: DecisionKind, subject: str, address: str) -> NeededDecision:
    """Name what a plan is expected to bring, its cost taken off, with the range of that."""
    seen = outlook(plan)
    return NeededDecision(
        kind=kind, subject=subject, title=plan.title, address=address,
        certainty=seen.basis, **_net(seen),
    )  # fmt: skip


def _net(seen: Outlook) -> dict[str, Money | None]:
    margin, cost = seen.added_margin, seen.expected_cost
    if margin is None:
        return {}
    return {
        name: Money(amount_minor=value.amount_minor - cost.amount_minor, currency=cost.currency)
        for name, value in (("at_stake", margin.expected), ("low", margin.low), ("high", margin.high))
    }
