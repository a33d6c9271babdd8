"""The lift report: what a live plan changed, against people who were randomly withheld."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from memory.domain.base import Count, Frozen, Instant, MinorUnits
from memory.domain.errors import NotReady
from memory.domain.experiment import ArmSums, LiftReport
from memory.domain.market import Shop
from memory.domain.money import Currency
from memory.domain.plan import Plan
from memory.lake.lake import Lake
from memory.lake.view import LakeView
from memory.store.batches import LivePlan
from memory.store.engine import Store
from tools.experiments import lift
from tools.facts import open_facts
from tools.outcomes import ArmKey, OutcomeWindow, arm_sums
from tools.risk import Leaving, leaving


class Diagnostics(Frozen):
    """What the channels say. It decides nothing: opens and clicks are not what a plan is for."""

    messages: dict[str, Count]
    """Messages per state."""
    n_opens: Count = 0
    """Opens by people."""
    n_machine_opens: Count = 0
    """Opens by software, which mean nothing."""
    n_clicks: Count = 0
    """Clicks by people."""
    n_machine_clicks: Count = 0
    """Clicks by software."""
    leaving_by_step: tuple[Leaving, ...] = ()
    """Unsubscribes through a step's messages, worst first (S2-65)."""
    leaving_by_content: tuple[Leaving, ...] = ()
    """The same per message kind; what lies above the prior lowers the kind's value in later choices."""
    leaving_by_cohort: tuple[Leaving, ...] = ()
    """The same per cohort."""
    leaving_reasons: dict[str, Count] = {}
    """What people gave as the reason, where they gave one."""


class CohortLift(Frozen):
    """The lift of one cohort; its interval is wide, and four cohorts are four chances to be wrong."""

    cohort: str
    """Which."""
    lift: LiftReport
    """What changed in it."""


class PlanLift(LiftReport):
    """The lift of a plan with the time it covers."""

    plan_id: str
    """The plan."""
    title: str
    """What people call it."""
    currency: Currency
    """The shop's currency, of all sums."""
    within_days: Count
    """Days of the goal's window, from day 0."""
    starts_at: Instant
    """From when further orders count: day 0, or the instant the plan went live where that was later."""
    ends_at: Instant
    """Until when they count."""
    as_of: Instant
    """The instant the facts are read at."""
    is_final: bool
    """Whether the window has ended; before that the figures still move, and looking often finds chance."""
    cohorts: tuple[CohortLift, ...]
    """Per cohort."""
    diagnostics: Diagnostics
    """What the channels say."""
    reserved_minor: MinorUnits
    """What the ledger holds as spent: sends paid and incentives expected to be redeemed."""


def lift_report(store: Store, lake: Lake, shop_id: str, plan_id: str, as_of: datetime) -> PlanLift:
    """Compare the arms of a plan that went live; raise `NotReady` where it never did.

    Everyone frozen at go-live counts in the assigned arm, messaged or not.
    """
    with store.read() as uow:
        plan, live = uow.plans.get(plan_id).plan, uow.batches.live(plan_id)
        shop = uow.shops.get(shop_id)
        counts = uow.outbox.counts(shop_id, plan_id)
        cost_minor = uow.outbox.spent_millis(plan_id) // 1000
        left, reasons = uow.leavers.rows(shop_id, plan_id), uow.leavers.reasons(shop_id, plan_id)
    if live is None or plan.shop_id != shop_id:
        raise NotReady(what=f"plan {plan_id[:12]}", why="it never went live", remedy="Approve it and let it go live")
    window = outcome_window(plan, live)
    with open_facts(store, lake, [shop_id]) as view:
        members = view.raw("cohort_members")
        sums = arm_sums(view, shop, members.filter(members.plan_id == plan_id), window, as_of)
        diagnostics = _diagnostics(view, window, as_of, counts).model_copy(
            update={
                "leaving_by_step": leaving(left, "step_id"),
                "leaving_by_content": leaving(left, "message_kind"),
                "leaving_by_cohort": leaving(left, "cohort"),
                "leaving_reasons": reasons,
            }
        )
    return _report(plan, shop, sums, window, as_of, cost_minor, diagnostics)


def outcome_window(plan: Plan, live: LivePlan) -> OutcomeWindow:
    """Give when further orders count: from day 0, or from going live where that was later, to the goal's last day."""
    starts = datetime.combine(plan.anchor_on, time(), ZoneInfo(plan.zone))
    ends = datetime.combine(plan.anchor_on + timedelta(days=plan.goal.within_days), time(), ZoneInfo(plan.zone))
    return OutcomeWindow(starts_at=max(starts, live.live_at), ends_at=ends)


def _report(
    plan: Plan,
    shop: Shop,
    sums: dict[ArmKey, ArmSums],
    window: OutcomeWindow,
    as_of: datetime,
    cost_minor: int,
    diagnostics: Diagnostics,
) -> PlanLift:
    treated = sums[ArmKey("", "treated")].model_copy(update={"cost_minor": cost_minor})
    overall = lift(treated, sums[ArmKey("", "control")], control_rate=plan.holdout.rate)
    return PlanLift(
        **dict(overall),
        plan_id=plan.id,
        title=plan.title,
        currency=shop.currency,
        within_days=plan.goal.within_days,
        starts_at=window.starts_at,
        ends_at=window.ends_at,
        as_of=as_of,
        is_final=as_of >= window.ends_at,
        cohorts=tuple(
            CohortLift(cohort=cohort.id, lift=lift(*pair, control_rate=plan.holdout.rate))
            for cohort in plan.cohorts
            if (pair := _pair(sums, cohort.id)) is not None
        ),
        diagnostics=diagnostics,
        reserved_minor=cost_minor,
    )


def _pair(sums: dict[ArmKey, ArmSums], cohort: str) -> tuple[ArmSums, ArmSums] | None:
    treated, control = sums.get(ArmKey(cohort, "treated")), sums.get(ArmKey(cohort, "control"))
    return (treated, control) if treated and control else None


def _diagnostics(
    view: LakeView, window: OutcomeWindow, as_of: datetime, counts: dict[tuple[str, str], int]
) -> Diagnostics:
    events = view.table("events")
    seen = events.filter(events.kind.isin(["mail_open", "mail_click"]), events.message_id.notnull())
    seen = seen.filter(seen.event_at >= window.starts_at, seen.event_at < min(window.ends_at, as_of))
    rows = seen.group_by("kind", "is_machine").aggregate(n=seen.count()).to_pyarrow().to_pylist()
    n = {(row["kind"], row["is_machine"]): row["n"] for row in rows}
    messages: dict[str, int] = {}
    for (state, _), count in sorted(counts.items()):
        messages[state] = messages.get(state, 0) + count
    return Diagnostics(
        messages=messages,
        n_opens=n.get(("mail_open", False), 0),
        n_machine_opens=n.get(("mail_open", True), 0),
        n_clicks=n.get(("mail_click", False), 0),
        n_machine_clicks=n.get(("mail_click", True), 0),
    )
