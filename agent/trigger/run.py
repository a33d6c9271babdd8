"""One trigger run: what people did since the last one becomes decisions, for these people alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa

from agent.tick.due import DUE_SCHEMA, Place, due_row, sendable
from agent.tick.fallback import WAITING_SCHEMA
from agent.tick.frozen import members
from agent.tick.run import Run
from memory.domain.canonical import content_hash
from memory.domain.clock import Clock
from memory.domain.plan import Plan, Step
from memory.domain.segment import AllOf, AnyOf, Compare, NotOf, SegmentRule
from memory.lake.lake import Lake
from memory.lake.view import LakeView
from memory.store.batches import Batch
from memory.store.engine import Store
from memory.store.instants import from_micros, to_micros
from memory.store.trigger_queue import TriggerRow
from memory.store.unit_of_work import UnitOfWork
from tools.markets import Markets, load_markets

from .kinds import WAITS, listens, trigger_of
from .met import met_by
from .report import TriggerReport

MOST = 5_000
"""Deeds of one run."""
KEEP = timedelta(days=7)
"""How long decided deeds can be looked at."""
PERSONAL = frozenset({"bought"})
"""Rules for goods that read nothing but the person's own facts."""


def decide_triggers(
    store: Store,
    lake: Lake,
    clock: Clock,
    key: bytes,
    shop_id: str,
    *,
    markets: Markets | None = None,
    exploration_rate: float = 0.05,
    limit: int = MOST,
) -> TriggerReport:
    """Decide what waiting deeds made due; what it costs depends on the people who did them, not on the shop.

    The same guardrails, holdout, choice and outbox as a tick. `key` is not used for chance.
    """
    now = clock.now()
    with store.read() as uow:
        deeds = uow.triggers.ready(shop_id, now, limit)
        if not deeds:
            return TriggerReport()
        shop, version, guardrails = uow.shops.get(shop_id), uow.versions.latest(), uow.guardrails.current(shop_id)
        live = [stored.plan for stored in uow.plans.all(shop_id, status="live")]
        people, subjects = people_behind(uow, deeds)
    seed = int(content_hash([shop_id, now.isoformat()])[:8], 16)
    found = markets or load_markets()
    run = Run(store, lake, shop, guardrails, version, found, now, now, seed, exploration_rate, key, "trigger")
    one = TriggerRun(run, lake, version.tables, shop_id, found, now, deeds, people, subjects)
    for plan in sorted(live, key=lambda each: each.id):
        one.decide(plan)
    with store.unit_of_work() as uow:
        return one.write(uow, clock)


def people_behind(uow: UnitOfWork, deeds: Sequence[TriggerRow]) -> tuple[dict[str, str], dict[str, set[str]]]:
    """Give the person of each deed's subject, and all subjects of each of these people."""
    people = uow.identities.people_of(deed.subject_id for deed in deeds)
    return people, uow.identities.subjects_of(set(people.values()))


@dataclass
class Waiting:
    """A step that may be due for some people."""

    journey_id: str
    cohort: str
    step: Step
    frozen_of: dict[str, set[str]]
    """Per person the ids under which the plan froze them."""


class TriggerRun:
    """The state of one run."""

    def __init__(
        self,
        run: Run,
        lake: Lake,
        tables: dict[str, int],
        shop_id: str,
        markets: Markets,
        now: datetime,
        deeds: Sequence[TriggerRow],
        people: dict[str, str],
        subjects: dict[str, set[str]],
    ) -> None:
        """Decide for the people behind these deeds, on one version of the facts."""
        self._run, self._lake, self._tables, self._shop_id, self._now = run, lake, tables, shop_id, now
        self._markets = {market.country: market for market in markets.all()}
        self._deeds, self._people, self._subjects = deeds, people, subjects
        self._later: list[dict[str, Any]] = []

    def decide(self, plan: Plan) -> None:
        """Decide a plan's steps that listen to these deeds."""
        today, heard = self._now.date(), {deed.trigger for deed in self._deeds}
        steps = [one for one in sendable(plan) if one[2].trigger in heard and listens(plan, one[2], today)]
        if not steps:
            return
        everybody = sorted({subject for members_of in self._subjects.values() for subject in members_of})
        only = None if any(_needs_the_shop(step) for _, _, step in steps) else everybody
        with self._lake.open(self._tables, [self._shop_id], subjects=only) as view:
            frozen = members(view, plan)
            rows = frozen.filter(frozen.person_id.isin(everybody)).to_pyarrow()
            waiting = [one for one in self._listening(plan, steps, self._frozen(rows)) if one.frozen_of]
            pairs = self.met(view, waiting)
            if not pairs:
                return
            named = {step for step, _ in pairs}
            due = self._due_rows([one for one in waiting if one.step.id in named], rows)
            table = pa.table({"step_id": [s for s, _ in pairs], "person_id": [p for _, p in pairs]})
            self._run.decide_people(view, plan, due, WAITING_SCHEMA.empty_table(), rows, table)

    def _frozen(self, rows: pa.Table) -> dict[tuple[str, str], set[str]]:
        """Give per present person and cohort the ids under which the plan froze them."""
        owner = {subject: person for person, ones in self._subjects.items() for subject in ones}
        found: dict[tuple[str, str], set[str]] = {}
        for row in rows.select(["person_id", "cohort"]).to_pylist():
            found.setdefault((owner[row["person_id"]], row["cohort"]), set()).add(row["person_id"])
        return found

    def _listening(
        self, plan: Plan, steps: list[tuple[str, str, Step]], frozen: dict[tuple[str, str], set[str]]
    ) -> list[Waiting]:
        """Give whose deeds each step hears; kinds that wait some days are queued again for then."""
        found = []
        for journey_id, cohort, step in steps:
            wait, name = WAITS.get(step.kind, timedelta()), f"{plan.id}/{step.id}"
            one = Waiting(journey_id, cohort, step, {})
            for deed in self._deeds:
                ids = frozen.get((self._people[deed.subject_id], cohort))
                if not ids or deed.trigger != step.trigger or deed.step not in ("", name):
                    continue
                ready = from_micros(deed.event_at) + wait
                if not deed.step and ready > self._now:
                    self._queue(deed, name, ready)
                else:
                    one.frozen_of[self._people[deed.subject_id]] = ids
            found.append(one)
        return found

    def _queue(self, deed: TriggerRow, name: str, ready: datetime) -> None:
        kept = deed.model_dump(exclude={"id", "decided_at"})
        self._later.append(kept | {"step": name, "ready_at": to_micros(ready)})

    def met(self, view: LakeView, waiting: Sequence[Waiting]) -> list[tuple[str, str]]:
        """Give (step id, frozen person id) of everyone a step's trigger is met for."""
        pairs: set[tuple[str, str]] = set()
        for name in sorted({one.step.trigger for one in waiting}):
            trigger, mine = trigger_of(name), [one for one in waiting if one.step.trigger == name]
            asked = {person for one in mine for person in one.frozen_of}
            met = met_by(trigger, view, asked, self._now) if trigger else set()
            for one in mine:
                for person in one.frozen_of.keys() & met:
                    pairs |= {(one.step.id, frozen) for frozen in one.frozen_of[person]}
        return sorted(pairs)

    def _due_rows(self, waiting: list[Waiting], rows: pa.Table) -> pa.Table:
        where = {(row["market"], row["zone"]) for row in rows.select(["market", "zone"]).to_pylist()}
        due = [
            due_row(
                one.journey_id, one.cohort, one.step, channel, Place(*place), self._markets, self._run.shop,
                self._run.guardrails, self._now,
            )
            for one in waiting
            for place in sorted(where, key=lambda each: [part or "" for part in each])
            for channel in one.step.channels
        ]  # fmt: skip
        return pa.Table.from_pylist(due, schema=DUE_SCHEMA)

    def write(self, uow: UnitOfWork, clock: Clock) -> TriggerReport:
        """Write the lake first, then in one transaction batch, messages and what was decided; nothing where raced."""
        ids = [deed.id for deed in self._deeds if deed.id is not None]
        if not uow.triggers.are_ready(ids):
            return TriggerReport()
        report = self._run.report(None)
        n_planned = 0
        if report.n_decisions:
            versions = self._run.append(uow)
            n_planned = self._run.plan(uow)
            report = report.model_copy(update={"n_planned": n_planned})
            uow.batches.add(
                Batch(
                    batch_id=self._run.batch_id,
                    shop_id=self._shop_id,
                    slot_at=self._now,
                    covers_until=self._now,
                    lake_versions=versions,
                    content_hash=report.decisions_hash,
                    n_decisions=report.n_decisions,
                    report=report.model_dump(mode="json"),
                    kind="trigger",
                )
            )
            self._note(uow)
        uow.triggers.add(self._later)
        uow.triggers.decided(ids, clock.now())
        uow.triggers.forget_before(self._shop_id, self._now - KEEP)
        return TriggerReport(
            n_deeds=len(self._deeds),
            n_people=len(set(self._people.values())),
            n_waiting=len(self._later),
            n_decisions=report.n_decisions,
            n_planned=n_planned,
            batch_id=self._run.batch_id if report.n_decisions else "",
        )

    def _note(self, uow: UnitOfWork) -> None:
        """Keep what was decided, so that neither a later event nor the date decides it again."""
        for one in self._run.decided:
            rows = one.decisions.select(["plan_id", "step_id", "person_id"]).to_pylist()
            for plan_id in {row["plan_id"] for row in rows}:
                decided = {(row["step_id"], row["person_id"]) for row in rows if row["plan_id"] == plan_id}
                uow.triggers.note_steps(plan_id, sorted(decided))


def _needs_the_shop(step: Step) -> bool:
    """Say whether the step reads facts of other people: ranks within the shop, or what sells."""
    is_ranked = step.audience is not None and _ranks(step.audience)
    return is_ranked or (step.goods is not None and step.goods.rule not in PERSONAL)


def _ranks(rule: SegmentRule) -> bool:
    match rule:
        case Compare():
            return rule.attribute.endswith("_quintile")
        case AllOf() | AnyOf():
            return any(_ranks(part) for part in rule.of)
        case NotOf():
            return _ranks(rule.of)
    return False
