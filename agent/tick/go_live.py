"""Going live: people are frozen into cohorts and arms, once, and the plan starts to run."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from agent.dispatch.second import Second
from memory.domain.approval import ApprovedPlan
from memory.domain.base import Count, Frozen
from memory.domain.clock import Clock
from memory.domain.errors import NotReady
from memory.domain.facts import COHORT_MEMBERS_SCHEMA
from memory.domain.looks import LookPlan, default_days
from memory.domain.outcome import Denied
from memory.domain.plan import Plan
from memory.domain.standing import WITHHELD
from memory.lake.lake import Lake
from memory.store.batches import LivePlan
from memory.store.engine import Store
from memory.store.unit_of_work import UnitOfWork
from tools.cohorts import assign_cohorts
from tools.experiments import assign
from tools.markets import load_markets
from tools.outcomes.window import outcome_window

from .figures import refresh_figures
from .parts import draw_parts
from .release import open_release
from .standing import standing_arms


class GoneLive(Frozen):
    """What going live froze."""

    plan_id: str
    """The plan."""
    n_treated: Count
    """People who may be messaged."""
    n_control: Count
    """People who are withheld."""
    data_version: int
    """The data version that holds the frozen people."""


def go_live(
    store: Store, lake: Lake, clock: Clock, key: bytes, approved: ApprovedPlan, *, is_staged: bool = False
) -> GoneLive:
    """Freeze the cohorts of an approved plan, assign arms and set it live.

    Raise `NotReady` where it runs already, or where the second checker denies it. `is_staged` reaches few treated
    people first, and so does an approval that was given for a staged release only. A plan that ran in the shadow keeps
    the people it froze then; what it would have sent is not sent.
    """
    plan, now = approved.plan, clock.now()
    with store.read() as uow:
        is_shadow, shop = uow.amendments.shadow_since(plan.id) is not None, uow.shops.get(plan.shop_id)

    def begun(uow: UnitOfWork) -> None:
        uow.plans.set_status(plan.id, "live")
        if is_staged or approved.approval.is_staged:
            open_release(uow, key, plan, now)

    if not is_shadow:
        return freeze(store, lake, clock, key, plan, begun)
    with store.read() as uow:
        facts = uow.versions.latest()
    with lake.open(facts.tables, [plan.shop_id]) as view:
        refresh_figures(store, shop, now, facts.number, view)
    with store.unit_of_work() as uow:
        _refuse_denied(Second(key, load_markets(), shop), uow, plan)
        uow.amendments.end_shadow(plan.id, now)
        begun(uow)
        arms = uow.assignments.arms(plan.shop_id, plan.holdout.experiment_id)
        number = uow.versions.latest().number
    n_treated, n_control = (pc.sum(pc.equal(arms["arm"], arm)).as_py() or 0 for arm in ("treated", "control"))
    return GoneLive(plan_id=plan.id, n_treated=n_treated, n_control=n_control, data_version=number)


def freeze(
    store: Store, lake: Lake, clock: Clock, key: bytes, plan: Plan, begun: Callable[[UnitOfWork], None]
) -> GoneLive:
    """Freeze people and arms of a plan that starts to run, and do what `begun` does in the same transaction.

    Whoever has an arm in the experiment of the plan or of a part keeps it. The lake is written inside the transaction
    that names it.
    """
    now = clock.now()
    with store.read() as uow:
        shop, facts = uow.shops.get(plan.shop_id), uow.versions.latest()
    with lake.open(facts.tables, [plan.shop_id]) as view:
        refresh_figures(store, shop, now, facts.number, view)
        people = assign_cohorts(view, shop, plan.peak_from, plan.peak_until, now).to_pyarrow()
    people = people.sort_by("person_id")
    arms = assign(key, plan.holdout.experiment_id, people, plan.holdout.rate)
    with store.unit_of_work() as uow:
        _refuse_twice(uow, plan)
        _refuse_denied(Second(key, load_markets(), shop), uow, plan)
        withheld = standing_arms(uow, key, plan.shop_id, people, now.astimezone(ZoneInfo(plan.zone)).date())
        place = arms.column_names.index("arm")
        arms = arms.set_column(place, "arm", pc.if_else(withheld, WITHHELD, arms["arm"]))
        uow.assignments.put(plan.shop_id, plan.holdout.experiment_id, arms)
        members = _members(plan, people, uow.assignments.arms(plan.shop_id, plan.holdout.experiment_id), now)
        uow.versions.lock()
        draw_parts(uow, key, plan, members)
        before = uow.versions.latest().tables.get("cohort_members")
        version = lake.append("cohort_members", members, after=before)
        uow.budget_ledger.open(plan.id, plan.shop_id, plan.budget.total)
        uow.batches.go_live(LivePlan(plan_id=plan.id, shop_id=plan.shop_id, live_at=now, n_people=members.num_rows))
        uow.looks.add(planned_looks(plan, now))
        begun(uow)
        number = uow.versions.add({"cohort_members": version}, f"plan {plan.id[:12]} goes live", now).number
    n_control = pc.sum(pc.equal(members["arm"], "control")).as_py() or 0
    return GoneLive(plan_id=plan.id, n_treated=members.num_rows - n_control, n_control=n_control, data_version=number)


def planned_looks(plan: Plan, live_at: datetime) -> LookPlan:
    """Give on which days the plan's experiment is read (`default_days`)."""
    n_days = outcome_window(plan, live_at).n_days
    return LookPlan(plan_id=plan.id, shop_id=plan.shop_id, days=default_days(n_days))


def _refuse_twice(uow: UnitOfWork, plan: Plan) -> None:
    if uow.batches.live(plan.id) is not None:
        raise NotReady(
            what=f"plan {plan.id[:12]}", why="it is live already", remedy="Look at it with `secondorder plan show`"
        )


def _refuse_denied(second: Second, uow: UnitOfWork, plan: Plan) -> None:
    verdict = second.judge(second.plan_now(uow, plan.id))
    if isinstance(verdict, Denied):
        raise NotReady(
            what=f"plan {plan.id[:12]}",
            why=f"the second checker denies it: {'; '.join(reason.message for reason in verdict.reasons)}",
            remedy="Draft it again against the guardrails and facts of now",
        )


def _members(plan: Plan, people: pa.Table, arms: pa.Table, now: object) -> pa.Table:
    """Give people with the arm that is stored, those left out whom a standing holdout withholds."""
    place = pc.index_in(people["person_id"], value_set=arms["person_id"])
    n = people.num_rows
    columns = {
        "plan_id": pa.repeat(plan.id, n),
        "shop_id": pa.repeat(plan.shop_id, n),
        "person_id": people["person_id"],
        "cohort": people["cohort"],
        "arm": arms["arm"].take(place),
        "market": people["market"],
        "language": people["language"],
        "zone": people["zone"],
        "anchor_on": pa.repeat(pa.scalar(plan.anchor_on, pa.date32()), n),
        "frozen_at": pa.repeat(pa.scalar(now, COHORT_MEMBERS_SCHEMA.field("frozen_at").type), n),
    }
    members = pa.table(columns).cast(COHORT_MEMBERS_SCHEMA)
    return members.filter(pc.not_equal(members["arm"], WITHHELD))
