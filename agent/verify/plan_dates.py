"""A plan's days: phases, due days and windows counted from day 0."""

from datetime import timedelta
from itertools import pairwise

from memory.domain.handover import PlanNow
from memory.domain.offer import StoreCredit
from memory.domain.outcome import Blocked
from memory.domain.plan import PHASE_DAYS, Plan

from .reason import reason


def plan_dates(now: PlanNow) -> tuple[Blocked, ...]:
    """Give every date that does not follow from the anchor, and every window that cannot be met."""
    return (*_days(now.plan), *_steps(now.plan), *_windows(now.plan))


def _days(plan: Plan) -> list[Blocked]:
    found = []
    stated = [(phase.id, phase.starts_on, phase.ends_on) for phase in plan.phases]
    wanted = [
        (name, plan.anchor_on + timedelta(days=first), plan.anchor_on + timedelta(days=last))
        for name, (first, last) in PHASE_DAYS.items()
    ]
    if stated != wanted or plan.ends_on - plan.anchor_on != timedelta(days=90):
        found.append(reason("dates", "phases_misdated", "The phases don't follow from day 0.", path="phases"))
    if plan.peak_from > plan.peak_until or plan.peak_until >= plan.anchor_on:
        found.append(reason("dates", "anchor_before_peak_end", "Day 0 has to follow the peak.", path="anchor_on"))
    for journey in plan.journeys:
        days = [step.day for step in journey.steps]
        if any(later < earlier for earlier, later in pairwise(days)):
            found.append(reason("dates", "steps_unordered", "The steps are out of order.", path=journey.id))
    return found


def _steps(plan: Plan) -> list[Blocked]:
    found = []
    for step in plan.steps():
        first, last = PHASE_DAYS[step.phase]
        if (step.due_on - plan.anchor_on).days != step.day or not first <= step.day <= last:
            found.append(reason("dates", "step_misdated", f"{step.id} is misdated.", path=step.id, actual=step.due_on))
        offer = plan.offer(step.offer_id) if step.offer_id else None
        if offer and not offer.limits.valid_from <= step.due_on <= offer.limits.valid_until:
            found.append(reason("dates", "offer_not_valid_then", f"{offer.id} is not valid then.", path=step.id))
    return found


def _windows(plan: Plan) -> list[Blocked]:
    found = []
    for offer in plan.offers:
        start, end = offer.limits.valid_from, offer.limits.valid_until
        opens = start
        if isinstance(offer.incentive, StoreCredit):
            opens = max(start, offer.incentive.redeemable_from or start)
        ends = min(end, start + timedelta(days=offer.goal.within_days))
        if end < start:
            found.append(reason("offer_complete", "never_valid", f"{offer.id} ends before it begins.", path=offer.id))
        if not (opens < ends or opens == ends == start):
            message = f"{offer.id} can be redeemed from {opens}, its goal ends on {ends}."
            found.append(reason("goal_window", "window_mismatch", message, path=offer.id, limit=ends, actual=opens))
    return found
