from agent.guardrails.rules.channels import RULE
from memory.domain.brief import Brief
from tests.factories.planning import context, guardrails
from tests.factories.plans import (
    assert_blocks,
    assert_row_blocked,
    assert_row_passes,
    candidate,
    compose_plan,
    good_plan,
    guarded,
)


def test_a_step_on_a_shut_channel_is_blocked() -> None:
    rails = guardrails(channels=("email",))
    plan = good_plan().model_copy(update={"guardrail_version": rails.version})
    assert_blocks(RULE, plan, "channel_not_allowed", ctx=context(guardrails=rails))


def test_a_step_on_a_channel_the_brief_excludes_is_blocked() -> None:
    plan = good_plan().model_copy(update={"brief": Brief(excluded_channels=("sms",))})
    assert_blocks(RULE, plan, "channel_not_allowed")


def test_dc_07_no_sms_in_germany_shuts_rows_there_and_nowhere_else() -> None:
    brief = Brief(excluded=(("DE", "sms"),))
    text = {"channel": "sms"}
    assert guarded(candidate(**text), candidate(**text, market="US", language="en"), brief=brief) == [[RULE.id], []]
    assert guarded(candidate(), brief=brief) == [[]]


def test_rows_on_unknown_channels_are_blocked() -> None:
    assert_row_blocked(RULE, channel="pigeon")
    assert_row_passes(channel="push")


def test_a_composed_plan_keeps_to_the_brief_by_itself() -> None:
    plan = compose_plan(Brief(excluded_channels=("sms", "push")), context())
    assert {channel for step in plan.steps() for channel in step.channels} == {"email"}
