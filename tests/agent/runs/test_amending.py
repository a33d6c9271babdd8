"""Amending a live plan: what was promised is kept, unchanged steps go on, changed ones wait for a person."""

from datetime import timedelta
from typing import Any

import pyarrow as pa
import pytest

from agent.runs import amend, carry_over
from agent.runs.amending import PromiseBroken
from memory.domain.errors import InvalidInput
from memory.domain.message import Accepted
from memory.domain.message_target import MessageTarget
from memory.domain.plan import Plan
from memory.lake.lake import Lake
from tests.agent.dispatch.conftest import KEY, Desk, Scripted
from tests.factories.approvals import MIA
from tests.factories.doing import LIVE_AT
from tests.factories.parts import THANKS, hold_out

OK = Accepted(receipt="r", at=LIVE_AT)


def changed(plan: Plan, pick: Any, **update: Any) -> Plan:
    """The plan with every step that `pick` likes changed."""
    journeys = tuple(
        journey.model_copy(
            update={"steps": tuple(s.model_copy(update=update) if pick(s) else s for s in journey.steps)}
        )
        for journey in plan.journeys
    )
    return plan.model_copy(update={"journeys": journeys})


def stored(desk: Desk, plan: Plan) -> Plan:
    with desk.store.unit_of_work() as uow:
        uow.plans.put(plan, "mia", (), desk.clock.now())
    return plan


def waiting_steps(desk: Desk) -> set[str]:
    return {row.step_id for row in desk.planned()}


def test_changed_steps_are_held_and_the_others_go_on(desk: Desk) -> None:
    first = sorted(waiting_steps(desk))[0]
    new = stored(desk, changed(desk.world.plan, lambda step: step.id == first, local_minute=700))
    found = amend(desk.store, desk.clock, MIA, desk.world.plan.id, new.id)
    assert {step.step_id for step in found.steps if step.change == "changed"} == {first}
    n_held, sender = sum(row.step_id == first for row in desk.planned()), Scripted([OK])
    report = desk.run(sender)
    assert report.held == {"amendment_waits": n_held}
    assert report.n_sent == len(sender.journal)


def test_an_approved_amendment_takes_over_what_waits_and_nobody_gets_a_step_twice(
    desk: Desk, planned_database: tuple[Any, Any]
) -> None:
    old, sender = desk.world.plan, Scripted([OK])
    later = max(old.steps(), key=lambda step: step.day).id
    desk.run(sender, limit=5)
    new = stored(desk, changed(old, lambda step: step.id == later, local_minute=700))
    found = amend(desk.store, desk.clock, MIA, old.id, new.id)
    assert found.n_midway == 5
    with desk.store.unit_of_work() as uow:
        (request,) = [one for one in uow.approvals.of_plan(new.id) if one.status == "waiting"]
        uow.approvals.move(request.id, "waiting", "approved", by="ana", at=desk.clock.now())
        uow.plans.set_status(new.id, "approved")
    lake = Lake(planned_database[0].parent / "lake")
    n_waiting = len(desk.planned())
    (done,) = carry_over(desk.store, lake, desk.clock, KEY, "nord")
    assert carry_over(desk.store, lake, desk.clock, KEY, "nord") == ()
    assert done.id == found.id
    assert {row.plan_id for row in desk.planned()} == {new.id}
    assert len(desk.planned()) == n_waiting
    desk.clock.advance(timedelta(minutes=11))
    desk.run(sender)
    assert len(sender.journal) == len({message.send_key for message in sender.journal}) == n_waiting + 5
    with desk.store.read() as uow:
        assert uow.plans.get(old.id).status == "finished"
        assert uow.amendments.lineage(new.id) == (new.id, old.id)
        assert uow.batches.looked_at(new.id) == uow.batches.looked_at(old.id) == LIVE_AT
        told = uow.notices.with_message(uow.amendments.lineage(new.id), {step.id for step in new.steps()})
        assert told.num_rows == n_waiting + 5, "what the old plan sent is not sent again by a step that waits"
        assert uow.batches.live(new.id).live_at == uow.batches.live(old.id).live_at  # type: ignore[union-attr]


def test_a_step_that_went_out_or_an_issued_offer_may_not_change(desk: Desk) -> None:
    sent = sorted(waiting_steps(desk))[0]
    desk.run(Scripted([OK]))
    new = stored(desk, changed(desk.world.plan, lambda step: step.id == sent, local_minute=700))
    with pytest.raises(PromiseBroken, match=sent):
        amend(desk.store, desk.clock, MIA, desk.world.plan.id, new.id)
    with desk.store.unit_of_work() as uow:  # one of the messages carried an offer
        from sqlmodel import update

        from memory.store.outbox import OutboxRow

        offer = desk.world.plan.offers[0].id
        uow.session.connection().execute(update(OutboxRow).where(OutboxRow.step_id == sent).values(offer_id=offer))  # type: ignore[arg-type]
    fewer = stored(desk, desk.world.plan.model_copy(update={"offers": desk.world.plan.offers[1:]}))
    with pytest.raises(PromiseBroken, match=offer):
        amend(desk.store, desk.clock, MIA, desk.world.plan.id, fewer.id)


def test_s2_16_part_holdouts_and_their_arms_go_on_in_the_plan_that_takes_over(
    desk: Desk, planned_database: tuple[Any, Any]
) -> None:
    old, clock = desk.world.plan, desk.clock
    held = hold_out(desk.store, old, "step", THANKS)
    hoped = MessageTarget(plan_id=old.id, message=THANKS, metric="click", rate=0.05, set_at=clock.now())
    out, others = (sorted({row.person_id for row in desk.planned()})[part] for part in (slice(3), slice(3, None)))
    arms = [(person, "control") for person in out] + [(person, "treated") for person in others]
    rows = [{"person_id": person, "cohort": "first_time", "arm": arm} for person, arm in arms]
    with desk.store.unit_of_work() as uow:
        uow.assignments.put("nord", held.experiment_id(old), pa.Table.from_pylist(rows))
        uow.message_targets.put("nord", hoped)
    new = stored(desk, changed(old, lambda step: step.day > 80, local_minute=700))
    amend(desk.store, clock, MIA, old.id, new.id)
    with desk.store.unit_of_work() as uow:
        (request,) = [one for one in uow.approvals.of_plan(new.id) if one.status == "waiting"]
        uow.approvals.move(request.id, "waiting", "approved", by="ana", at=clock.now())
        uow.plans.set_status(new.id, "approved")
    carry_over(desk.store, Lake(planned_database[0].parent / "lake"), clock, KEY, "nord")
    assert {row.plan_id for row in desk.planned()} == {new.id}
    assert desk.run(Scripted([OK])).suppressed == {"held_out": len(out)}
    with desk.store.read() as uow:
        assert uow.message_targets.of(new.id) == (hoped.model_copy(update={"plan_id": new.id}),)


def test_s2_16_a_plan_with_part_holdouts_of_its_own_takes_over_from_none(desk: Desk) -> None:
    """Nobody would be drawn for it: its people got their arms when the old plan went live."""
    new = stored(desk, changed(desk.world.plan, lambda step: step.day > 80, local_minute=700))
    hold_out(desk.store, new, "step", THANKS)
    with pytest.raises(InvalidInput, match="drawn at go-live"):
        amend(desk.store, desk.clock, MIA, desk.world.plan.id, new.id)
