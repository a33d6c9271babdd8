"""Every date follows from the anchor day (S2-46, S2-53, trap 7)."""

from datetime import timedelta

from agent.guardrails.facts import PlanFacts
from agent.guardrails.rule import RuleBase, step_path
from memory.domain.guardrails import Guardrails
from memory.domain.outcome import Blocked
from memory.domain.plan import PHASE_DAYS, Phase, Plan, Step


class DatesRule(RuleBase):
    """Phases, due days and the plan's end match the anchor."""

    id = "dates"

    def check_plan(self, plan: Plan, guardrails: Guardrails, facts: PlanFacts) -> tuple[Blocked, ...]:
        """Block dates that don't match."""
        found = [
            self.reason("step_misdated", f"{step.id} on day {step.day} is due on {plan.anchor_on + _days(step.day)} in "
                        f"{_phase(step.day)}.", path=step_path(journey.cohort, step.id), actual=step.due_on)
            for journey in plan.journeys for step in journey.steps
            if step.due_on != plan.anchor_on + _days(step.day) or step.phase != _phase(step.day)
        ]  # fmt: skip
        if plan.phases != _phases(plan) or plan.ends_on != plan.anchor_on + _days(90):
            message = f"The phases have to be counted from {plan.anchor_on}."
            found.append(self.reason("phases_misdated", message, path="phases"))
        if not plan.peak_from <= plan.peak_until < plan.anchor_on:
            message = f"Day 0 ({plan.anchor_on}) has to follow the peak ({plan.peak_from} to {plan.peak_until})."
            found.append(self.reason("anchor_before_peak_end", message, path="anchor_on", limit=plan.peak_until,
                                     actual=plan.anchor_on))  # fmt: skip
        for journey in plan.journeys:
            if [step.day for step in journey.steps] != sorted(step.day for step in journey.steps):
                message = f"The steps of {journey.cohort} are not in the order of their days."
                found.append(self.reason("steps_unordered", message, path=f"journeys.{journey.cohort}"))
        return (*found, *(self._offer(plan, step) for step in plan.steps() if _is_carried_late(plan, step)))

    def _offer(self, plan: Plan, step: Step) -> Blocked:
        message = f"{step.id} is due on {step.due_on}, when its offer {step.offer_id} is not valid."
        return self.reason("offer_not_valid_then", message, path=f"offers.{step.offer_id}", actual=step.due_on)


def _is_carried_late(plan: Plan, step: Step) -> bool:
    offer = plan.offer(step.offer_id) if step.offer_id else None
    return offer is not None and not offer.limits.valid_from <= step.due_on <= offer.limits.valid_until


def _phases(plan: Plan) -> tuple[Phase, ...]:
    return tuple(
        Phase(id=phase, starts_on=plan.anchor_on + _days(first), ends_on=plan.anchor_on + _days(last))
        for phase, (first, last) in PHASE_DAYS.items()
    )


def _phase(day: int) -> str:
    return next(phase for phase, (first, last) in PHASE_DAYS.items() if first <= day <= last)


def _days(number: int) -> timedelta:
    return timedelta(days=number)


RULE = DatesRule()
