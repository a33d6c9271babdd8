"""A rehearsal does all that an event's decision does, and leaves nothing behind."""

from pathlib import Path

import pytest

from agent.trigger import rehearse
from tests.agent.trigger.test_run import KEY, Running, running

__all__ = ["running"]
pytestmark = pytest.mark.slow


def files(lake: Path) -> set[str]:
    return {str(path) for path in lake.rglob("*")}


def test_s2_03_a_rehearsal_decides_for_someone_and_writes_nothing(running: Running) -> None:
    running.at(2)
    store, before = running.store, files(running.lake.root)
    with store.read() as uow:
        version, batches = uow.versions.latest(), uow.batches.lake_versions()
    assert rehearse(store, running.lake, running.clock, KEY, "nord") > 0
    assert files(running.lake.root) == before
    with store.read() as uow:
        assert (uow.versions.latest(), uow.batches.lake_versions()) == (version, batches)
        assert uow.outbox.table("nord", running.world.plan.id, ["person_id"]).num_rows == 0
        assert not uow.triggers.ready("nord", running.clock.now(), 10)


def test_s2_03_whom_a_rehearsal_took_is_decided_as_if_there_had_been_none(running: Running) -> None:
    running.at(2)
    rehearse(running.store, running.lake, running.clock, KEY, "nord")
    first = min(running.treated)
    running.did(first, "delivery")
    assert running.decide().n_decisions == 1
    assert [row["person_id"] for row in running.messages("care_guide")] == [first]


def test_s2_03_without_a_live_plan_there_is_nothing_to_rehearse(running: Running) -> None:
    with running.store.unit_of_work() as uow:
        uow.plans.set_status(running.world.plan.id, "finished")
    assert rehearse(running.store, running.lake, running.clock, KEY, "nord") == 0
