"""A plan's forecast as it may be read: labelled as an assumption, with its range in orders and in money."""

import pytest

from agent.planning.explaining import explain
from agent.planning.outlook import outlook
from agent.planning.price import price
from memory.domain.plan import Forecast, Plan
from tests.factories.plans import good_context, good_plan


def cast(plan: Plan, **changes: object) -> Plan:
    return plan.model_copy(update={"forecast": Forecast.model_validate(plan.forecast.model_dump() | changes)})


def test_a_forecast_nobody_measured_is_called_an_assumption_in_both_languages() -> None:
    found = outlook(good_plan())
    assert found.basis == "assumed"
    assert found.words["en"].startswith("Assumption, not measured (assumption:playbook-priors-v1):")
    assert found.words["zh"].startswith("这是假设，未经测量")


def test_the_margin_has_the_range_of_the_orders() -> None:
    plan = cast(good_plan(), incremental_orders=100.0, low=50.0, high=150.0, incremental_margin_minor=400_000)
    margin = outlook(plan).added_margin
    assert margin is not None
    assert [each.amount_minor for each in (margin.low, margin.expected, margin.high)] == [200_000, 400_000, 600_000]
    assert "4,000.00 EUR of margin (90 % range 2,000.00 EUR to 6,000.00 EUR)" in outlook(plan).words["en"]


def test_without_costs_of_goods_there_is_no_margin_to_show() -> None:
    found = outlook(cast(good_plan(), incremental_margin_minor=0))
    assert found.added_margin is None
    assert "no costs of goods are imported" in found.words["en"]


@pytest.mark.parametrize(("low", "is_said"), [(-3.0, True), (3.0, False)])
def test_a_range_that_reaches_nothing_is_said(low: float, is_said: bool) -> None:
    found = outlook(cast(good_plan(), low=low))
    assert ("It may bring nothing." in found.words["en"]) == is_said
    assert ("也可能没有任何增量" in found.words["zh"]) == is_said


def test_the_price_and_the_explanation_of_a_plan_carry_it() -> None:
    plan = good_plan()
    assert price(plan, good_context()).outlook == outlook(plan)
    assert explain(plan, "forecast", "zh") == outlook(plan).words["zh"]
    assert str(outlook(plan).readable_on) in explain(plan, "forecast")


@pytest.mark.parametrize(
    ("n", "basis", "english", "chinese"),
    [
        (5, "learned", "Measured by this shop's own controlled sends (", "由本店自己的对照发送测得（"),
        (3, "measured", "Partly measured by this shop's own controlled sends (", "部分由本店自己的对照发送测得（"),
    ],
)
def test_a_forecast_from_learned_tables_says_so_and_how_far(n: int, basis: str, english: str, chinese: str) -> None:
    source = f"learned:v12, {n} of 5 kinds over assumption:playbook-priors-v1"
    found = outlook(cast(good_plan(), source=source))
    assert found.basis == basis
    assert found.words["en"].startswith(f"{english}{source}):")
    assert found.words["zh"].startswith(f"{chinese}{source}）：")
    assert ("other kinds" in found.words["en"]) == ("其余类型" in found.words["zh"]) == (n < 5)


def test_a_forecast_from_measured_plans_says_so_and_is_no_assumption() -> None:
    found = outlook(cast(good_plan(), source="measured:2 plans over assumption:playbook-priors-v1"))
    assert found.basis == "measured"
    assert found.words["en"].startswith("Partly measured (measured:2 plans over assumption:playbook-priors-v1):")
    assert found.words["zh"].startswith("部分已测量")
