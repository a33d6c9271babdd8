"""What the marketer took out or moved stays out and stays moved."""

from agent.guardrails.facts import PlanFacts
from agent.guardrails.rule import RuleBase, step_path
from memory.domain.guardrails import Guardrails
from memory.domain.outcome import Blocked
from memory.domain.plan import Plan


class BriefKeptRule(RuleBase):
    """The plan keeps its brief: removed steps, excluded kinds, moved days, holdout."""

    id = "brief_kept"

    def check_plan(self, plan: Plan, guardrails: Guardrails, facts: PlanFacts) -> tuple[Blocked, ...]:
        """Block a plan that does what the brief forbids."""
        brief, found = plan.brief, []
        for journey in plan.journeys:
            for step in journey.steps:
                path = step_path(journey.cohort, step.id)
                if step.id in brief.removed_steps or step.kind in brief.excluded_kinds:
                    message = f"{step.id} is in the plan although the brief takes it out."
                    found.append(self.reason("excluded_step", message, path=path, actual=step.id))
                wanted = brief.moved_steps.get(step.id, step.day)
                if step.day != wanted:
                    message = f"{step.id} is on day {step.day}; the brief moved it to day {wanted}."
                    found.append(self.reason("moved_back", message, path=path, limit=wanted, actual=step.day))
        if brief.holdout_rate is not None and plan.holdout.rate != brief.holdout_rate:
            message = f"The brief withholds {brief.holdout_rate:.1%}, the plan {plan.holdout.rate:.1%}."
            found.append(self.reason("holdout_differs", message, path="holdout.rate", limit=brief.holdout_rate,
                                     actual=plan.holdout.rate))  # fmt: skip
        return tuple(found)


RULE = BriefKeptRule()
