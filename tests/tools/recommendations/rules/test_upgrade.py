"""`upgrade`: along an edge of the catalogue, after the days it says, never to who owns the next model."""

from pathlib import Path

import pytest

from tests.factories.facts import ago
from tests.tools.recommendations.shelves import Shop, shown, skus

pytestmark = pytest.mark.slow
EDGE = {"kind": "upgrade", "sku": "entry", "to_sku": "pro", "min_days": 180, "is_active": True}


@pytest.fixture
def made() -> Shop:
    found = Shop()
    for sku in ("entry", "pro", "max", "lamp"):
        found.article(sku, "machines", at=ago(900))
    found.facts.add("goods_links", ago(900), **EDGE)
    return found


def test_s1_27_the_next_model_is_offered_after_the_days_of_its_edge_and_not_before(made: Shop, tmp_path: Path) -> None:
    made.basket("long", "entry", days=180)
    made.basket("short", "entry", days=179.9)
    made.basket("again", "entry", days=200)
    made.basket("again", "entry", days=10)
    made.basket("other", "lamp", days=300)
    found = shown(made.open(tmp_path), "upgrade", ["long", "short", "again", "other"])
    assert {who: skus(rows) for who, rows in found.items()} == {
        "long": ["pro"], "short": [], "again": ["pro"], "other": [],
    }  # fmt: skip


def test_s1_27_who_owns_it_already_sent_the_first_back_or_gave_it_away_is_offered_nothing(
    made: Shop, tmp_path: Path
) -> None:
    made.basket("owner", "entry", days=300)
    made.basket("owner", "pro", days=20)
    made.basket("before", "pro", days=500)
    made.basket("before", "entry", days=300)
    order = made.basket("returner", "entry", days=300)
    made.facts.event("returner", order["event_at"], "return", sku="entry")
    made.basket("giver", "entry", days=300)
    made.facts.rows["order_lines"][-1]["is_gift"] = True
    people = ["owner", "before", "returner", "giver"]
    assert all(rows == [] for rows in shown(made.open(tmp_path), "upgrade", people).values())


def test_s1_27_without_an_edge_or_with_one_taken_back_or_a_sold_out_model_nothing_is_offered(
    made: Shop, tmp_path: Path
) -> None:
    made.facts.add("goods_links", ago(900), **{**EDGE, "to_sku": "max", "is_active": False})
    made.restock("pro", 0, ago(3))
    made.basket("long", "entry", days=400)
    assert shown(made.open(tmp_path), "upgrade", ["long"]) == {"long": []}
