"""The plan's money: within the guardrail and the brief, whole over the buckets, worst case covered (S1-55, I6)."""

from agent.guardrails.facts import PlanFacts
from agent.guardrails.room import Room, money_room
from agent.guardrails.rule import RuleBase
from memory.domain.guardrails import Guardrails
from memory.domain.money import MissingRate, Money
from memory.domain.outcome import Blocked
from memory.domain.plan import BUCKETS, Plan


class PlanBudgetRule(RuleBase):
    """What may be spent, and that the worst case stays inside it."""

    id = "plan_budget"
    needs = ("shop", "rates")

    def check_plan(self, plan: Plan, guardrails: Guardrails, facts: PlanFacts) -> tuple[Blocked, ...]:
        """Block a total above a limit, lines that don't sum to it, and a worst case above it."""
        return (*self._above(plan, guardrails, facts), *self._sums(plan, facts))

    def room(self, plan: Plan, guardrails: Guardrails, facts: PlanFacts) -> tuple[Room, ...]:
        """Give what the limits leave of the total, and what the total leaves beyond the worst case."""
        budget = plan.budget
        limits = [
            ("budget.total", budget.total, guardrails.plan_budget),
            ("brief.budget", budget.total, plan.brief.budget),
        ]
        converted = [(path, actual, None if limit is None else _in(limit, facts)) for path, actual, limit in limits]
        pairs = (*converted, ("budget.worst_case_cost", budget.worst_case_cost, budget.total))
        return tuple(
            money_room(path, actual, limit)
            for path, actual, limit in pairs
            if limit is not None and limit.currency == actual.currency
        )

    def _above(self, plan: Plan, guardrails: Guardrails, facts: PlanFacts) -> tuple[Blocked, ...]:
        total, found = plan.budget.total, []
        for name, limit in (("guardrail's plan budget", guardrails.plan_budget), ("brief's budget", plan.brief.budget)):
            if limit is None:
                continue
            most = _in(limit, facts)
            if most is None:
                message = f"No exchange rate from {limit.currency} to {facts.shop.currency}; import one."
                found.append(self.reason("missing_rate", message, path="budget.total", limit=limit))
            elif total.currency != most.currency or total.amount_minor > most.amount_minor:
                message = f"The plan may spend {total}; the {name} is {most}."
                found.append(self.reason("above_budget", message, path="budget.total", limit=most, actual=total))
        return tuple(found)

    def _sums(self, plan: Plan, facts: PlanFacts) -> tuple[Blocked, ...]:
        budget, found = plan.budget, []
        currencies = {line.amount.currency for line in budget.lines} | {
            each.currency for each in (budget.total, budget.expected_cost, budget.worst_case_cost)
        }
        if currencies != {facts.shop.currency}:
            message = f"All sums have to be in {facts.shop.currency}."
            found.append(self.reason("mixed_currency", message, path="budget", actual=", ".join(sorted(currencies))))
        lines = sum(line.amount.amount_minor for line in budget.lines)
        if tuple(line.bucket for line in budget.lines) != BUCKETS or lines != budget.total.amount_minor:
            summed = Money(amount_minor=lines, currency=budget.total.currency)
            message = f"The four buckets sum to {summed}, the total is {budget.total}."
            found.append(self.reason("lines_not_whole", message, path="budget.lines", actual=lines))
        if any(line.amount.amount_minor < 0 for line in budget.lines):
            found.append(self.reason("negative_line", "No bucket may be negative.", path="budget.lines"))
        if budget.worst_case_cost.amount_minor > budget.total.amount_minor:
            message = f"In the worst case the plan costs {budget.worst_case_cost}; it has {budget.total}."
            found.append(
                self.reason("worst_case_above", message, path="budget.worst_case_cost", limit=budget.total,
                            actual=budget.worst_case_cost)
            )  # fmt: skip
        return tuple(found)


def _in(money: Money, facts: PlanFacts) -> Money | None:
    try:
        return facts.rates.convert(money, facts.shop.currency, facts.as_of.date())
    except MissingRate:
        return None


RULE = PlanBudgetRule()
