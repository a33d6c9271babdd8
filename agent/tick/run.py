"""One tick: every live plan's due steps become decisions in the lake and messages in the outbox, once per slot."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from memory.domain.canonical import content_hash
from memory.domain.clock import Clock
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

from .audience import keep_audience
from .candidates import candidates
from .certify import Shared
from .decide import Decided, Frame, decide
from .due import Place, due_table, may_be_due
from .fallback import fallback_due, keep_waiting, waiting
from .figures import refresh_figures
from .frozen import frozen_people, places
from .goods import with_goods
from .report import TickReport

FIRST_LOOK_BACK = timedelta(hours=24)
"""A plan's first tick also takes steps due this long before it went live."""


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
) -> TickReport:
    """Decide every step that falls due before `slot_at + slot` and was not decided by an earlier tick.

    Running a slot again does nothing and gives the first report. A late tick takes what its predecessors left;
    what is too late then lapses at dispatch. `key` seals certificates; chance has none of it: the same seed decides
    the same anywhere.
    """
    with store.read() as uow:
        known, last = uow.batches.at(shop_id, slot_at), uow.batches.last(shop_id)
        if known is not None:
            return TickReport.model_validate(known.report).model_copy(update={"is_repeat": True})
        shop, version = uow.shops.get(shop_id), uow.versions.latest()
        guardrails = uow.guardrails.current(shop_id)
        live = [(stored.plan, uow.batches.live(stored.plan.id)) for stored in uow.plans.all(shop_id, status="live")]
    until = slot_at + slot
    if live:
        refresh_figures(store, lake, shop, slot_at)
    run = _Run(
        store, lake, shop, guardrails, version, markets or load_markets(), slot_at, until, seed, exploration_rate, key
    )
    for plan, started in sorted(live, key=lambda pair: pair[0].id):
        if started is not None:
            run.decide(plan, _from(started, last), last.slot_at if last else slot_at)
    return run.write(last.covers_until if last else None, clock)


def _from(started: LivePlan, last: Batch | None) -> datetime:
    """Give where the plan's undecided time begins."""
    if last is None or started.live_at >= last.slot_at:
        return started.live_at - FIRST_LOOK_BACK
    return last.covers_until


class _Run:
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
    ) -> None:
        self._key = key
        self._store, self._lake, self._shop, self._guardrails, self._version = store, lake, shop, guardrails, version
        self._markets = {market.country: market for market in markets.all()}
        self._slot_at, self._until, self._seed, self._rate = slot_at, until, seed, exploration_rate
        self._batch_id = content_hash([shop.shop_id, slot_at.isoformat()])[:32]
        self._decided: list[Decided] = []

    def decide(self, plan: Plan, since: datetime, looked_at: datetime) -> None:
        """Decide what is due for one plan between `since` and the end of the slot.

        Second channels are those whose hours ended between the last tick's slot, `looked_at`, and this one's.
        """
        with self._store.read() as uow:
            second = waiting(uow, plan, looked_at, self._slot_at)
        is_due = since < self._until and may_be_due(plan, (since, self._until))
        if not is_due and second.num_rows == 0:
            return
        with self._lake.open(self._version.tables, [self._shop.shop_id]) as view:
            due = self._due(places(view, plan), plan, (since, self._until) if is_due else None, second)
            if due.num_rows == 0:
                return
            people = frozen_people(view, plan, due)
            with self._store.read() as uow:
                state = uow.person_state.get(self._shop.shop_id, people["person_id"].to_pylist())
                sent = uow.outbox.recent(self._shop.shop_id, self._slot_at - _longest(self._guardrails), plan.id)
                budget = uow.budget_ledger.remaining_millis(plan.id) - uow.outbox.planned_millis(plan.id)
                granted = uow.outbox.granted(plan.id)
            table = candidates(
                view,
                plan,
                self._shop,
                self._guardrails,
                people=view.memory_table("tick_people", people),
                due=due,
                state=state,
                sent=sent,
                as_of=self._slot_at,
            )
            table = keep_waiting(table, view, second)
            table = keep_audience(table, view, plan, self._shop, due, self._slot_at)
            one = self._choose(view, table, plan, budget, granted)
            shown = with_goods(one.messages, view, plan, self._shop, self._slot_at)
            self._decided.append(replace(one, messages=shown))

    def _due(
        self, where: list[Place], plan: Plan, covers: tuple[datetime, datetime] | None, second: pa.Table
    ) -> pa.Table:
        """Give the steps that fall due in the interval and the second channels of those who wait."""
        known = (plan, where, self._markets, self._shop, self._guardrails)
        steps = pc.unique(second["step_id"]).to_pylist()
        later = fallback_due(*known, steps, self._slot_at)
        return pa.concat_tables([due_table(*known, covers), later]) if covers else later

    def _choose(
        self, view: LakeView, table: ir.Table, plan: Plan, budget_millis: int, granted: dict[str, int]
    ) -> Decided:
        from agent.guardrails import guard

        rows = table.to_pyarrow()
        is_treated = pc.equal(rows["arm"], "treated")
        withheld = rows.filter(pc.invert(is_treated)).select(["person_id", "cohort", "step_id"])
        withheld = withheld.group_by(withheld.column_names).aggregate([])
        options = view.memory_table("tick_options", rows.filter(is_treated))
        guarded = guard(options, self._guardrails, markets=tuple(self._markets.values()), brief=plan.brief)
        frame = Frame(
            plan=plan,
            guardrails=self._guardrails,
            slot_at=self._slot_at,
            batch_id=self._batch_id,
            seed=self._seed,
            exploration_rate=self._rate,
            budget_millis=budget_millis,
            n_granted=granted,
            shared=Shared(
                self._key,
                plan.id,
                self._guardrails,
                self._markets,
                data_version=self._version.number,
                decided_at=to_micros(self._slot_at),
                budget_millis=budget_millis,
            ),
        )
        return decide(guarded.to_pyarrow(), withheld, frame)

    def write(self, covered: datetime | None, clock: Clock) -> TickReport:
        """Write the lake first, then in one transaction the batch that names it and the messages."""
        with self._store.unit_of_work() as uow:
            if (other := uow.batches.at(self._shop.shop_id, self._slot_at)) is not None:
                return TickReport.model_validate(other.report).model_copy(update={"is_repeat": True})
            report = self._report(covered)
            versions = self._append(uow) if report.n_decisions else {}
            n_planned = uow.outbox.plan(message for one in self._decided for message in one.messages)
            report = report.model_copy(update={"n_planned": n_planned})
            uow.batches.add(
                Batch(
                    batch_id=self._batch_id,
                    shop_id=self._shop.shop_id,
                    slot_at=self._slot_at,
                    covers_until=max(self._until, covered or self._until),
                    lake_versions=versions,
                    content_hash=report.decisions_hash,
                    n_decisions=report.n_decisions,
                    report=report.model_dump(mode="json"),
                )
            )
        return report

    def _append(self, uow: UnitOfWork) -> dict[str, int]:
        uow.versions.lock()
        before = uow.batches.lake_versions()
        return {
            name: self._lake.append(name, pa.concat_tables(tables), after=before.get(name))
            for name, tables in (
                ("decisions", [one.decisions for one in self._decided]),
                ("decision_options", [one.options for one in self._decided]),
            )
        }

    def _report(self, covered: datetime | None) -> TickReport:
        chosen: Counter[str] = sum((one.chosen for one in self._decided), Counter())
        blocked: Counter[str] = sum((one.blocked for one in self._decided), Counter())
        value, bound = (sum(getattr(one, name) for one in self._decided) for name in ("value_millis", "bound_millis"))
        return TickReport(
            shop_id=self._shop.shop_id,
            slot_at=self._slot_at,
            covers_from=covered,
            covers_until=max(self._until, covered or self._until),
            batch_id=self._batch_id,
            decisions_hash=_hash(self._decided),
            n_options=sum(one.options.num_rows for one in self._decided),
            n_decisions=sum(one.decisions.num_rows for one in self._decided),
            chosen=dict(sorted(chosen.items())),
            blocked=dict(sorted(blocked.items())),
            value_millis=value,
            bound_millis=bound,
            gap_rate=max(0.0, 1 - value / bound) if bound > 0 else 0.0,
            exploration_rate=self._rate,
            seed=self._seed,
        )


def _longest(guardrails: Guardrails) -> timedelta:
    return timedelta(days=max((cap.window_days for cap in guardrails.frequency_caps), default=1))


def _hash(decided: Sequence[Decided]) -> str:
    """Hash what was decided: ids, choices and reasons; every input of it is an integer or a text."""
    columns = ("decision_id", "chosen", "chosen_reason", "is_explored")
    return content_hash([one.decisions.select(columns).to_pydict() for one in decided])
