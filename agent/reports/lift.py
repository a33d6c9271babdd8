"""The lift report: what a live plan changed, against people who were randomly withheld."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

import pyarrow as pa

from memory.domain.looks import LookPlan
from memory.domain.market import Shop
from memory.domain.money import exponent
from memory.domain.plan import Plan
from memory.lake.lake import Lake
from memory.lake.view import LakeView
from memory.store.engine import Store
from memory.store.unit_of_work import UnitOfWork
from tools.experiments import lift
from tools.facts import open_facts
from tools.metrics.referral import referral_rate
from tools.outcomes.people import assigned, bought
from tools.outcomes.reading import Outcomes, outcomes
from tools.outcomes.window import ArmKey, Ask, OutcomeWindow, outcome_window
from tools.risk import leaving

from .lift_diagnostics import diagnostics
from .lift_leaks import leaks_of, reached
from .lift_model import Diagnostics, Leaks, PartLift, PlanLift
from .lift_parts import PartFacts, Parts, parts_of, read_parts
from .lift_readings import Clock, added_orders_of, clock_of, clv_rows, goal_of, read_lift, referral_goal
from .plan_costs import MESSAGE_COLUMNS, Spent, costs_of, spent_of
from .ran import left_messages, line_of, plan_that_ran

__all__ = ["Diagnostics", "PlanLift", "lift_report"]
HORIZONS = (30, 60, 90, 180, 365)
"""Days to which CLV is read."""


class Stored(NamedTuple):
    """What the store knows of the plan."""

    plan: Plan
    """Its content."""
    shop: Shop
    """Its shop."""
    live_at: datetime
    """When people got their arms."""
    looks: LookPlan | None
    """The planned looks."""
    messages: pa.Table
    """Messages of the plan and those it took over from that left or may have, with their steps."""
    reached: pa.Table
    """Who got any message from the start to the end of the window."""
    ledger_minor: int
    """What the ledger holds as spent."""
    told: Diagnostics
    """What the store knows of messages and of people who left."""
    parts: Parts = Parts()
    """Journeys and steps that are withheld from treated people, with the arms there."""
    granted: pa.Table | None = None
    """Codes that the plan, and those it took over from, gave to people."""

    @property
    def window(self) -> OutcomeWindow:
        """When further orders count."""
        return outcome_window(self.plan, self.live_at)


def lift_report(store: Store, lake: Lake, shop_id: str, plan_id: str, as_of: datetime) -> PlanLift:
    """Compare the arms of a plan that went live; raise `NotReady` where it never did.

    Everyone frozen at go-live counts in the assigned arm, messaged or not.
    """
    with store.read() as uow:
        stored = _stored(uow, shop_id, plan_id, as_of)
    with open_facts(store, lake, [shop_id]) as view:
        return read_plan(view, stored, as_of)


def read_plan(view: LakeView, stored: Stored, as_of: datetime) -> PlanLift:
    """Give the report from opened facts and what the store knows."""
    plan, window = stored.plan, stored.window
    members = view.raw("cohort_members")
    members = members.filter(members.plan_id == plan.id)
    people = view.once("assigned", lambda: assigned(view, members))
    spent = spent_of(view, stored.shop, plan, people, stored.messages, window, as_of, stored.granted)
    ask = Ask(window, as_of, stored.live_at, plan.offers, spent.table, stored.granted, HORIZONS)
    found = outcomes(view, stored.shop, members, ask)
    told = diagnostics(view, stored.shop, people, window, as_of, stored.told)
    leaks = leaks_of(view, people, stored.reached, found, window, as_of)
    clock = clock_of(plan, window, as_of, stored.looks)
    orders = view.once("bought", lambda: bought(view, stored.shop, people, ask))
    facts = PartFacts(people, orders, spent.table)
    parts = read_parts(view, plan, (stored.parts, stored.messages), facts, clock)
    report = _report(stored, found, spent, clock, told, leaks, parts)
    if plan.goal.metric != "referral_rate":
        return report
    seen = referral_rate(view, stored.shop, window.starts_at, min(window.ends_at, as_of))
    return report.model_copy(update={"goal": referral_goal(plan, seen, clock)})


def _stored(uow: UnitOfWork, shop_id: str, plan_id: str, as_of: datetime) -> Stored:
    plan, live = plan_that_ran(uow, shop_id, plan_id)
    ids = line_of(uow, shop_id, plan_id)
    left = [row for each in ids for row in uow.leavers.rows(shop_id, each)]
    states: dict[str, int] = {}
    for each in ids:
        for (state, _), n in sorted(uow.outbox.counts(shop_id, each).items()):
            states[state] = states.get(state, 0) + n
    return Stored(
        plan=plan,
        shop=uow.shops.get(shop_id),
        live_at=live.live_at,
        looks=uow.looks.get(plan_id),
        messages=left_messages(uow, shop_id, ids, (*MESSAGE_COLUMNS, "step_id", "state")),
        reached=reached(uow, shop_id, ids, live.live_at, outcome_window(plan, live.live_at), as_of),
        ledger_minor=sum(uow.outbox.spent_millis(each) for each in ids) // 1000,
        told=Diagnostics(
            messages=states,
            leaving_by_step=leaving(left, "step_id"),
            leaving_by_content=leaving(left, "message_kind"),
            leaving_by_cohort=leaving(left, "cohort"),
            leaving_reasons=_reasons(uow, shop_id, ids),
        ),
        parts=parts_of(uow, plan),
        granted=uow.codes.table(shop_id, ids),
    )


def _reasons(uow: UnitOfWork, shop_id: str, plan_ids: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for each in plan_ids:
        for reason, n in uow.leavers.reasons(shop_id, each).items():
            found[reason] = found.get(reason, 0) + n
    return dict(sorted(found.items()))


def _report(
    stored: Stored,
    found: Outcomes,
    spent: Spent,
    clock: Clock,
    told: Diagnostics,
    leaks: Leaks,
    parts: tuple[PartLift, ...],
) -> PlanLift:
    plan, rate = stored.plan, stored.plan.holdout.rate
    treated, control = found.sums[ArmKey("", "treated")], found.sums[ArmKey("", "control")]
    read = read_lift(lift(treated, control, control_rate=rate), found, spent, clock)
    return PlanLift(
        **dict(read.figures),
        plan_id=plan.id,
        title=plan.title,
        currency=stored.shop.currency,
        within_days=plan.goal.within_days,
        starts_at=clock.window.starts_at,
        ends_at=clock.window.ends_at,
        as_of=clock.as_of,
        is_final=clock.is_final,
        diagnostics=told,
        reserved_minor=stored.ledger_minor,
        net_margin_minor=read.net_margin_minor,
        costs=costs_of(plan, spent, found.used),
        reading=read.reading,
        adjusted=read.adjusted,
        cohort_effects=read.cohort_effects,
        added_orders=added_orders_of(found, clock),
        clv=clv_rows(found, clock, HORIZONS),
        leaks=leaks,
        days=read.days,
        parts=parts,
        goal=goal_of(plan, found, clock, 10 ** exponent(stored.shop.currency)),
    )
