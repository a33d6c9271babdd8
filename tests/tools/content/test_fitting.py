"""S1-38: whom an item is for follows from membership and tier, and from what people bought."""

from pathlib import Path
from typing import Any

import pytest

from memory.domain.loyalty import LoyaltyProgramme
from tests.factories.content import an_item
from tests.factories.facts import SHOP, Facts
from tests.tools.loyalty.programme import AS_OF, a_programme, at, joined
from tools.content import fitting

pytestmark = pytest.mark.slow


@pytest.fixture
def facts() -> Facts:
    """Ann bought merino socks, ben a linear lamp, cleo a shoe twice; ann and cleo are members."""
    found = Facts()
    for sku, title, shelf in (
        ("sock", "Fjord Merino Socks", "socks"),
        ("lamp", "Linear Lamp", "home"),
        ("shoe", "Road Shoe", "running"),
    ):
        found.add("products", at(1), sku=sku, title=title, category=shelf)
    for person, sku, category, n in (
        ("ann", "sock", "socks", 1),
        ("ben", "lamp", "home", 1),
        ("cleo", "shoe", None, 2),
    ):
        for day in range(1, n + 1):
            found.order(person, at(day), {"sku": sku, "category": category})
    joined(found, "ann", "cleo")
    return found


def who(facts: Facts, root: Path, programme: LoyaltyProgramme | None = None, **changes: Any) -> list[str] | None:
    with facts.open(root) as view:
        people = fitting(view, SHOP, an_item(**changes), programme, AS_OF)
        return None if people is None else sorted(people.to_pyarrow()["holder_id"].to_pylist())


def test_s1_38_an_item_for_everybody_asks_nothing(facts: Facts, tmp_path: Path) -> None:
    assert who(facts, tmp_path) is None


def test_s1_38_articles_categories_and_words_of_a_title_say_whom_it_fits(facts: Facts, tmp_path: Path) -> None:
    assert who(facts, tmp_path / "a", skus=("shoe",)) == ["cleo"]
    assert who(facts, tmp_path / "b", categories=("socks", "running")) == ["ann", "cleo"]
    assert who(facts, tmp_path / "c", title_words=("merino", "lin")) == ["ann"]  # a linear lamp is no linen
    assert who(facts, tmp_path / "d", title_words=("sock",), skus=("lamp",)) == ["ann", "ben"]


def test_s1_38_members_and_their_tier_bound_it(facts: Facts, tmp_path: Path) -> None:
    assert who(facts, tmp_path / "a", audience="members") == ["ann", "cleo"]
    assert who(facts, tmp_path / "b", audience="members", categories=("home", "socks")) == ["ann"]
    assert who(facts, tmp_path / "c", a_programme(), audience="members", min_tier="silver") == ["cleo"]
    assert who(facts, tmp_path / "d", a_programme(), audience="members", min_tier="platinum") == []
    assert who(facts, tmp_path / "e", None, audience="members", min_tier="silver") == []
