import copy
from typing import get_args

import pytest
from pydantic import ValidationError

from memory.domain.brief import GoalMetric
from memory.domain.canonical import content_hash
from memory.domain.channels_before import PRE_PURCHASE_CHANNELS
from memory.domain.plan import RETENTION_GOALS, Plan
from tests.factories.doing import a_plan as plan_of
from tests.factories.shop import a_shop


def a_plan() -> Plan:
    return plan_of(a_shop())


def test_a_plans_id_is_the_hash_of_its_content() -> None:
    plan = a_plan()
    assert plan.id == content_hash(plan)
    assert Plan.model_validate_json(plan.model_dump_json()).id == plan.id


def test_dc_02_a_changed_copy_has_another_id_even_when_the_first_id_was_read() -> None:
    plan = a_plan()
    before = plan.id
    changed = plan.model_copy(update={"title": "something else"})
    assert changed.id != before
    assert changed.id == content_hash(changed)
    assert plan.id == before


def test_the_remembered_id_is_no_part_of_the_content() -> None:
    plan, same = a_plan(), a_plan()
    assert plan.id
    assert plan == same
    assert "id" not in plan.model_dump()
    assert copy.deepcopy(plan).id == plan.id


@pytest.mark.parametrize("metric", get_args(GoalMetric))
def test_s1_02_every_plan_carries_its_stage_and_at_least_one_goal(metric: GoalMetric) -> None:
    plan = a_plan()
    goal = plan.goal.model_copy(update={"metric": metric})
    journeys = tuple(one.model_copy(update={"goal_metric": metric}) for one in plan.journeys)
    lines = tuple(
        line.model_copy(update={"amount": line.amount.model_copy(update={"amount_minor": 0})})
        for line in plan.budget.lines
    )
    bare = plan.model_copy(
        update={"goal": goal, "journeys": journeys, "budget": plan.budget.model_copy(update={"lines": lines})}
    )
    assert (bare.stage, bare.goals) == ("post_purchase", (RETENTION_GOALS[metric],))
    assert {"stage", "goals"}.isdisjoint(bare.model_dump()), "they follow from the content: the id doesn't move"


def test_s1_02_money_for_loyalty_and_referral_names_these_goals() -> None:
    plan = a_plan()
    funded = {line.bucket for line in plan.budget.lines if line.amount.amount_minor}
    assert ("loyalty" in plan.goals, "referral" in plan.goals) == (
        "loyalty_programme" in funded,
        "referral" in funded,
    )
    assert "repeat" in plan.goals


@pytest.mark.parametrize("channel", PRE_PURCHASE_CHANNELS)
def test_s1_01_a_plan_that_spends_on_a_pre_purchase_channel_is_refused_by_name(channel: str) -> None:
    raw = a_plan().model_dump(mode="json")
    raw["budget"]["lines"][0]["bucket"] = channel
    with pytest.raises(ValidationError, match=f"{channel} is a pre-purchase channel"):
        Plan.model_validate(raw)
