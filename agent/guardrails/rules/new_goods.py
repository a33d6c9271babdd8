"""New articles are told of to people of their category, never to everybody, unless somebody approved that (S1-44)."""

from datetime import timedelta

from agent.guardrails.facts import PlanFacts
from agent.guardrails.rule import RuleBase, step_path
from memory.domain.guardrails import Guardrails, NewGoods
from memory.domain.outcome import Blocked
from memory.domain.plan import Plan, Step


class NewGoodsRule(RuleBase):
    """A message about new articles goes to whom they suit; whom nothing new suits gets none."""

    id = "new_goods"

    def check_plan(self, plan: Plan, guardrails: Guardrails, facts: PlanFacts) -> tuple[Blocked, ...]:
        """Block messages about new articles that also go to people for whom nothing is new in their own category.

        A step that waits may go out on any day of its window, so everybody has to be allowed until the last of them.
        Its audience says nothing of what people look at, so one with an audience is held to the same.
        """
        limits = guardrails.new_goods or NewGoods()
        found = []
        for journey in plan.journeys:
            for step in journey.steps:
                last_on = step.due_on + timedelta(days=step.window_days)
                if step.kind != "newest_goods" or keeps_to_affinity(step) or limits.allows_all(last_on):
                    continue
                message = (
                    f"{step.id} also tells people of new articles who look at nothing like them; show the goods rule "
                    f"`newest` and skip whom it finds nothing for, or have the guardrails allow it until {last_on}."
                )
                path = step_path(journey.cohort, step.id)
                actual = step.goods.rule if step.goods else "no goods"
                found.append(self.reason("new_goods_to_all", message, path=path, actual=actual))
        return tuple(found)


def keeps_to_affinity(step: Step) -> bool:
    """Say whether the step reaches only people whom the goods rule `newest` shows something."""
    return step.goods is not None and step.goods.rule == "newest" and step.goods.if_none == "skip"


RULE = NewGoodsRule()
