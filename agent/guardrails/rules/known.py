"""Every id a plan names exists: templates, kinds, offers, versions, the shop itself."""

from agent.guardrails.facts import PlanFacts
from agent.guardrails.rule import RuleBase, step_path
from memory.domain.guardrails import Guardrails
from memory.domain.outcome import Blocked
from memory.domain.plan import Plan, Step

CONTENT = "library_content"
"""The kind of message that speaks of a content item."""


class KnownRule(RuleBase):
    """Nothing unknown, nothing stale."""

    id = "known"
    needs = ("shop", "data_version", "guardrail_version", "templates", "markets", "content")

    def check_plan(self, plan: Plan, guardrails: Guardrails, facts: PlanFacts) -> tuple[Blocked, ...]:
        """Block unknown templates and offers, and a plan for other facts or guardrails."""
        steps = tuple(
            reason
            for journey in plan.journeys
            for step in journey.steps
            for reason in self._step(plan, step, step_path(journey.cohort, step.id), journey.cohort, facts)
        )
        return (*steps, *self._head(plan, guardrails, facts))

    def _step(self, plan: Plan, step: Step, path: str, cohort: str, facts: PlanFacts) -> list[Blocked]:
        found = []
        template = next((each for each in facts.templates if each.id == step.template), None)
        if template is None or template.kind != step.kind or step.template_version > template.version:
            message = f"{step.id} names the template {step.template} v{step.template_version} for {step.kind}."
            found.append(self.reason("unknown_template", message, path=path, actual=step.template))
        if (step.kind == CONTENT) != (step.content is not None) or not (
            step.content is None or step.content in facts.content
        ):
            named = step.content.id if step.content else ""
            message = f"{step.id} speaks of {named or 'no content item'}; it has to be one of the library as it is now."
            found.append(self.reason("unknown_content", message, path=path, actual=named))
        if step.offer_id is not None:
            offer = plan.offer(step.offer_id)
            if offer is None or cohort not in offer.limits.cohorts:
                message = f"{step.id} carries the offer {step.offer_id}, which {cohort} has not."
                found.append(self.reason("unknown_offer", message, path=path, actual=step.offer_id))
        return found

    def _head(self, plan: Plan, guardrails: Guardrails, facts: PlanFacts) -> list[Blocked]:
        pairs = (
            ("shop_id", plan.shop_id, facts.shop.shop_id),
            ("data_version", plan.data_version, facts.data_version),
            ("guardrail_version", plan.guardrail_version, guardrails.version),
        )
        return [
            self.reason("stale", f"The plan's {name} is {has}; it is checked against {wants}.", path=name, limit=wants,
                        actual=has)
            for name, has, wants in pairs if has != wants
        ]  # fmt: skip


RULE = KnownRule()
