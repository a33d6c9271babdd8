"""New articles: to people of their category; a blast to all is refused unless the guardrails allow it until a day."""

from datetime import date, timedelta

import pytest

from agent.guardrails import check_plan
from agent.guardrails.rules.new_goods import RULE
from memory.domain.guardrails import NewGoods
from memory.domain.plan import Goods, Plan
from memory.domain.segment import Compare
from tests.factories.plans import assert_blocks, edit_step, good_context, good_plan, reasons_of

STEP = "reactivated.newest_goods"


def due() -> date:
    return next(step.due_on for step in good_plan().steps() if step.id == STEP)


@pytest.mark.parametrize(
    "goods", [None, Goods(rule="newest", if_none="plain"), Goods(rule="under_price", if_none="skip")]
)
def test_s1_44_a_message_about_new_articles_to_everybody_is_refused(goods: Goods | None) -> None:
    assert_blocks(RULE, edit_step(good_plan(), STEP, goods=goods), "new_goods_to_all")


def test_s1_44_the_playbook_tells_only_people_of_the_category() -> None:
    facts = good_context()
    assert RULE.check_plan(good_plan(), facts.guardrails, facts) == ()
    step = next(step for step in good_plan().steps() if step.id == STEP)
    assert step.goods is not None and (step.goods.rule, step.goods.if_none) == ("newest", "skip")


@pytest.mark.parametrize(("days", "n_reasons"), [(0, 0), (-1, 1), (30, 0)])
def test_s1_44_who_sets_the_guardrails_may_approve_it_until_a_day(days: int, n_reasons: int) -> None:
    facts, plan = good_context(), edit_step(good_plan(), STEP, goods=None)
    allowed = NewGoods(all_until=due() + timedelta(days=days))
    limits = facts.guardrails.model_copy(update={"new_goods": allowed})
    assert len(RULE.check_plan(plan, limits, facts)) == n_reasons
    assert isinstance(plan, Plan) and check_plan(plan, facts.guardrails, facts)


@pytest.mark.parametrize(("days", "n_reasons"), [(0, 1), (20, 1), (21, 0)])
def test_s1_44_a_step_that_waits_needs_the_approval_until_the_last_day_of_its_window(days: int, n_reasons: int) -> None:
    facts, plan = good_context(), edit_step(good_plan(), STEP, goods=None, window_days=21)
    allowed = NewGoods(all_until=due() + timedelta(days=days))
    limits = facts.guardrails.model_copy(update={"new_goods": allowed})
    found = RULE.check_plan(plan, limits, facts)
    assert len(found) == n_reasons and all(str(due() + timedelta(days=21)) in one.message for one in found)


def test_s1_44_an_audience_alone_does_not_say_that_new_articles_suit() -> None:
    some = Compare(attribute="n_orders", test="ge", value=1)
    plan = edit_step(good_plan(), STEP, goods=None, audience=some)
    assert_blocks(RULE, plan, "new_goods_to_all")
    [reason] = reasons_of(RULE, plan)
    assert "everybody" not in reason.message, "it goes to some, and is refused all the same"


def test_s1_44_guardrails_that_say_nothing_of_it_keep_their_version() -> None:
    limits = good_context().guardrails
    assert limits.model_copy(update={"new_goods": None}).version == limits.version
    assert limits.model_copy(update={"new_goods": NewGoods()}).version != limits.version
