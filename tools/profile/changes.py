"""Whose profile cannot be had by adding what is new: records whose people are worked out anew from all their facts."""

from collections.abc import Mapping
from datetime import date
from functools import reduce

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from memory.domain.market import Shop
from memory.lake.added import AddedView, added_rows
from memory.lake.keeping import Manifest
from memory.lake.lake import Lake
from memory.lake.view import LakeView

FACTS = ("orders", "order_lines", "events", "consents", "people")
"""Facts of people that a profile is made of."""
Versions = Mapping[str, int]


def records_anew(lake: Lake, shop: Shop, state: Manifest, after: Versions, new: LakeView, added: AddedView) -> set[str]:
    """Give the records whose people's sums in a kept state may not be added to.

    Those that moved; whose facts were revised; whose orders and lines came apart; with a fact later than the state;
    whose orders are priced by other rates or whose articles are in another category than before. A line belongs to its
    order's record and never comes before its order.
    """
    before = state.tables
    found = set(state.owed) | _moved(lake, before, after, new)
    found |= _records([*_revised(lake, before, after, new), *_repriced(lake, shop, before, after, new)])
    found |= _records(_apart(added))
    with lake.open(before, [shop.shop_id]) as old:
        later = [old.raw(name) for name in FACTS if name in before]
        found |= _records([rows.filter(rows.event_at > ibis.literal(state.as_of)) for rows in later])
        return found | _records(_recategorised(old, new, before, after))


def records_of(people: set[str], new: LakeView) -> set[str]:
    """Give every record of these people."""
    known = new.raw("identities")
    theirs = known.semi_join(new.memory_table("people_asked", _column("person_id", people)), "person_id")
    return people | set(theirs.to_pyarrow()["subject_id"].to_pylist())


def people_of(records: set[str], new: LakeView) -> set[str]:
    """Give the people of these records."""
    if not records:
        return set()
    known = new.raw("identities")
    moved = known.semi_join(
        new.memory_table("records_asked", _column("subject_id", records)), "subject_id"
    ).to_pyarrow()
    people = dict(zip(moved["subject_id"].to_pylist(), moved["person_id"].to_pylist(), strict=True))
    return {people.get(record, record) for record in records}


def _moved(lake: Lake, before: Versions, after: Versions, new: LakeView) -> set[str]:
    """Give old and new people of the records that are someone else's now."""
    if all(before.get(name) == after.get(name) for name in ("identities", "identity_moves")):
        return set()
    with lake.open(before) as old:
        was = new.memory_table("people_before", old.raw("identities").to_pyarrow())
    now = new.raw("identities")
    old_rows, new_rows = (
        was.anti_join(now, ["subject_id", "person_id"]),
        now.anti_join(was, ["subject_id", "person_id"]),
    )
    rows = old_rows.union(new_rows).to_pyarrow()
    return set(rows["subject_id"].to_pylist()) | set(rows["person_id"].to_pylist())


def _revised(lake: Lake, before: Versions, after: Versions, new: LakeView) -> list[ir.Table]:
    """Give the people of any revision of a fact that has a later one since."""
    if before.get("superseded") == after.get("superseded"):
        return []
    kept = new.memory_table("revised", added_rows(lake, before, after, "superseded", new).to_pyarrow())
    kinds = set(kept.select("fact_kind").distinct().to_pyarrow()["fact_kind"].to_pylist())
    return [new.raw(name).semi_join(kept.filter(kept.fact_kind == name), "fact_id") for name in FACTS if name in kinds]


def _apart(added: AddedView) -> list[ir.Table]:
    orders, lines = added.raw("orders"), added.raw("order_lines")
    return [
        orders.anti_join(lines, orders.fact_id == lines.order_fact_id),
        lines.anti_join(orders, lines.order_fact_id == orders.fact_id),
    ]


def _repriced(lake: Lake, shop: Shop, before: Versions, after: Versions, new: LakeView) -> list[ir.Table]:
    """Give who has an order in another currency from the first day on of which a rate is new or another."""
    if before.get("rates") == after.get("rates"):
        return []
    rates = new.raw("rates")
    changed = added_rows(lake, before, after, "rates", new).select("fact_id").distinct()
    first_on: date | None = rates.semi_join(changed, "fact_id").rate_on.min().to_pyarrow().as_py()
    if first_on is None:
        return []
    orders = new.raw("orders")
    return [orders.filter(orders.currency != shop.currency, orders.event_at.date() >= ibis.literal(first_on))]


def _recategorised(old: LakeView, new: LakeView, before: Versions, after: Versions) -> list[ir.Table]:
    """Give who bought an article whose line names no category and whose catalogue names another one than before."""
    if before.get("products") == after.get("products"):
        return []
    was, now = (dict(zip(*_categories(view), strict=True)) for view in (old, new))
    changed = {sku for sku in was.keys() | now.keys() if was.get(sku) != now.get(sku)}
    if not changed:
        return []
    lines = new.raw("order_lines")
    lines = lines.filter(lines.category.isnull())
    return [lines.semi_join(new.memory_table("skus_moved", _column("sku", changed)), "sku")]


def _categories(view: LakeView) -> tuple[list[str], list[str]]:
    products = view.table("products")
    known = products.filter(products.category.notnull()).group_by("sku").agg(category=lambda rows: rows.category.max())
    rows = known.to_pyarrow()
    return rows["sku"].to_pylist(), rows["category"].to_pylist()


def _records(parts: list[ir.Table]) -> set[str]:
    """Give the records of these facts, all of one connection."""
    if not parts:
        return set()
    subjects = reduce(ibis.union, [part.select("subject_id") for part in parts]).distinct().to_pyarrow()
    return set(subjects["subject_id"].to_pylist()) - {None}


def _column(name: str, values: set[str]) -> pa.Table:
    return pa.table({name: pa.array(sorted(values), pa.string())})
