"""`newest`: new articles for people of their category, from as much affinity on as the shop asks for."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from memory.domain.plan import Goods
from tests.factories.facts import AS_OF, SHOP, ago
from tests.tools.recommendations.shelves import Shop
from tools.recommendations import Query, pick

pytestmark = pytest.mark.slow
PEOPLE = ("half", "quarter", "other", "nobody", "buyer", "long.ago")


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A new serum; people with half and a quarter of their looks in its category, a buyer, and looks of long ago."""
    made = Shop()
    for sku, category in (("cream", "skin"), ("lamp", "lamps"), ("vase", "vases"), ("rug", "rugs")):
        made.article(sku, category)
    made.article("serum", "skin", at=ago(3))
    for person, skus in (
        ("half", ("lamp", "cream")),
        ("quarter", ("lamp", "vase", "rug", "cream")),
        ("other", ("rug",)),
    ):
        for n, sku in enumerate(skus):
            made.look(person, sku, days=20 - n)
    made.basket("buyer", "cream", days=20)
    made.basket("long.ago", "cream", days=70)
    root: Path = tmp_path_factory.mktemp("newest")
    return made.open(root)


def told(view: Any, rate: float) -> set[str]:
    people = view.memory_table(f"asked_{int(rate * 100)}", pa.table({"person_id": list(PEOPLE)}))
    query = Query(view, people, Goods(rule="newest"), SHOP, AS_OF, min_affinity_rate=rate)
    rows = pick(query).to_pyarrow().to_pylist()
    assert {row["sku"] for row in rows} <= {"serum"}
    return {row["person_id"] for row in rows}


@pytest.mark.parametrize(
    ("rate", "people"),
    [
        (0.0, {"half", "quarter", "buyer"}),
        (0.25, {"half", "quarter", "buyer"}),
        (0.26, {"half", "buyer"}),
        (0.5, {"half", "buyer"}),
        (0.51, {"buyer"}),
    ],
)
def test_s1_44_a_new_article_is_shown_from_the_threshold_of_affinity_on(
    view: Any, rate: float, people: set[str]
) -> None:
    assert told(view, rate) == people
