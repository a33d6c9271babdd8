import pytest

from agent.guardrails.rules.offer_complete import RULE
from memory.domain.money import Money
from tests.factories.planning import context, eur
from tests.factories.plans import assert_blocks, edit_offer, good_plan

CREDIT = "first_time.store_credit"


def benefit(text: str) -> dict[str, object]:
    offer = good_plan().offer(CREDIT)
    assert offer is not None
    return {"benefit": {**offer.benefit, "en": text}}


@pytest.mark.parametrize("text", ["", "A nice credit", "{amount} for you"])
def test_s2_32_a_benefit_without_its_figures_as_tokens_is_blocked(text: str) -> None:
    assert_blocks(RULE, edit_offer(good_plan(), CREDIT, **benefit(text)), "benefit_incomplete")


@pytest.mark.parametrize("text", ["Half price: {amount} from {min_spend}", "{amount} from {min_spend}, the best deal"])
def test_s2_32_a_benefit_that_claims_what_no_fact_says_is_blocked(text: str) -> None:
    assert_blocks(RULE, edit_offer(good_plan(), CREDIT, **benefit(text)), "unbound_claim")


@pytest.mark.parametrize("text", ["{amount} from {min_spend}, 20 percent off", "{amount} from {min_spend} $"])
def test_c8_figures_of_its_own_in_a_benefit_are_blocked(text: str) -> None:
    assert_blocks(RULE, edit_offer(good_plan(), CREDIT, **benefit(text)), "free_figure")


def test_s2_33_limits_in_another_currency_are_blocked() -> None:
    offer = good_plan().offer(CREDIT)
    assert offer is not None
    dollars = offer.limits.model_copy(update={"min_spend": Money(amount_minor=11000, currency="USD")})
    assert_blocks(RULE, edit_offer(good_plan(), CREDIT, limits=dollars), "wrong_currency")


def test_s2_33_an_offer_that_never_holds_is_blocked() -> None:
    offer = good_plan().offer(CREDIT)
    assert offer is not None
    never = offer.limits.model_copy(update={"valid_until": offer.limits.valid_from.replace(day=1)})
    assert_blocks(RULE, edit_offer(good_plan(), CREDIT, limits=never), "never_valid", alone=False)


def test_s2_31_a_costly_offer_without_a_cost_is_blocked() -> None:
    assert_blocks(RULE, edit_offer(good_plan(), CREDIT, cost_per_use=eur(0)), "cost_missing")


def test_s2_34_a_gift_out_of_stock_is_blocked() -> None:
    assert_blocks(RULE, good_plan(), "gift_unavailable", ctx=context(gifts=()))


def test_dc_03_a_better_worst_case_than_the_true_one_is_blocked() -> None:
    assert_blocks(RULE, edit_offer(good_plan(), CREDIT, worst_margin_rate=0.9), "figures_misstated")
    assert_blocks(RULE, edit_offer(good_plan(), CREDIT, discount_rate=0.0), "figures_misstated")
