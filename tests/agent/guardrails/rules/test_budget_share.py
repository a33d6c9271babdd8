from datetime import date

from agent.guardrails.rules.budget_share import RULE
from memory.domain.brief import Brief
from memory.domain.guardrails import BudgetShare, PathStep
from tests.factories.planning import audit, context, eur, guardrails
from tests.factories.plans import assert_blocks, compose_plan, edit_budget, good_plan, reasons_of


def test_s1_53_a_plan_beyond_its_step_of_the_path_is_blocked_and_says_what_would_fit() -> None:
    """8 % today allows 13 %: 15,000 of 300,000 EUR more; 15,001 is too much."""
    plan = compose_plan(Brief(budget=eur(15_001)), context())
    assert_blocks(RULE, plan, "outside_path_step")
    (reason,) = reasons_of(RULE, plan)
    assert "at most 15,000.00 EUR" in reason.message


def test_s1_53_the_step_s_own_edge_is_allowed() -> None:
    plan = compose_plan(Brief(budget=eur(15_000)), context())
    assert reasons_of(RULE, plan) == ()
    assert plan.budget.share_rate == plan.budget.path_max_rate == 0.13


def test_trap_12_a_shop_at_five_percent_need_not_be_in_the_band() -> None:
    ctx = context(audit=audit(pre_minor=28_500_000, post_minor=1_500_000, post_share_rate=0.05))
    plan = compose_plan(Brief(budget=eur(3_000)), ctx)
    assert reasons_of(RULE, plan, ctx) == ()
    assert plan.budget.share_rate == 0.06


def test_s1_53_a_misstated_share_is_blocked() -> None:
    assert_blocks(RULE, edit_budget(good_plan(), share_rate=0.10), "share_misstated")


def test_s1_54_a_path_set_by_a_marketer_is_what_counts() -> None:
    rails = guardrails(
        budget_share=BudgetShare(path=(PathStep(from_on=date(2026, 1, 1), min_rate=0.08, max_rate=0.09),))
    )
    ctx = context(guardrails=rails)
    plan = compose_plan(Brief(budget=eur(4_000)), ctx)
    assert [reason.code for reason in reasons_of(RULE, plan, ctx)] == ["outside_path_step"]


def test_s1_53_without_a_ledger_the_plan_says_that_the_share_is_unknown() -> None:
    ctx = context(audit=audit(pre_minor=0, post_minor=0, post_share_rate=None, period_from=None, period_until=None))
    plan = compose_plan(Brief(), ctx)
    assert reasons_of(RULE, plan, ctx) == ()
    assert plan.budget.share_rate is None
    assert any("not known and not checked" in each for each in plan.assumptions)
