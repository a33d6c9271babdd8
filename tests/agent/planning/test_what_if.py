"""What other limits would bring: certified choices, prices that agree with differences, and nothing changed."""

from functools import cache
from itertools import pairwise

import pytest

from agent.planning.program import limits_of, program
from agent.planning.what_if import AskedLimits, WhatIf, what_if
from agent.planning.what_if_words import what_if_lines
from memory.domain.errors import InvalidInput
from memory.domain.money import Money
from tests.factories.planning import eur
from tests.factories.plans import good_context, good_plan


@cache
def asked(**limits: object) -> WhatIf:
    return what_if(good_plan(), good_context(), AskedLimits.model_validate(limits))


def tight() -> WhatIf:
    """A tenth of what the messages that pay cost."""
    return asked(budget=eur(300))


def test_without_a_question_there_is_only_today() -> None:
    found = asked()
    assert found.then is None
    assert found.now.net_margin.amount_minor > 0
    assert found.now.gap_rate <= 1e-4
    assert found.plan_id == good_plan().id


def test_less_money_brings_less_and_is_kept() -> None:
    found = tight()
    assert found.then is not None
    assert found.then.net_margin.amount_minor < found.now.net_margin.amount_minor
    assert found.then.cost.amount_minor <= eur(300).amount_minor
    assert found.then.gap_rate <= 1e-4


def test_the_price_of_money_lies_between_the_differences_on_both_sides() -> None:
    less, here, more = (asked(budget=eur(major)).then for major in (285, 300, 315))
    assert less is not None and here is not None and more is not None
    left = (here.net_margin.amount_minor - less.net_margin.amount_minor) / 1500
    right = (more.net_margin.amount_minor - here.net_margin.amount_minor) / 1500
    price = next(one.per_unit for one in tight().prices if one.limit == "budget")
    assert price is not None
    assert right - 0.05 <= price <= left + 0.05
    assert price > 0


def test_the_curve_rises_ever_slower_and_ends_where_money_holds_nothing_back() -> None:
    curve = asked().curve
    nets = [point.net_margin.amount_minor for point in curve]
    assert nets == sorted(nets)
    prices = [point.per_unit for point in curve]
    assert all(later <= earlier + 0.05 for earlier, later in pairwise(prices))
    assert prices[-1] == 0


def test_a_tighter_cap_costs_and_a_looser_one_gains_what_its_price_says() -> None:
    one = asked(promotional_cap=1)
    assert one.then is not None
    assert one.then.net_margin.amount_minor < one.now.net_margin.amount_minor
    two = asked(promotional_cap=2)
    gain = next(price.gain for price in one.prices if price.limit == "promotional_cap")
    assert gain == two.now.net_margin - one.then.net_margin


def test_nobody_gets_more_than_the_cap_and_nobody_without_consent_anything() -> None:
    plan, context = good_plan(), good_context()
    made = program(plan, context, limits_of(plan, context.guardrails))
    reached = made.problem.allowed.any(axis=0)
    assert 0 < reached.sum() < made.problem.n_decisions
    assert made.problem.per_person is not None
    assert set(made.problem.per_person.at_most.tolist()) == {2}


def test_a_floor_above_every_offer_leaves_messages_without_offers() -> None:
    found = asked(min_margin_rate=1.0)
    assert found.then is not None
    assert found.then.net_margin.amount_minor <= found.now.net_margin.amount_minor
    floor = next(one for one in found.prices if one.limit == "margin_floor")
    assert floor.now == "100%"


def test_without_a_control_group_there_is_more_margin() -> None:
    found = asked(holdout_rate=0.0)
    assert found.then is not None
    assert found.then.net_margin.amount_minor > found.now.net_margin.amount_minor
    price = next(one for one in asked().prices if one.limit == "holdout")
    assert price.gain == found.then.net_margin - found.now.net_margin


def test_a_budget_in_another_currency_is_refused_with_the_remedy() -> None:
    with pytest.raises(InvalidInput, match="EUR"):
        asked(budget=Money(amount_minor=100, currency="USD"))


def test_a_budget_that_service_uses_up_is_told_apart_from_one_that_holds_nothing_back() -> None:
    found = asked(budget=eur(0))
    assert found.then is not None and found.then.n_messages == 0
    price = next(one for one in found.prices if one.limit == "budget")
    assert price.gain.amount_minor > 0 and price.per_unit is not None and price.per_unit > 0
    assert "does not hold these messages back" not in "\n".join(what_if_lines(found))


def test_a_budget_below_nothing_is_refused() -> None:
    with pytest.raises(InvalidInput, match="below 0"):
        asked(budget=eur(-5))


@pytest.mark.parametrize(("language", "unchanged"), [("en", "Nothing is changed"), ("zh", "什么都没有改变")])
def test_the_words_name_both_outcomes_the_prices_and_the_assumption(language: str, unchanged: str) -> None:
    found = tight()
    text = "\n".join(what_if_lines(found, language))
    assert unchanged in text
    assert found.then is not None
    assert str(found.now.net_margin) in text and str(found.then.net_margin) in text
    assert found.source in text
    assert "{" not in text
