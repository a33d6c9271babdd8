from pathlib import Path

import pytest

from tests.factories.facts import AS_OF, SHOP, Facts, ago
from tools.offers.reading import GoodsFacts, goods_facts


def shop_facts() -> Facts:
    """Shoes at 50.00 cost 20.00, socks at 10.00 cost 6.00, books have no cost."""
    facts = Facts()
    for sku, category, price in (("shoe", "running", 5000), ("sock", "running", 1000), ("book", "reading", 2000)):
        facts.add("products", ago(300), sku=sku, category=category, price_minor=price)
    for sku, cost in (("shoe", 2500), ("shoe", 2000), ("sock", 600)):
        days = 200 if cost == 2500 else 100
        facts.add("costs", ago(days), sku=sku, cost_minor=cost, currency="EUR", is_assumed=sku == "sock")
    facts.add("stock", ago(5), sku="shoe", quantity=3)
    facts.add("stock", ago(5), sku="sock", quantity=0)
    facts.order("p1", ago(30), {"sku": "shoe", "quantity": 2})
    facts.order("p2", ago(20), {"sku": "sock", "quantity": 5, "unit_price_minor": 1000}, shipping_minor=700)
    facts.order("p3", ago(500), {"sku": "book", "category": "reading"})
    facts.order("p4", ago(10), {"sku": "shoe", "quantity": 50}, is_cancelled=True)
    return facts


@pytest.fixture
def goods(tmp_path: Path) -> GoodsFacts:
    with shop_facts().open(tmp_path) as view:
        return goods_facts(view, SHOP, AS_OF)


def test_margins_weigh_list_prices_by_units_sold_with_the_newest_cost(goods: GoodsFacts) -> None:
    """Two shoes and five socks: 150.00 of goods that cost 70.00."""
    running = goods.categories[0]
    assert (running.category, running.n_units_sold, running.revenue_minor) == ("running", 7, 15_000)
    assert running.margin_rate == round(1 - 70 / 150, 6)
    assert running.is_assumed
    assert goods.margin_rate == running.margin_rate


def test_a_category_without_a_cost_has_no_margin(goods: GoodsFacts) -> None:
    reading = goods.categories[1]
    assert (reading.category, reading.margin_rate, reading.n_units_sold) == ("reading", None, 0)


def test_s2_34_gifts_are_in_stock_and_have_a_cost(goods: GoodsFacts) -> None:
    assert [(gift.sku, gift.n_in_stock, gift.cost.amount_minor) for gift in goods.gifts] == [("shoe", 3, 2000)]
    assert goods.categories[0].n_in_stock == 1


def test_shipping_is_the_median_of_what_was_paid(goods: GoodsFacts) -> None:
    assert goods.shipping_minor == 500


def test_an_empty_shop_has_no_goods(tmp_path: Path) -> None:
    with Facts().open(tmp_path) as view:
        empty = goods_facts(view, SHOP, AS_OF)
    assert (empty.categories, empty.gifts, empty.margin_rate, empty.shipping_minor) == ((), (), None, 0)
