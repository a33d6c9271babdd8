"""What a rendered text message costs beyond the one part that its step was planned with (B9)."""

from memory.domain.message import Rendered
from memory.domain.plan import Plan
from memory.store.unit_of_work import UnitOfWork
from tools.copywriting.segments import sms_size
from tools.priors.amounts import message_cost_millis

MAX_SEGMENTS = 6
"""A longer text is a mistake: networks take ten at most, and people read one."""


def extra_millis(message: Rendered, currency: str) -> int | None:
    """Give the cost of the parts after the first; none where there are more than `MAX_SEGMENTS`."""
    if message.channel != "sms":
        return 0
    n_segments = sms_size(message.text).n_segments
    return None if n_segments > MAX_SEGMENTS else (n_segments - 1) * message_cost_millis("sms", currency)


def step_left_millis(uow: UnitOfWork, plan: Plan, step_id: str) -> int:
    """Give what is left of the cost that the step was approved with, in thousandths of a minor unit."""
    step = next((step for step in plan.steps() if step.id == step_id), None)
    approved = 1000 * step.expected_cost.amount_minor if step else 0
    return approved - uow.outbox.step_millis(plan.id, step_id)
