"""Whether the message is what its template makes it: kind, class, template, offer, language, channel."""

from memory.domain.handover import PlanNow, Promise
from memory.domain.message import MESSAGE_CLASS
from memory.domain.outcome import Blocked
from memory.domain.plan import Step

from .reason import reason


def words(promise: Promise, step: Step, plan: PlanNow) -> tuple[Blocked, ...]:
    """Give every way in which the message is not its step, or its step not its template."""
    right = next((of for kind, of in MESSAGE_CLASS.items() if kind == promise.message_kind), None)
    found = []
    if right is None or promise.message_class != right:
        message = f"{promise.message_kind} is {right or 'unknown'}, not {promise.message_class}."
        found.append(reason("message_class", "wrong_class", message, limit=right, actual=promise.message_class))
    stated = (promise.message_kind, promise.template, promise.offer_id)
    planned = (step.kind, f"{step.template}@{step.template_version}", step.offer_id or "")
    if stated != planned:
        found.append(reason("known", "not_as_planned", "The message is not its step.", limit=planned, actual=stated))
    offer = plan.plan.offer(promise.offer_id) if promise.offer_id else None
    if promise.offer_id and offer is None:
        found.append(reason("known", "unknown_offer", f"There is no offer {promise.offer_id}."))
    may_carry = right == "promotional" or (
        promise.message_kind == "review_invitation" and offer is not None and offer.incentive.kind == "bonus_points"
    )
    if promise.offer_id and not may_carry:
        message = f"A {promise.message_kind} carries no offer."
        found.append(reason("message_class", "offer_in_disguise", message, actual=promise.offer_id))
    return (*found, *_allowed(promise, plan))


def _allowed(promise: Promise, plan: PlanNow) -> list[Blocked]:
    rails, brief, found = plan.guardrails, plan.plan.brief, []
    languages = [each for each in rails.languages if not brief.languages or each in brief.languages]
    if promise.language not in languages:
        found.append(reason("languages", "no_language", f"{promise.language!r} is not allowed.", limit=languages))
    if promise.channel not in rails.channels or promise.channel in brief.excluded_channels:
        found.append(reason("channels", "channel_not_allowed", f"{promise.channel} is not allowed."))
    return found
