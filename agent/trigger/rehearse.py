"""A rehearsal: the decision of an event is made for a few people once and forgotten, before the first event comes.

What a process does the first time, loading calendars and compiling SQL among it, takes longer than a whole later run.
"""

from collections.abc import Sequence
from datetime import timedelta

from agent.tick.frozen import members
from agent.tick.run import Run
from memory.domain.clock import Clock
from memory.domain.plan import Plan
from memory.lake.lake import Lake
from memory.lake.view import LakeView
from memory.store.engine import Store
from memory.store.instants import to_micros
from memory.store.trigger_queue import TriggerRow
from tools.markets import Markets, load_markets

from .kinds import TRIGGERS, WAITS
from .run import TriggerRun, Waiting, people_behind

LONG_AGO = max(WAITS.values()) + timedelta(days=1)
"""Before now by more than any kind of message waits."""


def rehearse(
    store: Store, lake: Lake, clock: Clock, key: bytes, shop_id: str, *, markets: Markets | None = None
) -> int:
    """Decide for one treated person per cohort of each live plan as if they had done all; give how many decisions.

    Reads only: no batch, no message and no queue changes.
    """
    now, found = clock.now(), markets or load_markets()
    with store.read() as uow:
        live = [stored.plan for stored in uow.plans.all(shop_id, status="live")]
        if not live:
            return 0
        shop, version, guardrails = uow.shops.get(shop_id), uow.versions.latest(), uow.guardrails.current(shop_id)
    n_decided = 0
    for plan in live:
        with lake.open(version.tables, [shop_id]) as view:
            someone = _one_per_cohort(view, plan)
        done_at = to_micros(now - LONG_AGO)
        deeds = [
            TriggerRow(
                shop_id=shop_id, subject_id=person, trigger=trigger.id,
                event_at=done_at, received_at=done_at, ready_at=done_at,
            )
            for person in someone
            for trigger in TRIGGERS
        ]  # fmt: skip
        with store.read() as uow:
            people, subjects = people_behind(uow, deeds)
        run = Run(store, lake, shop, guardrails, version, found, now, now, 0, 0.0, key, "trigger")
        run.is_rehearsal = True
        _Rehearsal(run, lake, version.tables, shop_id, found, now, deeds, people, subjects).decide(plan)
        n_decided += sum(one.decisions.num_rows for one in run.decided)
    return n_decided


class _Rehearsal(TriggerRun):
    """A run in which everybody did enough; it is never written."""

    def met(self, view: LakeView, waiting: Sequence[Waiting]) -> list[tuple[str, str]]:
        """Look as a run does, and take everybody."""
        super().met(view, waiting)
        return sorted({(one.step.id, id) for one in waiting for ids in one.frozen_of.values() for id in ids})


def _one_per_cohort(view: LakeView, plan: Plan) -> list[str]:
    """Give a treated person of each cohort."""
    table = members(view, plan)
    treated = table.filter(table.arm == "treated")
    found: list[str] = (
        treated.group_by("cohort").agg(person_id=treated.person_id.min())["person_id"].to_pyarrow().to_pylist()
    )
    return sorted(found)
