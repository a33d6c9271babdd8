"""A small shop for goods rules: a shelf, people who buy, look and send back, and what a rule shows them."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from memory.domain.plan import Goods, GoodsRuleId
from memory.lake.view import LakeView
from tests.factories.facts import AS_OF, SHOP, Facts, ago
from tools.recommendations import Query, pick

PAGE = "https://north.example.invalid/products/"


class Shop:
    """Facts with a few words for shelves, baskets and looks."""

    def __init__(self) -> None:
        self.facts = Facts()

    def article(
        self, sku: str, category: str = "running", price: int = 5000, stock: int | None = 9, **values: Any
    ) -> None:
        """An article with a page, known for a hundred days, and its stock."""
        at = values.pop("at", ago(100))
        known = {"title": sku.title(), "url": PAGE + sku, **values}
        self.facts.add("products", at, sku=sku, category=category, price_minor=price, **known)
        if stock is not None:
            self.facts.add("stock", ago(100), sku=sku, quantity=stock)

    def reprice(self, sku: str, price: int, at: datetime) -> None:
        """The catalogue's next revision, with another price."""
        (row,) = [row for row in self.facts.rows["products"] if row["sku"] == sku and row["revision"] == 1]
        self._revise("products", row, at, price_minor=price)

    def restock(self, sku: str, quantity: int, at: datetime) -> None:
        """The next stock figure of an article."""
        rows = [row for row in self.facts.rows["stock"] if row["sku"] == sku]
        self._revise("stock", rows[0], at, revision=len(rows) + 1, quantity=quantity, event_at=at)

    def _revise(self, table: str, row: dict[str, Any], at: datetime, **changes: Any) -> None:
        revision = changes.pop("revision", 2)
        self.facts.rows[table].append(row | {"revision": revision, "arrived_at": at} | changes)
        old = {"fact_kind": table, "fact_id": row["fact_id"], "revision": revision - 1}
        self.facts.rows.setdefault("superseded", []).append(old)

    def basket(self, person: str, *skus: str, days: float = 30, quantity: int = 1, **values: Any) -> dict[str, Any]:
        """An order of these articles so many days ago."""
        lines = [{"sku": sku, "category": None, "quantity": quantity} for sku in skus]
        return self.facts.order(person, ago(days), *lines, **values)

    def look(self, person: str, sku: str, days: float = 5, kind: str = "view") -> None:
        """A look at an article so many days ago."""
        self.facts.event(person, ago(days), kind, sku=sku)

    def open(self, folder: Path) -> LakeView:
        return self.facts.open(folder / f"lake{len(list(folder.glob('lake*')))}")


def shown(
    view: LakeView,
    rule: GoodsRuleId,
    people: Iterable[str],
    as_of: datetime = AS_OF,
    told: Iterable[tuple[str, str]] = (),
    **goods: Any,
) -> dict[str, list[dict[str, Any]]]:
    """What a rule shows each of these people, best first, with the evidence."""
    ids = sorted(set(people))
    table = view.memory_table("asked", pa.table({"person_id": pa.array(ids, pa.string())}))
    names = ["person_id", "sku"]
    pairs = [pa.array([pair[n] for pair in told], pa.string()) for n in (0, 1)]
    known = view.memory_table("told", pa.table(pairs, names=names))
    query = Query(view, table, Goods(rule=rule, **goods), SHOP, as_of, known)
    found: dict[str, list[dict[str, Any]]] = {person: [] for person in ids}
    for row in pick(query).order_by(["person_id", "n"]).to_pyarrow().to_pylist():
        found[row["person_id"]].append(row)
    return found


def skus(rows: list[dict[str, Any]]) -> list[str]:
    """The articles in the order they are shown."""
    return [row["sku"] for row in rows]
