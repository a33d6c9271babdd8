from agent.guardrails.rules.plan_budget import RULE
from memory.domain.brief import Brief
from memory.domain.money import Money
from tests.factories.planning import context, eur, guardrails
from tests.factories.plans import assert_blocks, compose_plan, edit_budget, good_plan, reasons_of


def test_dc_02_a_brief_above_the_guardrail_is_blocked_not_clipped() -> None:
    ctx = context(guardrails=guardrails(plan_budget=eur(2_000)))
    plan = compose_plan(Brief(budget=eur(2_001)), ctx)
    assert plan.budget.total == eur(2_001)
    assert_blocks(RULE, plan, "above_budget", ctx=ctx)


def test_dc_02_a_plan_above_its_brief_is_blocked() -> None:
    plan = good_plan().model_copy(update={"brief": Brief(budget=eur(14_999))})
    assert_blocks(RULE, plan, "above_budget")


def test_s1_55_lines_that_lose_a_cent_are_blocked() -> None:
    lines = good_plan().budget.lines
    less = lines[0].model_copy(update={"amount": lines[0].amount - Money(amount_minor=1, currency="EUR")})
    assert_blocks(RULE, edit_budget(good_plan(), lines=(less, *lines[1:])), "lines_not_whole")


def test_i6_mixed_currencies_are_blocked() -> None:
    plan = edit_budget(good_plan(), expected_cost=Money(amount_minor=1, currency="USD"))
    assert_blocks(RULE, plan, "mixed_currency")


def test_a_worst_case_above_the_total_is_blocked() -> None:
    assert_blocks(RULE, edit_budget(good_plan(), worst_case_cost=eur(15_001)), "worst_case_above")


def test_a_budget_in_another_currency_without_a_rate_is_blocked() -> None:
    plan = good_plan().model_copy(update={"brief": Brief(budget=Money(amount_minor=1, currency="USD"))})
    assert "missing_rate" in {reason.code for reason in reasons_of(RULE, plan)}
