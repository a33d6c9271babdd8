"""A plan names who sends the transactional steps; whoever it is, the step counts as present and is not the plan's."""

import pytest

from agent.guardrails.rules.five_step_flow import RULE
from agent.tick.due import sendable
from memory.domain.brief import Brief
from memory.domain.order_mail import StepOwner
from memory.domain.plan import Plan
from tests.factories import planning
from tests.factories.doing import a_plan


def steps_of(plan: Plan) -> dict[str, tuple[str, str]]:
    flows = ("order_confirmation", "shipping_notice")
    return {step.kind: (step.owner, step.why[0]) for step in plan.steps() if step.kind in flows}


@pytest.mark.parametrize(
    ("owner", "named"),
    [("shop", ("shop", "sent_by_shop")), ("esp", ("esp", "sent_by_esp")), ("us", ("per_order", "sent_per_order"))],
)
def test_s1_14_s1_15_a_plan_names_the_owner_and_never_sends_the_step_itself(
    owner: StepOwner, named: tuple[str, str]
) -> None:
    owners = {} if owner == "shop" else {"order_confirmation": owner, "shipping_notice": owner}
    plan = a_plan(planning.a_shop(), Brief(), owners=owners)
    assert steps_of(plan) == {"order_confirmation": named, "shipping_notice": named}
    assert RULE.check_plan(plan, planning.guardrails(), planning.context()) == (), "the flow has its five steps"
    assert not {step.kind for _, _, step in sendable(plan)} & {"order_confirmation", "shipping_notice"}
