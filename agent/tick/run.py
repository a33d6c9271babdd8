"""One tick: every live plan's due steps become decisions in the lake and messages in the outbox, once per slot."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from agent.tracing import span
from memory.domain.canonical import content_hash
from memory.domain.clock import Clock
from memory.domain.facts import OPTIONS_SCHEMA
from memory.domain.guardrails import Guardrails
from memory.domain.market import Shop
from memory.domain.plan import Plan
from memory.lake.lake import Lake
from memory.lake.view import LakeView
from memory.store.batches import Batch, LivePlan
from memory.store.engine import Store
from memory.store.instants import to_micros
from memory.store.unit_of_work import UnitOfWork
from memory.store.versions import DataVersion
from tools.markets import Markets, load_markets
from tools.risk import leaving_table, wishes
from tools.timing import LATER_MINUTES
from tools.timing.response import best_hours

from .audience import keep_audience
from .candidates import candidates
from .certify import Shared
from .community import only_eligible
from .content import only_fitting
from .decide import IN_PLACE_ABOVE, Decided, Frame
from .due import Place, due_table, may_be_due
from .engagement import with_engagement
from .fallback import fallback_due, keep_waiting, waiting
from .figures import refresh_figures
from .first_touch import keep_first_touches
from .frozen import frozen_people, places
from .goods import StepGoods
from .hours import HourRules, Hours
from .intents import IntentsThen, intents_then
from .judge import decisions_hash, judge
from .kept import Kept, keep
from .known import know
from .lost_parcels import is_hour_of_look, tell_lost
from .membership import without_members
from .parts import withheld_pairs, withhold
from .report import TickReport
from .slipped import held_rows, mark_slipped
from .slips import watch_lanes
from .times import times_table
from .triggered import without_decided, without_triggered

FIRST_LOOK_BACK = timedelta(hours=24)
"""A plan's first tick also takes steps due this long before it went live."""


@span("tick")
def tick(
    store: Store,
    lake: Lake,
    clock: Clock,
    key: bytes,
    shop_id: str,
    slot_at: datetime,
    *,
    seed: int,
    slot: timedelta = timedelta(hours=1),
    exploration_rate: float = 0.05,
    markets: Markets | None = None,
    in_place_above: int = IN_PLACE_ABOVE,
) -> TickReport:
    """Decide every step that falls due before `slot_at + slot` and was not decided by an earlier tick.

    Running a slot again does nothing and gives the first report. A late tick takes what its predecessors left;
    what is too late then lapses at dispatch. `key` seals certificates; chance has none of it: the same seed decides
    the same anywhere. Plans with more than `in_place_above` decisions are allocated in a database.
    """
    read_at = clock.now()
    with store.read() as uow:
        known, last = uow.batches.at(shop_id, slot_at), uow.batches.last(shop_id)
        if known is not None:
            return TickReport.model_validate(known.report).model_copy(update={"is_repeat": True})
        shop, version = uow.shops.get(shop_id), uow.versions.latest()
        guardrails = uow.guardrails.current(shop_id)
        running = {stored.plan.id: stored.plan for stored in uow.plans.all(shop_id, status="live")}
        running |= {plan_id: uow.plans.get(plan_id).plan for plan_id in uow.amendments.shadows(shop_id)}
        live = [(plan, uow.batches.live(plan.id)) for plan in running.values()]
        looked = {plan.id: uow.batches.looked_at(plan.id) for plan, _ in live}
        decided = {name: n for name, n in uow.batches.lake_versions().items() if name == "decisions"}
    until = slot_at + slot
    found, rate = markets or load_markets(), exploration_rate
    run = Run(store, lake, shop, guardrails, version, found, slot_at, until, seed, rate, key)
    run.in_place_above, run.read_at = in_place_above, read_at
    covered = last.covers_until if last else None
    is_look = _looks(store, lake, shop, slot_at, until, covered)
    if live:
        with lake.open(
            {**version.tables, **decided}, [shop_id]
        ) as view:  # one for all: what one reads of the facts serves the next
            refresh_figures(store, shop, slot_at, version.number, view)
            _watch_parcels(store, view, shop, slot_at, until, covered, is_look)
            for plan, started in sorted(live, key=lambda pair: pair[0].id):
                if started is not None:
                    looked_at = looked[plan.id] or (last.slot_at if last else slot_at)
                    since = _from(started, last, was_looked_at=looked[plan.id] is not None)
                    run.decide(view, plan, since, looked_at, _looked_until(looked[plan.id], last))
    return run.write(covered, clock, [plan.id for plan, started in live if started])


def _looks(store: Store, lake: Lake, shop: Shop, slot_at: datetime, until: datetime, covered: datetime | None) -> bool:
    """Say whether this is the day's tick that looks at orders and parcels, and keep first touches then."""
    if not is_hour_of_look(shop, slot_at, until, covered):
        return False
    keep_first_touches(store, lake, shop, slot_at)
    return True


def _watch_parcels(
    store: Store, view: LakeView, shop: Shop, slot_at: datetime, until: datetime, covered: datetime | None,
    is_look: bool,
) -> None:  # fmt: skip
    tell_lost(store, view, shop, slot_at, until, covered)
    watch_lanes(store, view, shop, slot_at, is_look=is_look)


def _from(started: LivePlan, last: Batch | None, *, was_looked_at: bool) -> datetime:
    """Give where the plan's undecided time begins; a plan may go live at the very instant of a slot that decided it."""
    if last is None or (not was_looked_at and started.live_at >= last.slot_at):
        return started.live_at - FIRST_LOOK_BACK
    return last.covers_until


def _looked_until(looked_at: datetime | None, last: Batch | None) -> datetime | None:
    """Give the end of what the last tick took that found the plan live; of one before a pause, its slot."""
    return last.covers_until if last is not None and looked_at == last.slot_at else looked_at


class Run:
    """The state of one tick."""

    def __init__(
        self,
        store: Store,
        lake: Lake,
        shop: Shop,
        guardrails: Guardrails,
        version: DataVersion,
        markets: Markets,
        slot_at: datetime,
        until: datetime,
        seed: int,
        exploration_rate: float,
        key: bytes,
        kind: str = "slot",
    ) -> None:
        """Decide for a slot of the shop, or at the instant of a trigger."""
        self._key = key
        self._store, self._lake, self.shop, self.guardrails, self._version = store, lake, shop, guardrails, version
        self._markets = {market.country: market for market in markets.all()}
        self._slot_at, self._until, self._seed, self._rate = slot_at, until, seed, exploration_rate
        self.batch_id = content_hash([shop.shop_id, slot_at.isoformat(), *([] if kind == "slot" else [kind])])[:32]
        self.decided: list[Decided] = []
        self._bands: list[pa.Table] = []
        self._times: list[pa.Table] = []
        self._kept: list[Kept] = []
        self._held: list[tuple[str, str, str, str, str]] = []
        self._hours = Hours(LATER_MINUTES)
        self.leavers: list[dict[str, Any]] | None = None
        self.in_place_above, self.read_at = IN_PLACE_ABOVE, slot_at
        self._not_in_place: dict[str, str] = {}
        self.is_rehearsal = False

    def decide(
        self, view: LakeView, plan: Plan, since: datetime, looked_at: datetime, looked_until: datetime | None
    ) -> None:
        """Decide what is due for one plan between `since` and the end of the slot, by the facts of the tick's version.

        Second channels are those whose hours ended between `looked_at`, the slot of the last tick that found the
        plan live, and this one's; parcels that were there count from the look that ended `looked_until` on: a pause
        loses nobody.
        """
        with self._store.read() as uow:
            second = waiting(uow, plan, looked_at, self._slot_at)
        is_due = since < self._until and may_be_due(plan, (since, self._until))
        if not is_due and second.num_rows == 0:
            return
        covers = (since, self._until) if is_due else None
        due = self._due(places(view, plan), plan, covers, second, looked_until)
        if due.num_rows:
            self.decide_people(view, plan, due, second, frozen_people(view, plan, due))

    def decide_people(
        self,
        view: LakeView,
        plan: Plan,
        due: pa.Table,
        second: pa.Table,
        people: pa.Table,
        pairs: pa.Table | None = None,
    ) -> None:
        """Decide due steps for these people of the plan, only for (step_id, person_id) of `pairs` where it is given."""
        ids = people["person_id"].to_pylist()
        with self._store.read() as uow:
            known = know(uow, plan, self.guardrails, self._slot_at, ids, due["step_id"], is_few=pairs is not None)
            held = withheld_pairs(uow, plan, people["person_id"], due["step_id"].to_pylist())
        self.leavers, learned = known.leavers, known.tables.learned
        self._hours = Hours(LATER_MINUTES, best_hours(learned.responses if learned else ()))
        wanted = wishes(view, people, known.chosen, known.quarter, self._slot_at)
        self._bands.append(wanted.select(["person_id", "band"]))
        everybody = view.memory_table("tick_people", people)
        table = candidates(
            view,
            plan,
            self.shop,
            self.guardrails,
            people=everybody,
            due=due,
            state=known.state,
            sent=known.sent,
            wishes=wanted,
            as_of=self._slot_at,
            leaving=leaving_table(known.leavers),
            tables=known.tables,
            is_few=pairs is not None,
            is_rehearsal=self.is_rehearsal,
        )
        table = without_triggered(withhold(table, view, held), view, known.triggered)
        table = self._invited(view, table, plan, due)
        if pairs is not None:
            table = table.semi_join(view.memory_table("tick_pairs", pairs), ["step_id", "person_id"])
        else:
            table = without_decided(table, view, plan, known.lineage, due["step_id"])
        table = keep_waiting(table, view, second)
        affinity = self.guardrails.new_goods.min_affinity_rate if self.guardrails.new_goods else 0.0
        goods = StepGoods(view, plan, self.shop, self._slot_at, known.told, affinity)
        rows = mark_slipped(goods.mark(self._read(view, table, plan, due), known.messaged), known.spared)
        then = intents_then(view, plan, everybody, due, self._slot_at)
        one = self._choose(view, rows, plan, known.budget_millis, known.granted, then)
        rules = HourRules(plan, self.guardrails, self._markets, self._slot_at, self._rate, self._hours)
        self._times.append(times_table(due, rules, self.batch_id))
        self.decided.append(replace(one, messages=with_engagement(goods.pack(one.messages), view)))

    def _invited(self, view: LakeView, table: ir.Table, plan: Plan, due: pa.Table) -> ir.Table:
        """Leave out whom an invitation, to membership or a community, or an item of the library is not for."""
        table = without_members(table, view, self.shop, self._slot_at)
        steps = set(due["step_id"].to_pylist())
        kinds = {step.kind for step in plan.steps() if step.id in steps}
        table = only_eligible(table, view, self._store, kinds, self.shop, self._slot_at)
        return only_fitting(table, view, self._store, plan, steps, self.shop, self._slot_at)

    def _read(self, view: LakeView, table: ir.Table, plan: Plan, due: pa.Table) -> pa.Table:
        """Work the candidates out, those left of each step's audience."""
        return keep_audience(table, view, plan, self.shop, due, self._slot_at).to_pyarrow()

    def _due(
        self, where: list[Place], plan: Plan, covers: tuple[datetime, datetime] | None, second: pa.Table,
        looked_until: datetime | None,
    ) -> pa.Table:  # fmt: skip
        """Give the steps that fall due in the interval and the second channels of those who wait."""
        known = (plan, where, self._markets, self.shop, self.guardrails)
        steps = pc.unique(second["step_id"]).to_pylist()
        later = fallback_due(*known, steps, self._slot_at)
        return pa.concat_tables([due_table(*known, covers, looked_until), later]) if covers else later

    def _choose(
        self,
        view: LakeView,
        rows: pa.Table,
        plan: Plan,
        budget_millis: int,
        granted: dict[str, int],
        intents: IntentsThen,
    ) -> Decided:
        frame = Frame(
            plan=plan,
            guardrails=self.guardrails,
            slot_at=self._slot_at,
            batch_id=self.batch_id,
            seed=self._seed,
            exploration_rate=self._rate,
            budget_millis=budget_millis,
            n_granted=granted,
            shared=Shared(
                self._key,
                plan.id,
                self.guardrails,
                self._markets,
                data_version=self._version.number,
                decided_at=to_micros(self._slot_at),
                budget_millis=budget_millis,
                intents=intents,
            ),
            hours=self._hours,
            in_place_above=self.in_place_above,
        )
        made = judge(view, rows, frame, tuple(self._markets.values()))
        self._kept.append(keep(rows, frame, made, self._version.number))
        self._held += held_rows(made, plan)
        if made.not_in_place:
            self._not_in_place[plan.id] = made.not_in_place
        return made

    def write(self, covered: datetime | None, clock: Clock, plan_ids: Sequence[str]) -> TickReport:
        """Write the lake first, then in one transaction the batch that names it and the messages."""
        with self._store.unit_of_work(is_large=True) as uow:
            if (other := uow.batches.at(self.shop.shop_id, self._slot_at)) is not None:
                return TickReport.model_validate(other.report).model_copy(update={"is_repeat": True})
            report = self.report(covered)
            versions = self.append(uow) if report.n_decisions else {}
            for bands in self._bands:
                uow.preferences.set_bands(self.shop.shop_id, bands, self._slot_at)
            if self.leavers is not None:
                uow.leavers.keep(self.shop.shop_id, self.leavers, self._slot_at)
            n_planned = self.plan(uow)
            report = report.model_copy(update={"n_planned": n_planned})
            uow.batches.looked(plan_ids, self._slot_at)
            uow.batches.add(
                Batch(
                    batch_id=self.batch_id,
                    shop_id=self.shop.shop_id,
                    slot_at=self._slot_at,
                    covers_until=max(self._until, covered or self._until),
                    lake_versions=versions,
                    content_hash=report.decisions_hash,
                    n_decisions=report.n_decisions,
                    report=report.model_dump(mode="json"),
                )
            )
        return report

    def plan(self, uow: UnitOfWork) -> int:
        """Put the messages into the outbox, keep what waits for parcels, and give how many messages are new."""
        uow.slips.hold(self.shop.shop_id, self._held, self._slot_at)
        return sum(uow.outbox.plan_table(one.messages) for one in self.decided)

    def append(self, uow: UnitOfWork) -> dict[str, int]:
        """Write the decisions to the lake and give its versions; what nobody reads any more is let go of meanwhile."""
        uow.versions.lock()
        before = uow.batches.lake_versions()

        def written(name: str, tables: list[pa.Table]) -> int:
            return self._lake.append(name, pa.concat_tables(tables), after=before.get(name))

        versions = {
            "decision_frames": written("decision_frames", [one.frame for one in self._kept]),
            "decision_inputs": written("decision_inputs", [one.inputs for one in self._kept]),
        }
        self._kept.clear()
        versions["decision_options"] = written("decision_options", [one.options for one in self.decided])
        self.decided = [replace(one, options=OPTIONS_SCHEMA.empty_table()) for one in self.decided]
        return versions | {
            "decisions": written("decisions", [one.decisions for one in self.decided]),
            "decision_subjects": written("decision_subjects", [one.subjects for one in self.decided]),
            "decision_times": written("decision_times", self._times),
        }

    def report(self, covered: datetime | None) -> TickReport:
        """Say what was decided."""
        chosen: Counter[str] = sum((one.chosen for one in self.decided), Counter())
        blocked: Counter[str] = sum((one.blocked for one in self.decided), Counter())
        value, bound = (sum(getattr(one, name) for one in self.decided) for name in ("value_millis", "bound_millis"))
        return TickReport(
            shop_id=self.shop.shop_id,
            slot_at=self._slot_at,
            read_at=self.read_at,
            covers_from=covered,
            covers_until=max(self._until, covered or self._until),
            batch_id=self.batch_id,
            decisions_hash=self._hash(),
            n_options=sum(one.options.num_rows for one in self.decided),
            n_decisions=sum(one.decisions.num_rows for one in self.decided),
            chosen=dict(sorted(chosen.items())),
            blocked=dict(sorted(blocked.items())),
            value_millis=value,
            bound_millis=bound,
            gap_rate=max(0.0, 1 - value / bound) if bound > 0 else 0.0,
            money_price=round(max((one.money_price for one in self.decided), default=0.0), 6),
            not_in_place=self._not_in_place,
            exploration_rate=self._rate,
            seed=self._seed,
        )

    def _hash(self) -> str:
        """Hash what was decided for all plans; that of a single one is known already."""
        return self._kept[0].decisions_hash if len(self._kept) == 1 else decisions_hash(self.decided)
