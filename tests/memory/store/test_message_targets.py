"""Targets of messages in the store: the last one counts, and a successor gets those of the messages it still has."""

from datetime import timedelta

import pytest
from pydantic import ValidationError

from memory.domain.message_target import MessageTarget, TargetMetric, messages_of
from memory.store.engine import Store
from tests.factories.doing import LIVE_AT, a_plan
from tests.factories.parts import NEXT, THANKS
from tests.factories.planning import a_shop

PLAN = a_plan(a_shop())


def of(message: str, metric: TargetMetric, rate: float, plan_id: str = PLAN.id, days: int = 0) -> MessageTarget:
    at = LIVE_AT + timedelta(days=days)
    return MessageTarget(plan_id=plan_id, message=message, metric=metric, rate=rate, set_at=at)


def test_s1_59_the_last_target_counts_and_0_takes_it_away(store: Store) -> None:
    with store.unit_of_work() as uow:
        for one in (
            of(THANKS, "click", 0.1), of(THANKS, "open", 0.4), of(NEXT, "open", 0.3), of(THANKS, "click", 0.2, days=1),
            of(THANKS, "open", 0.9, "other"),
        ):  # fmt: skip
            uow.message_targets.put("nord", one)
    expected = (of(NEXT, "open", 0.3), of(THANKS, "open", 0.4), of(THANKS, "click", 0.2, days=1))
    with store.read() as uow:
        assert uow.message_targets.of(PLAN.id) == expected
    with store.unit_of_work() as uow:
        for _ in range(2):
            uow.message_targets.remove(PLAN.id, THANKS, "open")
        assert uow.message_targets.of(PLAN.id) == (expected[0], expected[2])


def test_s1_59_a_successor_gets_those_of_the_messages_it_still_has(store: Store) -> None:
    journeys = tuple(
        one.model_copy(update={"steps": tuple(step for step in one.steps if step.id != NEXT)}) for one in PLAN.journeys
    )
    new = PLAN.model_copy(update={"journeys": journeys})
    with store.unit_of_work() as uow:
        for one in (of(THANKS, "click", 0.1), of(NEXT, "click", 0.2), of("thank_you", "open", 0.5)):
            uow.message_targets.put("nord", one.model_copy(update={"plan_id": "old"}))
        uow.message_targets.put("nord", of(THANKS, "click", 0.3, new.id))
        uow.message_targets.copy("old", new)
        assert uow.message_targets.of(new.id) == (
            of(THANKS, "click", 0.3, new.id), of("thank_you", "open", 0.5, new.id),
        )  # fmt: skip


def test_s1_59_a_target_names_a_step_we_send_or_a_kind_and_is_a_share() -> None:
    known = messages_of(PLAN)
    assert [step.id for step in known[THANKS]] == [THANKS]
    assert {step.kind for step in known["thank_you"]} == {"thank_you"} and len(known["thank_you"]) > 1
    assert "first_time.order_confirmation" not in known, "the shop sends it"
    for rate in (0.0, 1.1, -0.1, float("nan")):
        with pytest.raises(ValidationError):
            of(THANKS, "open", rate)
