"""At most n messages of a class per person in a rolling window (S2-44, DC-04)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.guardrails.facts import PlanFacts
from agent.guardrails.room import Room, below, tightest
from agent.guardrails.rule import Limits, RuleBase, step_path
from memory.domain.guardrails import FrequencyCap, Guardrails
from memory.domain.outcome import Blocked
from memory.domain.plan import Journey, Plan, Step

if TYPE_CHECKING:
    import ibis.expr.types as ir


class FrequencyCapRule(RuleBase):
    """Rolling caps by message class; transactional messages are never capped."""

    id = "frequency_cap"
    columns = ("message_class", "channel", "n_sent_window", "cap_rate")

    def check_plan(self, plan: Plan, guardrails: Guardrails, facts: PlanFacts) -> tuple[Blocked, ...]:
        """Block a journey that alone would break a cap for a person who gets all of it."""
        return tuple(
            reason
            for journey in plan.journeys
            for cap in guardrails.frequency_caps
            for reason in self._over(journey, cap)
        )

    def room(self, plan: Plan, guardrails: Guardrails, facts: PlanFacts) -> tuple[Room, ...]:
        """Give how many more messages of a class fit into the fullest window, once for each cap."""
        return tuple(
            room
            for cap in guardrails.frequency_caps
            for room in tightest(
                [
                    below(step_path(journey.cohort, step.id), "messages", len(window), cap.max_messages)
                    for journey in plan.journeys
                    for step, window in _windows(journey, cap)
                ]
            )
        )

    def blocked(self, candidates: ir.Table, limits: Limits) -> ir.BooleanValue:
        """Block rows of people whose window is full; a wish for fewer messages or a risk band narrows it (S2-64)."""
        import ibis

        full = ibis.literal(False)
        for cap in limits.guardrails.frequency_caps:
            narrowed = (cap.max_messages * candidates.cap_rate.fill_null(1.0)).floor().cast("int64")
            most = ibis.least(cap.max_messages, ibis.greatest(narrowed, 1))
            full = full | ((candidates.message_class == cap.message_class) & ~(candidates.n_sent_window < most))
        return full & (candidates.message_class != "transactional") & (candidates.channel != "onpage")

    def _over(self, journey: Journey, cap: FrequencyCap) -> tuple[Blocked, ...]:
        found = []
        for step, window in _windows(journey, cap):
            if len(window) > cap.max_messages:
                message = (
                    f"{journey.cohort} would get {len(window)} {cap.message_class} messages in {cap.window_days} days "
                    f"up to day {step.day}; at most {cap.max_messages} are allowed. Move or remove one."
                )
                path = step_path(journey.cohort, step.id)
                found.append(
                    self.reason("cap_exceeded", message, path=path, limit=cap.max_messages, actual=len(window))
                )
        return tuple(found)


def _windows(journey: Journey, cap: FrequencyCap) -> list[tuple[Step, list[Step]]]:
    """Give each step the cap counts, with the steps in the window that ends on its day."""
    steps = [step for step in journey.steps if _counts(step, cap)]
    return [(step, [other for other in steps if 0 <= step.day - other.day < cap.window_days]) for step in steps]


def _counts(step: Step, cap: FrequencyCap) -> bool:
    return step.message_class == cap.message_class and step.owner == "us" and set(step.channels) != {"onpage"}


RULE = FrequencyCapRule()
