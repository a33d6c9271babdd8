"""Targets of a plan's messages: which share a marketer hopes is opened, clicked or followed by an order (S1-59)."""

from memory.domain.errors import InvalidInput, NotReady
from memory.domain.message_target import MessageTarget, TargetMetric, messages_of
from memory.domain.plan import Plan

from .acting import Acting
from .plans import get


def targets(acting: Acting, plan_id: str) -> tuple[MessageTarget, ...]:
    """Give a plan's targets."""
    plan = get(acting, plan_id).plan
    with acting.app.store.read() as uow:
        return uow.message_targets.of(plan.id)


def set_targets(
    acting: Acting, plan_id: str, message: str, rates: dict[TargetMetric, float]
) -> tuple[MessageTarget, ...]:
    """Set targets of a step or of a kind of message; a rate of 0 takes one away. Give all of the plan's.

    They decide nothing, so they need no approval and may be set while the plan runs; when is kept. Raise
    `InvalidInput` for an unknown message, no metric, or a share outside of 0 to 1.
    """
    acting.require("plan")
    plan = get(acting, plan_id).plan
    _refuse(plan, message, rates)
    with acting.write("plan.target", f"plan:{plan.id}", message=message, **rates) as uow:
        status, _ = uow.plans.standing(plan.id)
        if status in ("rejected", "refused"):
            remedy = "Set targets on a plan that is to run"
            raise NotReady(what=f"plan {plan.id[:12]}", why=f"it is {status}", remedy=remedy)
        for metric, rate in rates.items():
            if not rate:
                uow.message_targets.remove(plan.id, message, metric)
                continue
            now = acting.app.clock.now()
            one = MessageTarget(plan_id=plan.id, message=message, metric=metric, rate=rate, set_at=now)
            uow.message_targets.put(plan.shop_id, one)
    return targets(acting, plan.id)


def _refuse(plan: Plan, message: str, rates: dict[TargetMetric, float]) -> None:
    known = messages_of(plan)
    if message not in known:
        why = f"plan {plan.id[:12]} sends no step and no kind of message of that name"
        raise InvalidInput(what=message or "the message", why=why, remedy=f"Name one of {', '.join(known)}")
    if not rates:
        remedy = "Give a share of the messages to be opened, clicked or followed by an order"
        raise InvalidInput(what="the target", why="it names nothing to count", remedy=remedy)
    for metric, rate in rates.items():
        if not 0 <= rate <= 1:
            remedy = "Give a share of the messages, for example 0.05; 0 takes the target away"
            raise InvalidInput(what=f"the {metric} target", why=f"{rate} is not between 0 and 1", remedy=remedy)
