from agent.guardrails.rules.reach import RULE
from tests.factories.planning import context, guardrails
from tests.factories.plans import assert_blocks, good_plan


def test_c3_a_plan_that_touches_too_many_people_is_blocked() -> None:
    """4,560 people can be reached outside the control group."""
    rails = guardrails(max_reach=4559)
    plan = good_plan().model_copy(update={"guardrail_version": rails.version})
    assert_blocks(RULE, plan, "too_many_people", ctx=context(guardrails=rails))


def test_c3_cohorts_that_are_not_those_of_the_data_are_blocked() -> None:
    plan = good_plan()
    changed = (plan.cohorts[0].model_copy(update={"n_people": 1}), *plan.cohorts[1:])
    assert_blocks(RULE, plan.model_copy(update={"cohorts": changed}), "cohorts_differ")
