"""The second incentive: only for who has not ordered again, inside caps and margin floor, of a stored offer (S1-18)."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from agent.guardrails.rules.frequency_cap import RULE as CAP
from agent.guardrails.rules.known import RULE as KNOWN
from agent.guardrails.rules.margin_floor import RULE as FLOOR
from agent.tick import go_live, tick
from memory.domain.clock import ManualClock
from memory.domain.message import SECOND_INCENTIVES
from memory.lake.lake import Lake
from memory.store.engine import open_store
from memory.store.tables import metadata
from tests.factories.doing import LIVE_AT, a_world
from tests.factories.plans import assert_blocks, candidate, edit_step, good_plan, guarded

KEY = b"a key for tests only, 32 bytes.."
DAY = timedelta(days=1)


def test_s1_18_every_second_incentive_carries_an_offer_that_the_plan_stores() -> None:
    plan = good_plan()
    steps = [step for step in plan.steps() if step.kind in SECOND_INCENTIVES]
    assert {step.id.split(".")[0] for step in steps} == {journey.cohort for journey in plan.journeys}
    assert all(step.offer_id and plan.offer(step.offer_id) is not None for step in steps)
    assert_blocks(KNOWN, edit_step(plan, steps[0].id, offer_id="vip.nowhere"), "unknown_offer", alone=False)


@pytest.mark.parametrize("kind", SECOND_INCENTIVES)
def test_s1_18_caps_and_the_margin_floor_hold_for_every_kind(kind: str) -> None:
    offer: dict[str, Any] = {"message_kind": kind, "offer_id": "vip.offer"}
    full, poor, fine = guarded(
        candidate(**offer, n_sent_window=99), candidate(**offer, worst_margin_rate=0.01), candidate(**offer)
    )
    assert CAP.id in full and FLOOR.id in poor
    assert not {CAP.id, FLOOR.id} & set(fine)


@pytest.mark.slow
def test_s1_18_it_fires_only_for_who_did_not_order_again(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'store.db'}")
    metadata.create_all(store.engine)
    lake, clock = Lake(tmp_path / "lake"), ManualClock(LIVE_AT)
    world = a_world(store, lake, 40)
    go_live(store, lake, clock, KEY, world.approved)
    with store.read() as uow:
        arms = uow.assignments.arms("nord", world.plan.holdout.experiment_id).to_pylist()
    again = sorted(row["person_id"] for row in arms)[:9]
    step = next(one for one in world.plan.steps() if one.id.startswith("first_time") and one.kind in SECOND_INCENTIVES)
    with store.unit_of_work() as uow:
        at = pa.array([LIVE_AT + 3 * DAY] * len(again), pa.timestamp("us", tz="UTC"))
        uow.person_state.upsert("nord", pa.table({"person_id": again, "last_order_at": at}))
    slot = LIVE_AT.replace(hour=0) + step.day * DAY
    clock.set(slot)
    tick(store, lake, clock, KEY, "nord", slot - DAY, seed=1, slot=2 * DAY, exploration_rate=0)
    with store.read() as uow:
        versions = uow.batches.lake_versions()
    with lake.open(versions) as view:
        rows = view.raw("decisions").to_pyarrow().to_pylist()
    decided = {row["person_id"] for row in rows if row["step_id"] == step.id}
    assert decided == {row["person_id"] for row in arms} - set(again)
