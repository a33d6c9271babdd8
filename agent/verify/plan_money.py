"""A plan's money: whole over the buckets, within every limit, and within the share of all concurrent plans."""

from datetime import date
from fractions import Fraction

from memory.domain.figures import ShopFigures
from memory.domain.guardrails import BudgetShare, PathStep
from memory.domain.handover import PlanNow
from memory.domain.money import MissingRate
from memory.domain.outcome import Blocked
from memory.domain.plan import BUCKETS

from .reason import reason

PERIOD_DAYS = 90
TOLERANCE = Fraction(1, 1_000_000)


def plan_money(now: PlanNow) -> tuple[Blocked, ...]:
    """Give every sum that is wrong or too large."""
    if now.figures is None:
        return (reason("plan_budget", "figures_unknown", "The shop's figures of now are not known.", path="budget"),)
    return (*_sums(now, now.figures), *_limits(now, now.figures), *_share(now, now.figures))


def _sums(now: PlanNow, figures: ShopFigures) -> list[Blocked]:
    budget, found = now.plan.budget, []
    amounts = [line.amount for line in budget.lines]
    for each in (budget.total, budget.expected_cost, budget.worst_case_cost, *amounts):
        if each.currency != figures.currency:
            found.append(reason("plan_budget", "mixed_currency", f"A sum is in {each.currency}.", path="budget"))
            break
    lines = sum(each.amount_minor for each in amounts)
    if [line.bucket for line in budget.lines] != list(BUCKETS) or lines != budget.total.amount_minor:
        found.append(reason("plan_budget", "lines_not_whole", "The buckets don't sum to the total.", path="budget"))
    if min(each.amount_minor for each in amounts) < 0:
        found.append(reason("plan_budget", "negative_line", "A bucket is negative.", path="budget.lines"))
    if not budget.worst_case_cost.amount_minor <= budget.total.amount_minor:
        found.append(reason("plan_budget", "worst_case_above", f"The worst case is {budget.worst_case_cost}.",
                            path="budget", limit=budget.total, actual=budget.worst_case_cost))  # fmt: skip
    return found


def _limits(now: PlanNow, figures: ShopFigures) -> list[Blocked]:
    found, total = [], now.plan.budget.total
    for name, limit in (("guardrail", now.guardrails.plan_budget), ("brief", now.plan.brief.budget)):
        if limit is None:
            continue
        try:
            most = figures.rates.convert(limit, figures.currency, _last_day(figures))
        except MissingRate:
            found.append(reason("plan_budget", "missing_rate", f"No rate for {limit.currency}.", path="budget.total"))
            continue
        if total.currency != most.currency or not total.amount_minor <= most.amount_minor:
            message = f"The plan may spend {total}, the {name} allows {most}."
            found.append(reason("plan_budget", "above_budget", message, path="budget.total", limit=most, actual=total))
    return found


def _last_day(figures: ShopFigures) -> date:
    return max((rate.on for rate in figures.rates.rates), default=date.max)


def _share(now: PlanNow, figures: ShopFigures) -> list[Blocked]:
    most = share_limit(now, figures)
    if most is None:
        return []
    asked = now.plan.budget.total.amount_minor + now.concurrent_minor
    if asked <= most:
        return []
    message = f"With the plans beside it {asked} minor units are post-purchase; the step of the path allows {most}."
    return [reason("budget_share", "outside_path_step", message, path="budget.total", limit=most, actual=asked)]


def share_limit(now: PlanNow, figures: ShopFigures) -> int | None:
    """Give the most that all plans of these days may cost in minor units; none where no share can be told.

    Nothing spent means nothing to share: the limit is 0 then.
    """
    rules, money, plan = now.guardrails.budget_share, figures.money, now.plan
    period = _period(rules, figures)
    if period is None:
        return None
    if period <= 0:
        return 0
    present = plan.budget.present_share_rate
    if present is None:
        present = money.post_share_rate
    if present is None and not rules.path:
        return None
    top = _path_top(Fraction(str(present or 0.0)), rules, plan.anchor_on)
    if top is None:
        return None
    running = 0 if Fraction(str(present or 0.0)) >= top else int(period * Fraction(str(present or 0.0)))
    return max(int(period * top) - running, 0)


def _period(rules: BudgetShare, figures: ShopFigures) -> int | None:
    if rules.period_budget is not None:
        return rules.period_budget.amount_minor
    begins, ends = figures.money.period_from, figures.money.period_until
    if begins is None or ends is None:
        return None
    return figures.money.total_minor * PERIOD_DAYS // max((ends - begins).days + 1, 1)


def _path_top(present: Fraction, rules: BudgetShare, on: date) -> Fraction | None:
    """Give the largest share of the step that a plan beginning on the day falls in."""
    if rules.path:
        begun = [step for step in rules.path if step.from_on <= on]
        return Fraction(str(max(begun, key=_from).max_rate)) if begun else None
    low, high, most = (Fraction(str(each)) for each in (rules.band_min_rate, rules.band_max_rate, rules.max_step_rate))
    if present < low - TOLERANCE:
        return min(present + most, high)
    return present if present > high + TOLERANCE else high


def _from(step: PathStep) -> date:
    return step.from_on
