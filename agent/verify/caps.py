"""Rolling frequency caps and the pause after an order."""

from datetime import datetime, timedelta

from memory.domain.handover import PersonNow, PlanNow, Promise
from memory.domain.message import SECOND_INCENTIVES
from memory.domain.outcome import Blocked
from memory.domain.plan import Journey

from .reason import reason


def caps(promise: Promise, person: PersonNow, plan: PlanNow, now: datetime) -> tuple[Blocked, ...]:
    """Give every cap that this message would break; a slot taken exactly one window ago is free again."""
    if promise.message_class == "transactional":
        return ()
    found = []
    for cap in plan.guardrails.frequency_caps:
        if cap.message_class != promise.message_class:
            continue
        begins = now - timedelta(days=cap.window_days)
        taken = {
            slot.send_key for slot in person.slots if slot.message_class == cap.message_class and slot.at > begins
        } - {promise.send_key}
        if not len(taken) + 1 <= cap.max_messages:
            message = f"{len(taken)} {cap.message_class} messages in {cap.window_days} days; {cap.max_messages} may be."
            found.append(reason("frequency_cap", "frequency_cap", message, limit=cap.max_messages, actual=len(taken)))
    return tuple(found)


def recent_buyer(
    promise: Promise, person: PersonNow, journey: Journey, plan: PlanNow, now: datetime
) -> tuple[Blocked, ...]:
    """Give why an order speaks against it: the journey ended with it, it was what was wanted, or promotion pauses."""
    last = person.last_order_at
    if last is None:
        return ()
    since = last.date() > plan.plan.anchor_on
    found = []
    if since and "order" in journey.exit_on:
        found.append(reason("journey_exit", "journey_exit", "The journey ended with the person's order."))
    if since and promise.message_kind in SECOND_INCENTIVES:
        found.append(reason("second_incentive", "ordered_again", "The person ordered again: nothing is left to win."))
    days = max(plan.guardrails.recent_buyer_days, journey.pause_promotions_after_order_days if since else 0)
    if promise.message_class == "promotional" and not now - last >= timedelta(days=days):
        message = f"The person ordered at {last}; promotion pauses for {days} days."
        found.append(reason("recent_buyer", "recent_buyer", message, limit=days, actual=last))
    return tuple(found)
