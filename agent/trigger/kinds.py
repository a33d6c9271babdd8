"""When a deed makes a step due: how many within which time, and how long a kind of message waits after it."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from memory.domain.facts import EventKind
from memory.domain.message import MessageKind
from memory.domain.plan import Plan, Step


@dataclass(frozen=True)
class Trigger:
    """One trigger that steps may name."""

    id: Literal["delivered", "intent"]
    """As `Step.trigger` names it."""
    events: tuple[EventKind, ...]
    """Deeds that count."""
    n_needed: int
    """How many of them."""
    within: timedelta
    """Within which time up to now."""
    what: str
    """In words."""


TRIGGERS: list[Trigger] = [
    Trigger("delivered", ("delivery",), 1, timedelta(days=30), "A parcel of the person arrived."),
    Trigger(
        "intent",
        ("view", "cart", "checkout", "app_open", "mail_click"),
        5,
        timedelta(hours=24),
        "The person did five things in the shop within a day: interest is hot (S2-14).",
    ),
]
WAITS: dict[MessageKind, timedelta] = {
    "delivery_check": timedelta(days=2),
    "review_invitation": timedelta(days=7),
}
"""How long after its event a kind of message is due; at once for others."""
DATE_DECIDES = timedelta(days=1)
"""From so long before a step's day on its date decides, for whoever no event came in time."""


def trigger_of(name: str) -> Trigger | None:
    """Give the trigger of that name, or none (`dated`)."""
    return next((trigger for trigger in TRIGGERS if trigger.id == name), None)


def listens(plan: Plan, step: Step, today: date) -> bool:
    """Say whether an event of today may make the step due: its date is the latest, its phase the earliest for intent.

    Whoever no event comes for gets the step on its date.
    """
    if trigger_of(step.trigger) is None or today > step.due_on - DATE_DECIDES:
        return False
    phase = next(phase for phase in plan.phases if phase.id == step.phase)
    return step.trigger != "intent" or today >= phase.starts_on
