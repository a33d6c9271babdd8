"""The first touch after each order: the first decision in time that is not transactional, or why there is none (S1-07).

Every order gets one of both. What was decided counts, sent or not: who was held out or withheld was thought of, too.
Read by columns, once a day, and kept per order; an order whose days are not over and that nothing was decided of yet
waits.
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from memory.domain.approval import PlanStatus
from memory.domain.market import Shop
from memory.domain.plan import Plan
from memory.domain.standing import CORE
from memory.lake.lake import Lake
from memory.lake.view import LakeView
from memory.store.engine import Store
from memory.store.first_touches import FIRST_TOUCH_SCHEMA
from memory.store.unit_of_work import UnitOfWork
from tools.profile.purchases import is_purchase

RAN: tuple[PlanStatus, ...] = ("live", "finished", "stopped")
TABLES = ("decisions", "decision_options", "cohort_members")
LOOKS_BACK = timedelta(days=30)
"""So long after an order's days a look still keeps it: what was down meanwhile loses none."""
TOUCHES = ("service", "promotional")
REASONS = (
    "no_purchase", "unknown_person", "erased", "standing_holdout", "suppressed", "no_consent", "no_plan", "in_no_plan",
    "plan_ended", "no_step_due",
)  # fmt: skip
"""Why nothing was decided, the first that holds."""


class Ran(NamedTuple):
    """Plans that ran, and what the store knows of people."""

    steps: pa.Table
    """(plan_id, step_id) of steps that touch."""
    plans: pa.Table
    """(ran_plan, live_s, ends_s, is_over) of each plan."""
    withheld: pa.Array
    """People whom no plan messages."""


def keep_first_touches(store: Store, lake: Lake, shop: Shop, now: datetime) -> int:
    """Keep the first touch of every order that has one, or whose days are over; give how many orders are new."""
    with store.read() as uow:
        window = timedelta(days=uow.order_mail.settings(shop.shop_id).first_touch_days)
    rows = first_touches(store, lake, shop, now - window - LOOKS_BACK, now, now, window)
    settled = rows.filter(pc.not_equal(rows["outcome"], "waits"))
    with store.unit_of_work() as uow:
        return uow.first_touches.add(shop.shop_id, settled)


def first_touches(
    store: Store, lake: Lake, shop: Shop, since: datetime, until: datetime, now: datetime, window: timedelta
) -> pa.Table:
    """Give `FIRST_TOUCH_SCHEMA` of every order placed from `since` on and before `until`, by what is known now.

    `outcome` is `waits` where nothing was decided and the order's days are not over.
    """
    with store.read() as uow:
        ran, tables = _ran(uow, shop, since), uow.versions.latest().tables
        kept = {name: n for name, n in uow.batches.lake_versions().items() if name in TABLES}
    with lake.open({**tables, **kept}, [shop.shop_id]) as view:
        orders = _orders(view, shop, since, until)
        touched = _touched(view, orders, ran, window)
        open_ = _untouched(view, orders.anti_join(touched, "order_fact_id"), ran, window, now).to_pyarrow()
        found = touched.to_pyarrow()
    with store.read() as uow:
        rest = _with_reasons(uow, shop, open_, ran.withheld)
    return pa.concat_tables([_shaped(found), _shaped(rest)]).sort_by(
        [("ordered_at", "ascending"), ("order_fact_id", "ascending")]
    )


def _ran(uow: UnitOfWork, shop: Shop, since: datetime) -> Ran:
    plans: list[tuple[Plan, datetime, bool]] = []
    for status in RAN:
        for stored in uow.plans.all(shop.shop_id, status=status):
            live = uow.batches.live(stored.plan.id)
            if live is not None and _end(stored.plan) >= since:
                plans.append((stored.plan, live.live_at, status != "live"))
    steps = [
        {"plan_id": plan.id, "step_id": step.id}
        for plan, _, _ in plans
        for step in plan.steps()
        if step.owner == "us" and step.message_class in TOUCHES
    ]
    rows = [
        {"ran_plan": plan.id, "live_s": int(live_at.timestamp()), "ends_s": int(_end(plan).timestamp()), "over": over}
        for plan, live_at, over in plans
    ]
    text, number = pa.string(), pa.int64()
    return Ran(
        pa.Table.from_pylist(steps, pa.schema([("plan_id", text), ("step_id", text)])),
        pa.Table.from_pylist(
            rows, pa.schema([("ran_plan", text), ("live_s", number), ("ends_s", number), ("over", pa.bool_())])
        ),
        uow.assignments.withheld(shop.shop_id, CORE),
    )


def _end(plan: Plan) -> datetime:
    return datetime.combine(plan.ends_on + timedelta(days=1), time(0), ZoneInfo(plan.zone))


def _orders(view: LakeView, shop: Shop, since: datetime, until: datetime) -> ir.Table:
    orders = view.table("orders")
    orders = orders.filter(
        orders.shop_id == shop.shop_id, orders.event_at >= ibis.literal(since), orders.event_at < ibis.literal(until)
    )
    return orders.select(
        "order_ref", "person_id", order_fact_id="fact_id", ordered_at="event_at", counts=is_purchase(orders)
    )


def _touched(view: LakeView, orders: ir.Table, ran: Ran, window: timedelta) -> ir.Table:
    """Give the first decision of each order that has one in time."""
    steps = view.memory_table("touch_steps", ran.steps)
    made = view.raw("decisions").semi_join(steps, ["plan_id", "step_id"])
    made = view.present(
        made.select("decision_id", "plan_id", "step_id", "person_id", "arm", "chosen", "chosen_reason", "slot_at")
    ).rename(who="person_id")
    seconds = int(window.total_seconds())
    late = orders.ordered_at.epoch_seconds() + seconds
    both = orders.inner_join(
        made, [orders.person_id == made.who, made.slot_at >= orders.ordered_at, made.slot_at.epoch_seconds() <= late]
    )
    order = ibis.window(group_by=both.order_fact_id, order_by=[both.slot_at, both.decision_id])
    first = both.mutate(place=ibis.row_number().over(order))
    first = first.filter(first.place == 0)
    options = view.raw("decision_options")
    named = options.filter(options.reasons.length() > 0)
    named = named.group_by("decision_id").agg(option_reason=named.reasons[0].min())
    joined = first.left_join(named, "decision_id")
    is_sent, is_out = joined.chosen != "none", joined.arm != "treated"
    by_rule = ibis.coalesce(joined.option_reason, joined.chosen_reason)
    return joined.select(
        "order_fact_id",
        "order_ref",
        "person_id",
        "ordered_at",
        "plan_id",
        "step_id",
        outcome=ibis.cases((is_out, "held_out"), (is_sent, "sent"), else_="withheld"),
        reason=ibis.ifelse(~is_out & (joined.chosen_reason == "guardrail"), by_rule, joined.chosen_reason),
        decided_at="slot_at",
    )


def _untouched(view: LakeView, orders: ir.Table, ran: Ran, window: timedelta, now: datetime) -> ir.Table:
    """Give orders without a decision, with how many plans ran in their days, and how many of those held the person."""
    plans = view.memory_table("touch_plans", ran.plans)
    orders = orders.mutate(ordered_s=orders.ordered_at.epoch_seconds())
    orders = orders.mutate(until_s=orders.ordered_s + int(window.total_seconds()))
    overlap = orders.inner_join(plans, [plans.live_s <= orders.until_s, plans.ends_s >= orders.ordered_s])
    of_shop = overlap.group_by("order_fact_id").agg(n_plans=overlap.count())
    members = view.raw("cohort_members").semi_join(plans, [("plan_id", "ran_plan")])
    members = view.present(members.select("plan_id", "person_id")).distinct()
    given = members.rename(member="person_id", of_plan="plan_id")
    mine = overlap.inner_join(given, [overlap.person_id == given.member, overlap.ran_plan == given.of_plan])
    of_person = mine.group_by("order_fact_id").agg(n_mine=mine.count(), n_running=(~mine.over).sum())
    joined = orders.left_join(of_shop, "order_fact_id").drop("order_fact_id_right")
    joined = joined.left_join(of_person, "order_fact_id").drop("order_fact_id_right")
    return joined.select(
        "order_fact_id",
        "order_ref",
        "person_id",
        "ordered_at",
        "counts",
        n_plans=ibis.coalesce(joined.n_plans, 0),
        n_mine=ibis.coalesce(joined.n_mine, 0),
        n_running=ibis.coalesce(joined.n_running, 0),
        is_over=joined.until_s <= int(now.timestamp()),
    )


def _with_reasons(uow: UnitOfWork, shop: Shop, rows: pa.Table, withheld: pa.Array) -> pa.Table:
    """Say why nothing was decided, the first reason of `REASONS` that holds; `waits` while there is still time."""
    people = [one for one in pc.unique(rows["person_id"]).to_pylist() if one]
    state = uow.person_state.get(shop.shop_id, people)
    place = pc.index_in(rows["person_id"], value_set=state["person_id"].combine_chunks())
    known = state.take(pc.fill_null(place, 0)) if state.num_rows else None
    is_known = pc.and_(pc.is_valid(place), pc.is_valid(rows["person_id"]))

    def of(names: Sequence[str], *, every: bool = False) -> pa.ChunkedArray | pa.Array:
        if known is None:
            return pa.array([False] * rows.num_rows, pa.bool_())
        found = pc.fill_null(known[names[0]], False)
        for name in names[1:]:
            more = pc.fill_null(known[name], False)
            found = pc.and_(found, more) if every else pc.or_(found, more)
        return found

    ways = ("email", "sms", "push")
    holds = (
        pc.invert(rows["counts"]),
        pc.invert(is_known),
        of(["is_erased"]),
        pc.is_in(rows["person_id"], value_set=withheld),
        of([f"is_suppressed_{way}" for way in ways], every=True),
        pc.invert(of([f"consent_{way}" for way in ways])),
        pc.equal(rows["n_plans"], 0),
        pc.equal(rows["n_mine"], 0),
        pc.equal(rows["n_running"], 0),
        pa.array([True] * rows.num_rows, pa.bool_()),
    )
    reason = pa.nulls(rows.num_rows, pa.string())
    for name, where in zip(REASONS, holds, strict=True):
        reason = pc.if_else(pc.and_(pc.is_null(reason), where), name, reason)
    outcome = pc.if_else(rows["is_over"], "none", "waits")
    return rows.append_column("outcome", outcome).append_column("reason", reason)


def _shaped(rows: pa.Table) -> pa.Table:
    n = rows.num_rows
    own = {
        "person_id": pc.fill_null(rows["person_id"], ""),
        "plan_id": rows["plan_id"] if "plan_id" in rows.column_names else pa.repeat("", n),
        "step_id": rows["step_id"] if "step_id" in rows.column_names else pa.repeat("", n),
        "decided_at": rows["decided_at"] if "decided_at" in rows.column_names else pa.nulls(n, pa.int64()),
    }
    columns = [own[name] if name in own else rows[name] for name in FIRST_TOUCH_SCHEMA.names]
    return pa.table(columns, names=FIRST_TOUCH_SCHEMA.names).cast(FIRST_TOUCH_SCHEMA)
