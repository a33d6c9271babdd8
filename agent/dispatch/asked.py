"""The channel a person asked for after a message was decided: no other one goes out as if nothing had been said.

The tick goes by the same wish for what it decides later (`agent.tick.preferred`); what was decided with the wish in
view keeps its channel.
"""

from typing import Any

from memory.domain.market import Channel
from memory.domain.plan import Plan
from memory.domain.preference import Preference

from .facts import ClaimFacts

PREFERRED = "preferred_channel"
"""Reason of a message whose person asked for another channel since it was decided."""


def is_asked_elsewhere(row: Any, facts: ClaimFacts) -> bool:
    """Say whether the person asked, since the decision, for another channel that may be used for this message.

    It may where the installation sends there, the guardrails leave it open, the person let it in and has an address
    there, and the step goes there; a second channel gives way whatever its step, as in the tick.
    """
    person = facts.person_of[row.person_id]
    asked = facts.preferences.get(person, Preference()).channel
    since, decided = facts.asked_since.get(person), facts.decided_at.get(row.batch_id)
    if asked is None or asked == row.channel or since is None or (decided is not None and since <= decided):
        return False
    if asked not in facts.channels or asked not in facts.guardrails.channels:
        return False
    return (bool(row.first_key) or asked in _of_step(facts.plans[row.plan_id][0], row.step_id)) and _may_be_reached(
        asked, person, facts
    )


def _may_be_reached(channel: Channel, person: str, facts: ClaimFacts) -> bool:
    state, contact = facts.state[person], facts.contacts.get(person)
    if contact is None or not contact.address(channel):
        return False
    is_open = state[f"consent_{channel}"] and not state[f"is_suppressed_{channel}"]
    return bool(is_open) and (person, channel) not in facts.lapsed


def _of_step(plan: Plan, step_id: str) -> tuple[Channel, ...]:
    steps = (step for journey in plan.journeys for step in journey.steps)
    return next((step.channels for step in steps if step.id == step_id), ())
