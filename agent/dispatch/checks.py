"""The checks of a claim: one message and the facts of this instant in; a refusal, a wait, or nothing out.

They share no code with the checks of the tick: what a decision promised is looked at afresh.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple

from memory.domain.canonical import content_hash
from memory.domain.market import Market
from memory.domain.message import SECOND_INCENTIVES
from memory.domain.plan import Journey, Plan
from memory.domain.preference import Preference, cap_rate, lowered, topic_of
from memory.domain.slips import SLIPPED, is_spared_kind
from memory.store.instants import from_micros, to_micros
from tools.timing import hours_for, next_allowed

from .asked import PREFERRED, is_asked_elsewhere
from .facts import ClaimFacts

LAPSES_AFTER = timedelta(hours=48)
SPREAD_MINUTES = 45
SHADOWED = "would_have_sent"
"""Reason on messages of a plan in the shadow that passed every check."""
GONE: frozenset[str] = frozenset({"stopped", "finished", "rejected", "refused", "draft"})


class Verdict(NamedTuple):
    """Why a message does not go now."""

    action: Literal["suppress", "hold"]
    """Whether it ends or waits."""
    reason: str
    """Its stable name."""
    until: datetime | None = None
    """Until when it waits."""


def check(row: Any, facts: ClaimFacts, market: Market | None, now: datetime) -> Verdict | None:
    """Give the first reason why this message may not be claimed now, or none."""
    if now - from_micros(row.due_at) > LAPSES_AFTER:
        return Verdict("suppress", SLIPPED if is_spared(row, facts) else "lapsed")
    return (
        _plan(row, facts, now)
        or _person(row, facts)
        or _parcel(row, facts, now)
        or _told(row, facts)
        or _preference(row, facts, now)
        or _order(row, facts, now)
        or _cap(row, facts, now)
        or _hours(row, facts, market, now)
        or _budget(row, facts)
        or _period(row, facts)
        or _shadow(row, facts)
    )


def _period(row: Any, facts: ClaimFacts) -> Verdict | None:
    """While its approver is away a plan keeps the period's limits; what goes beyond waits for the period's end."""
    left = facts.periods.get(row.plan_id)
    if left is None or row.message_class == "transactional" or left.allows(row.person_id, row.cost_millis):
        return None
    return Verdict("hold", "period_limit", left.ends_at)


def _plan(row: Any, facts: ClaimFacts, now: datetime) -> Verdict | None:
    plan, status = facts.plans[row.plan_id]
    if row.plan_id in facts.shadows:
        return None
    if status in GONE:
        return Verdict("suppress", f"plan_{status}")
    if status != "live":
        return Verdict("hold", f"plan_{status}", now + timedelta(minutes=10))
    if row.plan_id in facts.unapproved:
        return Verdict("hold", "not_approved", now + timedelta(minutes=10))
    if facts.guardrails.version != plan.guardrail_version:
        return Verdict("hold", "guardrails_changed", now + timedelta(minutes=10))
    if (row.plan_id, row.step_id) in facts.amended:
        return Verdict("hold", "amendment_waits", now + timedelta(minutes=10))
    return _release(row, facts, now)


def _release(row: Any, facts: ClaimFacts, now: datetime) -> Verdict | None:
    """A staged plan reaches whoever stands below its share; the others wait for the next stage."""
    release = facts.releases.get(row.plan_id)
    if release is None or release.status == "done":
        return None
    if release.status == "stopped":
        return Verdict("hold", "release_stopped", now + timedelta(minutes=10))
    place = facts.places.get((row.plan_id, facts.person_of[row.person_id]), 1.0)
    if place < release.share_rate:
        return None
    return Verdict("hold", "release_stage", max(release.advance_at, now + timedelta(minutes=10)))


def _person(row: Any, facts: ClaimFacts) -> Verdict | None:
    person = facts.person_of[row.person_id]
    if (row.plan_id, person) not in facts.assigned:
        return Verdict("suppress", "not_assigned")
    if (row.plan_id, person) in facts.control:
        return Verdict("suppress", "control_group")
    if _is_held_out(row, facts, person):
        return Verdict("suppress", "held_out")
    state = facts.state.get(person)
    if state is None or state["is_erased"]:
        return Verdict("suppress", "erased" if state else "unknown_person")
    reason = consent_refusal(state, row.channel, row.message_class)
    if not reason and row.message_class != "transactional" and (person, row.channel) in facts.lapsed:
        reason = "consent_expired"
    return Verdict("suppress", reason) if reason else None


def is_spared(row: Any, facts: ClaimFacts) -> bool:
    """Say whether the message waits for a parcel on a lane that slips."""
    return facts.person_of[row.person_id] in facts.spared and is_spared_kind(row.message_kind)


def _parcel(row: Any, facts: ClaimFacts, now: datetime) -> Verdict | None:
    """Promotions and review requests wait while the person's parcel slips; they go once it is there, or lapse."""
    return Verdict("hold", SLIPPED, now + timedelta(hours=1)) if is_spared(row, facts) else None


def _is_held_out(row: Any, facts: ClaimFacts, person: str) -> bool:
    """Say whether a holdout of the message's journey or step withholds the person; whoever has no arm there is."""
    plan, _ = facts.plans[row.plan_id]
    journey = _journey(plan, row.step_id)
    part_ids = {"step": row.step_id, "journey": journey.id if journey else ""}
    names = [one.experiment_id(plan) for one in facts.parts.get(row.plan_id, ()) if one.part_id == part_ids[one.part]]
    return any(facts.part_arms.get((name, person), frozenset()) != {"treated"} for name in names)


def _preference(row: Any, facts: ClaimFacts, now: datetime) -> Verdict | None:
    """What the person chose: a pause, topics and a channel asked for since end a message, whatever the plan meant."""
    chosen = facts.preferences.get(facts.person_of[row.person_id])
    if chosen is None or row.message_class == "transactional":
        return None
    if chosen.paused_until is not None and now < chosen.paused_until:
        return Verdict("suppress", "paused")
    if topic_of(row.message_kind) in chosen.topics_off:
        return Verdict("suppress", "topic_off")
    return Verdict("suppress", PREFERRED) if is_asked_elsewhere(row, facts) else None


def consent_refusal(state: Mapping[str, Any], channel: str, message_class: str) -> str:
    """Give why the person may not be contacted on the channel, or nothing. Transactional messages need no consent."""
    if channel == "onpage" or message_class == "transactional":
        return ""
    if state[f"is_suppressed_{channel}"]:
        return "suppressed"
    return "" if state[f"consent_{channel}"] else "consent_revoked"


def _told(row: Any, facts: ClaimFacts) -> Verdict | None:
    """A change of one article is told once per window, whichever plan or merged record tells it."""
    is_told = row.notice_sku and (facts.person_of[row.person_id], row.notice_sku) in facts.notices
    return Verdict("suppress", "told_already") if is_told else None


def _order(row: Any, facts: ClaimFacts, now: datetime) -> Verdict | None:
    """Recent buyers get no promotional push; an order ends a journey that says so, and any second incentive."""
    last = facts.state[facts.person_of[row.person_id]]["last_order_at"]
    if last is None:
        return None
    plan, _ = facts.plans[row.plan_id]
    journey = _journey(plan, row.step_id)
    ordered_since = last.date() > plan.anchor_on
    if journey and "order" in journey.exit_on and ordered_since:
        return Verdict("suppress", "journey_exit")
    if ordered_since and row.message_kind in SECOND_INCENTIVES:
        return Verdict("suppress", "ordered_again")
    if row.message_class != "promotional":
        return None
    pause = journey.pause_promotions_after_order_days if journey and ordered_since else 0
    days = max(facts.guardrails.recent_buyer_days, pause)
    return Verdict("suppress", "recent_buyer") if now - last < timedelta(days=days) else None


def _cap(row: Any, facts: ClaimFacts, now: datetime) -> Verdict | None:
    """Rolling windows: messages that hold a slot since `now` minus the window, over all plans, channels and shops.

    What others got at the same address counts as well; the person's wish and risk band lower the cap.
    """
    person = facts.person_of[row.person_id]
    taken = facts.slots.get((person, row.message_class), [])
    if row.plan_id in facts.shadows:
        taken = taken + facts.shadow_slots.get((person, row.message_class), [])
    chosen = facts.preferences.get(person, Preference())
    rate = cap_rate(chosen.frequency, facts.bands.get(person, "low"))
    for cap in facts.guardrails.frequency_caps:
        since = to_micros(now - timedelta(days=cap.window_days))
        if cap.message_class == row.message_class and sum(at > since for at in taken) >= lowered(
            cap.max_messages, rate
        ):
            return Verdict("suppress", "frequency_cap")
    return None


def _hours(row: Any, facts: ClaimFacts, market: Market | None, now: datetime) -> Verdict | None:
    """All candidate zones must allow this very instant; a held message comes back spread over the opening."""
    windows = hours_for(facts.guardrails, market, row.channel, row.message_class)
    zones = facts.state[facts.person_of[row.person_id]]["zones"] or [row.zone]
    opening = next_allowed(now, zones, windows)
    if opening is None:
        return Verdict("suppress", "no_allowed_time")
    if opening <= now:
        return None
    spread = int(content_hash([row.send_key, row.fence])[:6], 16) % (SPREAD_MINUTES * 60)
    later = next_allowed(opening + timedelta(seconds=spread), zones, windows)
    return Verdict("hold", "quiet_hours", later or opening)


def _budget(row: Any, facts: ClaimFacts) -> Verdict | None:
    return Verdict("suppress", "budget") if row.cost_millis > facts.budget[row.plan_id] else None


def _shadow(row: Any, facts: ClaimFacts) -> Verdict | None:
    """What passed every check of a plan in the shadow would have left; it ends here, and holds its shadow slot."""
    if row.plan_id not in facts.shadows:
        return None
    return Verdict("suppress", SHADOWED)


def _journey(plan: Plan, step_id: str) -> Journey | None:
    return next((journey for journey in plan.journeys for step in journey.steps if step.id == step_id), None)
