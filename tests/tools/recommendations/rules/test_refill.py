"""`refill`: refills and bundles for owners of a component, and for nobody else, in no rule and at no checkout."""

from pathlib import Path

import pytest

from memory.domain.outcome import Denied
from memory.domain.plan import GoodsRuleId
from tests.factories.facts import AS_OF, ago
from tests.tools.recommendations.shelves import PAGE, Shop, shown, skus
from tools.recommendations.eligibility import may_buy

pytestmark = pytest.mark.slow
PEOPLE = ("owner", "other", "returner", "giver", "nobody")


@pytest.fixture
def made() -> Shop:
    """A brow pen with a refill on its own page, a set of pen and gloss; the refill sells best of all."""
    found = Shop()
    for sku in ("pen", "gloss", "cream"):
        found.article(sku, "make-up")
    found.article("pen-refill", "make-up", url=PAGE + "pen")
    found.article("set", "make-up")
    for component, to_sku in (("pen", "pen-refill"), ("pen", "set"), ("gloss", "set")):
        link = {"kind": "owners", "sku": component, "to_sku": to_sku, "min_days": 0, "is_active": True}
        found.facts.add("goods_links", ago(900), **link)
    found.basket("owner", "pen", days=40)
    found.basket("other", "cream", days=40)
    order = found.basket("returner", "pen", days=40)
    found.facts.event("returner", order["event_at"], "return", sku="pen")
    found.basket("giver", "pen", days=40)
    found.facts.rows["order_lines"][-1]["is_gift"] = True
    for n in range(9):
        found.basket(f"fan{n}", "pen-refill", "set", "gloss", days=9)
    for person in PEOPLE:
        found.look(person, "cream", days=3)
    return found


def test_s1_43_who_bought_a_component_before_is_shown_its_refill_and_bundle(made: Shop, tmp_path: Path) -> None:
    found = shown(made.open(tmp_path), "refill", PEOPLE)
    assert {who: skus(rows) for who, rows in found.items()} == {
        "owner": ["pen-refill", "set"], "other": [], "returner": [], "giver": [], "nobody": [],
    }  # fmt: skip


def test_s1_43_the_bundle_cannot_be_bought_by_others(made: Shop, tmp_path: Path) -> None:
    view = made.open(tmp_path)
    for sku in ("set", "pen-refill"):
        verdicts = {who: may_buy(view, who, sku, AS_OF) for who in (*PEOPLE, "")}
        assert {who for who, verdict in verdicts.items() if verdict.kind == "allowed"} == {"owner"}
        refused = verdicts["other"]
        assert isinstance(refused, Denied) and refused.codes == ("owns_no_component",)
    assert may_buy(view, "nobody", "cream", AS_OF).kind == "allowed"
    assert may_buy(view, "owner", "set", ago(50)).kind == "denied"


@pytest.mark.parametrize("rule", ["category_interest", "complement", "under_price", "newest", "pairing"])
def test_s1_43_no_other_rule_shows_what_is_for_owners(made: Shop, tmp_path: Path, rule: GoodsRuleId) -> None:
    found = shown(made.open(tmp_path), rule, PEOPLE)
    assert not {"set", "pen-refill"} & {sku for rows in found.values() for sku in skus(rows)}
