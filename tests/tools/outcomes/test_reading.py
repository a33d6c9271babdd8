"""Arms from grouped scans: everyone assigned counts, offers' uses are seen in orders, merged people count once."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from memory.domain.facts import PLAIN_SCHEMAS
from memory.domain.offer import GiftWithPurchase
from memory.lake.view import LakeView
from tests.factories.doing import LIVE_AT
from tests.factories.experiment import Experiment
from tests.factories.facts import fact
from tools.outcomes.reading import COLUMNS, outcomes
from tools.outcomes.redeemed import code_of, is_earned, offers_seen
from tools.outcomes.window import SPENT_SCHEMA, ArmKey, Ask, outcome_window

pytestmark = pytest.mark.slow
AS_OF = LIVE_AT + timedelta(days=100)
TREATED, CONTROL = ArmKey("", "treated"), ArmKey("", "control")


@pytest.fixture(scope="module")
def some() -> Experiment:
    return Experiment(2_000, rates=(0.3, 0.2))


def ask(some: Experiment, **changes: Any) -> Ask:
    return Ask(**{"window": outcome_window(some.plan, LIVE_AT), "as_of": AS_OF, "assigned_at": LIVE_AT,
                  "offers": some.plan.offers, "horizons": (30, 365), **changes})  # fmt: skip


def members(view: LakeView) -> Any:
    return view.raw("cohort_members")


def test_s2_66_both_arms_are_what_counting_by_hand_gives(some: Experiment, tmp_path: Path) -> None:
    with some.view(tmp_path) as view:
        found = outcomes(view, some.shop, members(view), ask(some))
    for key, mask in ((TREATED, ~some.is_control), (CONTROL, some.is_control)):
        sums, money = found.sums[key], some.subtotal[mask & some.buys]
        assert (sums.n_people, sums.n_repeat) == (mask.sum(), len(money))
        assert sums.revenue_minor == money.sum()
        assert sums.revenue_squared == pytest.approx((money.astype(float) ** 2).sum())
        assert sums.margin_minor == money.sum() - 1500 * len(money)
        before = found.moments[key].mean[COLUMNS.index("before_orders")]
        assert before == pytest.approx(some.n_before[mask].mean())
    assert (
        sum(found.sums[ArmKey(c, "treated")].n_repeat for c in np.unique(some.cohorts)) == found.sums[TREATED].n_repeat
    )
    assert set(found.horizons) == {30}, "365 days are not over"
    early = some.buys & ~some.is_control & (some.day < 30)
    assert found.horizons[30].revenue[0].mean * (~some.is_control).sum() == pytest.approx(
        some.subtotal[early].sum(), rel=0.02
    )


def test_costs_are_observed_where_orders_carry_an_offers_code_in_any_spelling(some: Experiment, tmp_path: Path) -> None:
    """Credit comes off the goods: margin before incentives has it back, and the cost is what the order says."""
    person, withheld = str(some.people[~some.is_control][0]), str(some.people[some.is_control][0])
    at = LIVE_AT + timedelta(days=50)
    shown = {"discount_code": "First_Time-STORE credit", "discount_minor": 1000, "subtotal_minor": 4000}
    orders = [some.order(1, person, at, **shown), some.order(2, withheld, at, **shown)]
    orders.append(some.order(3, person, at, discount_code="SUMMER10", discount_minor=400, subtotal_minor=4000))
    with some.view(tmp_path, orders=orders) as view:
        found = outcomes(view, some.shop, members(view), ask(some))
    assert code_of("first_time.store_credit") == "FIRSTTIMESTORECREDIT"
    assert found.used == {
        ("treated", "first_time.store_credit"): (1, 1000),
        ("control", "first_time.store_credit"): (1, 1000),
    }
    assert found.sums[TREATED].cost_minor == 1000
    assert found.sums[TREATED].margin_minor is None, "these orders have no lines, so their cost is unknown"


def test_an_offer_whose_code_no_order_carries_is_not_seen(some: Experiment, tmp_path: Path) -> None:
    """One code in use says nothing of the others: an offer that has none in the shop would seem to cost nothing."""
    coded = {each.id for each in some.plan.offers if not is_earned(each)}
    gifts = {each.id for each in some.plan.offers if isinstance(each.incentive, GiftWithPurchase)}
    seen = "first_time.store_credit"
    assert coded - gifts > {seen}
    order = some.order(1, str(some.people[0]), LIVE_AT + timedelta(days=50), discount_code="First_Time-STORE credit")
    with some.view(tmp_path, orders=[order]) as view:
        found = offers_seen(view.table("orders"), some.plan.offers)
    assert found & coded == gifts | {seen}
    assert found - coded == {each.id for each in some.plan.offers if is_earned(each)}


def test_a_gift_at_no_price_costs_what_the_offer_says_and_not_twice(some: Experiment, tmp_path: Path) -> None:
    gift = next(each for each in some.plan.offers if isinstance(each.incentive, GiftWithPurchase))
    assert isinstance(gift.incentive, GiftWithPurchase)
    buyer = int(np.flatnonzero(some.buys & ~some.is_control)[0])
    n_before = int(some.n_before.sum())
    order = f"f{n_before + int(some.buys[:buyer].sum())}"
    line = fact("order_lines", 1, LIVE_AT + timedelta(days=3), shop_id="nord", order_fact_id=order,
                subject_id=str(some.people[buyer]), sku=gift.incentive.sku, unit_price_minor=0)  # fmt: skip
    with some.view(tmp_path, order_lines=[line]) as view:
        found = outcomes(view, some.shop, members(view), ask(some))
    assert found.used == {("treated", gift.id): (1, gift.cost_per_use.amount_minor)}
    money = some.subtotal[~some.is_control & some.buys]
    assert found.sums[TREATED].margin_minor == money.sum() - 1500 * len(money)


def test_someone_with_records_in_both_arms_counts_once_and_as_withheld(some: Experiment, tmp_path: Path) -> None:
    treated, withheld = str(some.people[~some.is_control][0]), str(some.people[some.is_control][0])
    merged = pa.Table.from_pylist([{"subject_id": treated, "person_id": withheld}], PLAIN_SCHEMAS["identities"])
    spent = pa.Table.from_pylist([{"person_id": treated, "spent_minor": 70.0}], SPENT_SCHEMA)
    some.rows["identities"] = merged
    try:
        with some.view(tmp_path) as view:
            found = outcomes(view, some.shop, members(view), ask(some, spent=spent))
    finally:
        del some.rows["identities"]
    assert found.n_both_arms == 1
    assert found.sums[TREATED].n_people == (~some.is_control).sum() - 1
    assert found.sums[CONTROL].n_people == some.is_control.sum()
    assert (found.sums[TREATED].cost_minor, found.sums[CONTROL].cost_minor) == (0, 70)


def test_an_empty_arm_is_counted_as_empty(tmp_path: Path) -> None:
    everyone = Experiment(50, rates=(0.3, 0.2), holdout=0.0)
    with everyone.view(tmp_path) as view:
        found = outcomes(view, everyone.shop, members(view), ask(everyone))
    assert found.sums[CONTROL].n_people == 0
    assert found.sums[TREATED].n_people == 50
