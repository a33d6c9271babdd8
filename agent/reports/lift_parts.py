"""What a journey or a step adds beside the rest of the plan: treated people against those withheld from it alone."""

from datetime import datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import ibis
import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from memory.domain.evidence import AnytimeReadout
from memory.domain.experiment import Estimate, Interval
from memory.domain.outcome import NotEstimable
from memory.domain.part_holdout import PartHoldout
from memory.domain.plan import Plan
from memory.lake.view import LakeView
from memory.store.unit_of_work import UnitOfWork
from tools.experiments.daily import Daily, anytime_reading
from tools.experiments.gate import refusal
from tools.experiments.intervals import scaled, share_difference, wilson
from tools.experiments.power import power
from tools.experiments.sample_ratio import sample_ratio
from tools.outcomes.reading import ARMS
from tools.outcomes.window import OutcomeWindow

from .lift_model import PartLift
from .lift_part_money import (
    NOBODY,
    Money,
    Pair,
    Tested,
    net_pair,
    orders_added,
    part_money,
    read_money,
    spent_people,
    with_tests,
)
from .lift_readings import Clock

__all__ = ["PART_ARMS_SCHEMA", "PartFacts", "Parts", "parts_of", "read_parts"]
PART_ARMS_SCHEMA = pa.schema([("experiment_id", pa.string()), ("person_id", pa.string()), ("arm", pa.string())])


class Parts(NamedTuple):
    """What the store knows of a plan's part holdouts."""

    holdouts: tuple[PartHoldout, ...] = ()
    """Journeys first."""
    arms: pa.Table = PART_ARMS_SCHEMA.empty_table()
    """`PART_ARMS_SCHEMA`: everybody who was drawn."""


class PartFacts(NamedTuple):
    """What the facts hold of the plan's people."""

    people: ir.Table
    """The plan's (`assigned`)."""
    orders: ir.Table
    """Theirs (`bought`)."""
    spent: pa.Table
    """`SPENT_SCHEMA`: what they cost besides what their orders show."""


def parts_of(uow: UnitOfWork, plan: Plan) -> Parts:
    """Read a plan's part holdouts with everybody's arm."""
    holdouts, tables = uow.part_holdouts.of(plan.id), [PART_ARMS_SCHEMA.empty_table()]
    for name in (one.experiment_id(plan) for one in holdouts):
        arms = uow.assignments.arms(plan.shop_id, name)
        tables.append(
            pa.table([pa.repeat(name, arms.num_rows), arms["person_id"], arms["arm"]], schema=PART_ARMS_SCHEMA)
        )
    return Parts(holdouts, pa.concat_tables(tables))


def read_parts(
    view: LakeView, plan: Plan, stored: tuple[Parts, pa.Table], facts: PartFacts, clock: Clock
) -> tuple[PartLift, ...]:
    """Give one reading per part holdout, journeys first, with the tests of all corrected together.

    `stored` are the part holdouts and the messages (person_id, step_id) of the plan that left or may have. Whoever has
    a withheld record in the plan is in neither arm: the plan sends them nothing.
    """
    parts, messages = stored
    if not parts.holdouts:
        return ()
    arms = view.present(view.memory_table("part_arms", parts.arms))
    arms = arms.group_by("experiment_id", "person_id").agg(arm=arms.arm.min())  # control, if any record has it
    arms = arms.semi_join(facts.people.filter(facts.people.arm == "treated"), "person_id")
    sent = view.present(view.memory_table("part_messages", messages.select(["person_id", "step_id"])))
    spent = spent_people(view, facts.spent)
    found = []
    for one in parts.holdouts:
        mine = arms.filter(arms.experiment_id == one.experiment_id(plan)).select("person_id", "arm")
        found.append(_read(plan, one, _Rows(mine, sent, facts.orders, spent), part_clock(plan, one, clock)))
    return with_tests(found, clock.alpha)


def part_clock(plan: Plan, one: PartHoldout, clock: Clock) -> Clock:
    """Give when orders count: from the day before its first message may be due (so every zone is in) to the end."""
    day = one.first_on(plan) - timedelta(days=1)
    starts = max(clock.window.starts_at, datetime.combine(day, time(), ZoneInfo(plan.zone)))
    window = OutcomeWindow(starts_at=min(starts, clock.window.ends_at), ends_at=clock.window.ends_at)
    rate = clock.planned_rate * window.n_days / clock.window.n_days
    return clock._replace(window=window, look_days=(), planned_rate=max(rate, 0.001))


class _Rows(NamedTuple):
    """One part's people by arm, the plan's messages, orders, and what people cost besides."""

    arms: ir.Table
    sent: ir.Table
    orders: ir.Table
    spent: ir.Table


def _read(plan: Plan, one: PartHoldout, rows: _Rows, clock: Clock) -> Tested:
    journey, arms = one.journey(plan), rows.arms
    daily = _daily(arms, rows.orders, clock)
    (n_treated, n_withheld), buyers = daily.n, daily.at(clock.day)
    steps = [step.id for step in one.steps(plan)]
    out = arms.filter(arms.arm == "control").semi_join(rows.sent.filter(rows.sent.step_id.isin(steps)), "person_id")
    found = part_money(arms, rows.orders, rows.spent, clock.window)
    gap = _difference(daily, clock)
    pair = gap if isinstance(gap, NotEstimable) else net_pair(found)
    money = read_money(pair, clock, buyers)
    lift = PartLift(
        part=one.part,
        part_id=one.part_id,
        cohort=journey.cohort if journey else "",
        starts_at=clock.window.starts_at,
        ends_at=clock.window.ends_at,
        n_treated=n_treated,
        n_withheld=n_withheld,
        n_treated_buyers=buyers[0].n_buyers,
        n_withheld_buyers=buyers[1].n_buyers,
        treated_rpr=wilson(buyers[0].n_buyers, n_treated) if n_treated else NOBODY,
        withheld_rpr=wilson(buyers[1].n_buyers, n_withheld) if n_withheld else NOBODY,
        rpr_difference_pp=gap,
        treated_net_margin_minor=money.treated,
        withheld_net_margin_minor=money.withheld,
        net_margin_difference_minor=money.difference,
        sample_ratio=sample_ratio(n_treated, n_withheld, one.rate),
        detectable_lift_pp=power(n_treated, n_withheld, buyers[1].mean) if n_withheld else NOBODY,
        added_orders=orders_added(found) if clock.is_final else None,
        n_messaged=out.count().to_pyarrow().as_py(),
    )
    return Tested(lift, *_to_test(buyers, gap, pair, money, clock))


def _to_test(
    buyers: Pair, gap: Estimate, pair: Pair | NotEstimable, money: Money, clock: Clock
) -> tuple[Pair | None, Pair | None]:
    """Give what is tested: at the end, what can be read."""
    if not clock.is_final:
        return None, None
    is_read = isinstance(gap, Interval), isinstance(money.difference, Interval)
    return buyers if is_read[0] else None, pair if is_read[1] and not isinstance(pair, NotEstimable) else None


def _difference(daily: Daily, clock: Clock) -> Estimate:
    """Give treated minus withheld in points: before the end valid on any day, at the end that of one look."""
    if clock.as_of < clock.window.starts_at:
        on = clock.window.starts_at.date() + timedelta(days=1)
        return NotEstimable(code="window_open", message=f"Nothing of it is due before {on}.")
    if not clock.is_final:
        read = anytime_reading(daily, clock.day, clock.planned_rate, alpha=clock.alpha, calendar=clock.calendar)
        return scaled(read.welch, 100) if isinstance(read, AnytimeReadout) else read
    arms = daily.at(clock.day)
    missing = refusal(*arms, clock.calendar)
    if missing is not None:
        return missing
    (treated, withheld) = arms
    return scaled(share_difference(treated.n_buyers, treated.n_people, withheld.n_buyers, withheld.n_people), 100)


def _daily(arms: ir.Table, orders: ir.Table, clock: Clock) -> Daily:
    """Count both arms, and who of them had ordered by the end of each day that is over."""
    starts, ends = clock.window.starts_at, clock.window.ends_at
    inside = orders.filter(orders.event_at >= ibis.literal(starts), orders.event_at < ibis.literal(ends))
    seconds = inside.event_at.min().epoch_seconds() - int(starts.timestamp())
    first = inside.group_by(buyer_id=inside.person_id).agg(day=(seconds // 86_400).cast("int64"))
    joined = arms.left_join(first, arms.person_id == first.buyer_id)
    rows = joined.group_by("arm", "day").agg(n=joined.count()).to_pyarrow()
    counts = [rows.filter(pc.equal(rows["arm"], arm)) for arm in ARMS]
    n_treated, n_withheld = (int(pc.sum(one["n"]).as_py() or 0) for one in counts)
    buyers = [_by_day(one.filter(pc.is_valid(one["day"])), clock.day) for one in counts]
    return Daily((n_treated, n_withheld), (buyers[0], buyers[1]))


def _by_day(rows: pa.Table, n_days: int) -> npt.NDArray[np.float64]:
    """Give how many had ordered by the end of each day."""
    day, n = (rows[name].to_numpy().astype(np.int64) for name in ("day", "n"))
    is_over = day < n_days
    daily = np.bincount(day[is_over], weights=n[is_over].astype(np.float64), minlength=n_days)
    return np.cumsum(daily).astype(np.float64)
