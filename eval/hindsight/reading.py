"""Reading a plan's log: its frozen people, what they did, every decision and every option with its chance."""

from dataclasses import dataclass
from datetime import datetime

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from memory.domain.market import Shop
from memory.domain.plan import Plan
from memory.lake.view import LakeView
from tools.offpolicy import Trail
from tools.offpolicy.log import Floats, Ints
from tools.offpolicy.trail import Flags
from tools.outcomes import Ask, OutcomeWindow
from tools.outcomes.people import bought, people_outcomes
from tools.profile import purchases

CUT = ("budget", "offer_used_up")
"""Reasons of decisions that money or grants cut: what would have been chosen is not in the log."""


@dataclass(frozen=True)
class Logged:
    """A plan's people with their decisions, as arrays."""

    people: pa.Table
    """person_id (ascending), cohort, arm, orders, margin, n_without_cost and what was known before."""
    trail: Trail
    """Decisions of treated people."""
    decisions: pa.Table
    """The trail's decisions, a row each."""
    options: pa.Table
    """The trail's options, a row each."""

    @property
    def n_cut(self) -> int:
        """Decisions that money or grants cut."""
        return int(pc.sum(pc.is_in(self.decisions["chosen_reason"], pa.array(CUT))).as_py() or 0)

    @property
    def context(self) -> Floats:
        """(n, d): what was known of each person before the plan: cohort, orders, money, days since the last order."""
        names = [name for name in self.people.column_names if name.startswith("was_")]
        columns = [self.people[name].to_numpy().astype(np.float64) for name in names]
        for cohort in sorted(pc.unique(self.people["cohort"]).to_pylist())[1:]:
            columns.append(pc.equal(self.people["cohort"], cohort).to_numpy(zero_copy_only=False).astype(np.float64))
        context: Floats = np.column_stack(columns)
        return context


def read_log(
    facts: LakeView, log: LakeView, plan: Plan, shop: Shop, window: OutcomeWindow, as_of: datetime,
    chance_of_batch: dict[str, float],
) -> Logged:  # fmt: skip
    """Read everything; `facts` is a data version, `log` the decision tables.

    `chance_of_batch` says per batch which share of its decisions was left to chance; others do not exist.
    """
    people = _people(facts, plan, shop, window, as_of)
    batches = log.memory_table("hindsight_batches", _batches(chance_of_batch))
    decisions = _decisions(log, plan, batches)
    options = _options(log, log.memory_table("hindsight_decisions", decisions), batches)
    return Logged(people, _trail(people, decisions, options), decisions, options)


def _people(view: LakeView, plan: Plan, shop: Shop, window: OutcomeWindow, as_of: datetime) -> pa.Table:
    members = view.raw("cohort_members")
    members = members.filter(members.plan_id == plan.id)
    people, ask = members.select("person_id", "cohort", "arm").mutate(n_arms=1), Ask(window, as_of, window.starts_at)
    done = people_outcomes(view, shop, people, bought(view, shop, people, ask), ask)
    done = done.select("person_id", "cohort", "arm", "orders", "margin", "n_without_cost")
    before = purchases(view, shop, window.starts_at)
    start = ibis.literal(window.starts_at).epoch_seconds()
    days = (start - before.event_at.max().epoch_seconds()) / 86400
    before = before.group_by(buyer=before.person_id).aggregate(
        n=before.count(), money=before.net_minor.sum(), days=days
    )
    both = done.left_join(before, done.person_id == before.buyer)
    both = both.mutate(
        was_orders=(1 + ibis.coalesce(both.n, 0)).cast("float64").ln(),
        was_money=(1 + ibis.greatest(ibis.coalesce(both.money, 0), 0)).cast("float64").ln(),
        was_away=(1 + ibis.coalesce(both.days, 3650.0)).cast("float64").ln(),
    ).drop("buyer", "n", "money", "days")
    return both.order_by("person_id").to_pyarrow()


def _batches(chance_of_batch: dict[str, float]) -> pa.Table:
    return pa.table(
        {
            "of_batch": pa.array(list(chance_of_batch), pa.string()),
            "chance": pa.array(list(chance_of_batch.values()), pa.float64()),
        }
    )


def _decisions(log: LakeView, plan: Plan, batches: ir.Table) -> pa.Table:
    table = log.raw("decisions")
    mine = table.filter(table.plan_id == plan.id, table.arm == "treated")
    mine = mine.inner_join(batches, mine.batch_id == batches.of_batch).drop("of_batch", "certificate")
    return mine.order_by("person_id", "slot_at", "decision_id").to_pyarrow()


def _options(log: LakeView, decisions: ir.Table, batches: ir.Table) -> pa.Table:
    table = log.raw("decision_options")
    order = decisions.select(
        of_decision=decisions.decision_id, of_batch=decisions.batch_id, of_person=decisions.person_id,
        at=decisions.slot_at,
    )  # fmt: skip
    mine = table.inner_join(order, [table.decision_id == order.of_decision, table.batch_id == order.of_batch])
    mine = mine.inner_join(batches.rename(batch="of_batch"), mine.batch_id == batches.rename(batch="of_batch").batch)
    return mine.order_by("of_person", "at", "decision_id", "option_id").to_pyarrow()


def _trail(people: pa.Table, decisions: pa.Table, options: pa.Table) -> Trail:
    ids, n = _batched(decisions), decisions.num_rows
    decision = pc.index_in(_batched(options), ids.combine_chunks()).to_numpy().astype(np.int64)
    starts = np.searchsorted(decision, np.arange(n)).astype(np.int64)
    logged = options["propensity"].to_numpy().astype(np.float64)
    # Where chance took part, an allowed option without a chance lies beyond a cap; else it was just not the best.
    by_chance = options["chance"].to_numpy() > 0
    available = options["allowed"].to_numpy(zero_copy_only=False).astype(bool) & (~by_chance | (logged > 0))
    named = pc.equal(options["option_id"], decisions["chosen"].take(pa.array(decision)))
    taken = np.full(n, -1, dtype=np.int64)
    places = np.flatnonzero(named.to_numpy(zero_copy_only=False))
    taken[decision[places]] = places
    return Trail(
        n_people=people.num_rows,
        person=pc.index_in(decisions["person_id"], people["person_id"].combine_chunks()).to_numpy().astype(np.int64),
        starts=starts,
        taken=taken,
        propensity=decisions["propensity"].to_numpy().astype(np.float64),
        is_forced=_is_forced(decisions, taken),
        available=available,
        logged=logged,
        net=(options["value_millis"].to_numpy() - options["cost_millis"].to_numpy()).astype(np.int64),
        cost=options["cost_millis"].to_numpy().astype(np.int64),
    )


def _batched(rows: pa.Table) -> pa.ChunkedArray:
    """Name a decision of a batch: the same step may be decided anew, and its message then leaves once all the same."""
    return pc.binary_join_element_wise(rows["decision_id"], rows["batch_id"], "@")


def _is_forced(decisions: pa.Table, taken: Ints) -> Flags:
    """Say where nothing could be chosen: money or grants cut it, or the step's message was chosen before."""
    cut = pc.is_in(decisions["chosen_reason"], pa.array(CUT)).to_numpy(zero_copy_only=False)
    step = decisions["decision_id"].combine_chunks().dictionary_encode().indices.to_numpy()
    order = np.argsort(step, kind="stable")
    sent = (taken[order] >= 0).astype(np.int64)
    running = np.cumsum(sent) - sent
    if not len(order):
        return np.zeros(0, dtype=np.bool_)
    first = np.flatnonzero(np.append(True, step[order][1:] != step[order][:-1]))
    sizes = np.diff(np.append(first, len(order)))
    before = np.zeros(len(order), dtype=np.int64)
    before[order] = running - np.repeat(running[first], sizes)
    return np.asarray(cut | (before > 0), dtype=np.bool_)
