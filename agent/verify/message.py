"""One message at hand-off: every limit is worked out anew from the facts of this very instant."""

from datetime import datetime

from memory.domain.handover import MarketNow, PersonNow, PlanNow, Promise
from memory.domain.outcome import Allowed, Denied, Verdict
from memory.domain.plan import Journey, Step

from .caps import caps, recent_buyer
from .hours import hours
from .intent import intent
from .parts import parts
from .people import people
from .price import price
from .reason import reason
from .sealed import sealed
from .standing import standing
from .words import words


def verify_message(
    key: bytes, promise: Promise, person: PersonNow, plan: PlanNow, market: MarketNow, now: datetime
) -> Verdict:
    """Say whether the message may be handed off now; every reason is kept, and what matches no step is denied."""
    found = _step(plan, promise)
    if found is None:
        why = f"The plan has no step {promise.step_id} of {promise.cohort} on {promise.channel}."
        return Denied(reasons=(reason("known", "unknown_step", why, actual=promise.step_id),))
    journey, step = found
    reasons = (
        *standing(plan, promise, now),
        *sealed(key, promise, plan, market.market),
        *words(promise, step, plan),
        *people(promise, person),
        *parts(person, journey, step, plan),
        *intent(key, promise, person, step, now),
        *recent_buyer(promise, person, journey, plan, now),
        *caps(promise, person, plan, now),
        *hours(promise, person, plan, market, now),
        *price(promise, plan, now),
    )
    return Denied(reasons=reasons) if reasons else Allowed()


def _step(plan: PlanNow, promise: Promise) -> tuple[Journey, Step] | None:
    for journey in plan.plan.journeys:
        for step in journey.steps:
            if step.id != promise.step_id or step.owner != "us":
                continue
            if promise.channel in step.channels or (step.fallback and promise.channel == step.fallback.channel):
                return (journey, step) if journey.cohort == promise.cohort else None
    return None
