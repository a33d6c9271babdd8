"""Part holdouts in the store: one per journey or step of a plan, journeys first, carried over to a successor."""

import pytest
from pydantic import ValidationError

from memory.domain.part_holdout import PartHoldout
from memory.store.engine import Store
from tests.factories.doing import a_plan
from tests.factories.parts import JOURNEY, NEXT, THANKS
from tests.factories.planning import a_shop

PLAN = a_plan(a_shop())


def of(part_id: str, rate: float, plan_id: str = PLAN.id) -> PartHoldout:
    return PartHoldout.model_validate(
        {"plan_id": plan_id, "part": "journey" if part_id == JOURNEY else "step", "part_id": part_id, "rate": rate}
    )


def test_s2_16_the_last_share_counts_and_journeys_come_first(store: Store) -> None:
    with store.unit_of_work() as uow:
        for one in (of(THANKS, 0.1), of(JOURNEY, 0.2), of(THANKS, 0.3), of(NEXT, 0.1, "other")):
            uow.part_holdouts.put("nord", one)
    with store.read() as uow:
        assert uow.part_holdouts.of(PLAN.id) == (of(JOURNEY, 0.2), of(THANKS, 0.3))
        assert set(uow.part_holdouts.of_plans([PLAN.id, "other", "none"])) == {PLAN.id, "other"}
    with store.unit_of_work() as uow:
        uow.part_holdouts.remove(PLAN.id, "journey", JOURNEY)
        uow.part_holdouts.remove(PLAN.id, "journey", JOURNEY)
        assert uow.part_holdouts.of(PLAN.id) == (of(THANKS, 0.3),)


def test_a_successor_gets_those_of_the_parts_it_still_has(store: Store) -> None:
    journeys = tuple(
        one.model_copy(update={"steps": tuple(step for step in one.steps if step.id != NEXT)}) for one in PLAN.journeys
    )
    new = PLAN.model_copy(update={"journeys": journeys})
    assert new.holdout.experiment_id == PLAN.holdout.experiment_id
    with store.unit_of_work() as uow:
        for one in (of(NEXT, 0.1), of(THANKS, 0.2)):
            uow.part_holdouts.put("nord", one)
        uow.part_holdouts.copy(PLAN.id, new)
        [kept] = uow.part_holdouts.of(new.id)
    assert kept == of(THANKS, 0.2, new.id)
    assert kept.experiment_id(new) == of(THANKS, 0.2).experiment_id(PLAN)


def test_a_part_is_found_in_its_plan_and_its_experiment_is_named_after_it() -> None:
    whole, step = of(JOURNEY, 0.1), of(THANKS, 0.1)
    assert [one.id for one in step.steps(PLAN)] == [THANKS]
    assert {THANKS, NEXT} < {one.id for one in whole.steps(PLAN)}
    assert step.experiment_id(PLAN) == f"{PLAN.holdout.experiment_id}.step.{THANKS}"
    assert of("vip.nothing", 0.1).journey(PLAN) is None and of("vip.nothing", 0.1).steps(PLAN) == ()


def test_a_part_begins_when_an_event_may_make_its_first_message_due() -> None:
    steps = {step.id: step for step in PLAN.steps()}
    onboarding, drop = steps[NEXT], steps["first_time.price_drop"]
    assert (onboarding.trigger, of(NEXT, 0.1).first_on(PLAN)) == ("dated", onboarding.due_on)
    assert of("first_time.care_guide", 0.1).first_on(PLAN) == PLAN.anchor_on, "a delivery may come on any day"
    [phase] = [one for one in PLAN.phases if one.id == drop.phase]
    assert (drop.trigger, of(drop.id, 0.1).first_on(PLAN)) == ("intent", phase.starts_on)
    assert phase.starts_on < drop.due_on
    assert of(JOURNEY, 0.1).first_on(PLAN) == PLAN.anchor_on


@pytest.mark.parametrize("rate", [0.0, 0.51, float("nan")])
def test_shares_of_nothing_or_of_more_than_half_do_not_exist(rate: float) -> None:
    with pytest.raises(ValidationError):
        of(THANKS, rate)
