from memory.domain.offer import Discount
from tests.factories.offers import built, facts, refused


def test_s2_41_a_discount_never_goes_above_the_cohort_s_ceiling() -> None:
    assert built("discount", "vip").incentive == Discount(rate=0.05)
    assert built("discount", "first_time").incentive == Discount(rate=0.10)
    assert refused("discount", known=facts(ceilings={})).code == "no_discount_for_cohort"


def test_s2_32_its_benefit_names_a_sum_and_no_percentage() -> None:
    offer = built("discount")
    assert all("{amount}" in text and "%" not in text for text in offer.benefit.values())


def test_a_rate_of_its_own_is_taken_as_it_is_for_the_guardrails_to_judge() -> None:
    assert built("discount", "vip", rate=0.5).discount_rate == 0.5
