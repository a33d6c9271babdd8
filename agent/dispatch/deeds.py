"""What people did, for the second checker: counted from the newest facts once per data version, never judged here.

Shares no query with `tools.profile.intent`, by which the tick and the claim go: a mistake there is seen by the checker.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from functools import reduce
from typing import Any

import ibis
import ibis.expr.types as ir

from memory.domain.handover import DeedsNow
from memory.domain.segment import Intends, SegmentRule, leaves
from memory.lake.lake import Lake
from memory.lake.view import LakeView
from memory.store.engine import Store
from memory.store.unit_of_work import UnitOfWork

CARTS = ("cart", "checkout")
LOOKS = (*CARTS, "view", "mail_click")
"""Events that show interest in a category."""
NOTHING = DeedsNow()


class Deeds:
    """The deeds of people whose messages are for a state of intent, as of the newest data version."""

    def __init__(self, store: Store, lake: Lake | None, shop_id: str) -> None:
        """Know nothing yet. Without a lake nothing ever is, and messages for a state wait."""
        self._store, self._lake, self._shop_id = store, lake, shop_id
        self._version: int | None = None
        self._known: dict[str, DeedsNow] = {}
        self._by_plan: dict[str, dict[str, SegmentRule]] = {}

    def asking(self, uow: UnitOfWork, rows: Iterable[Any]) -> dict[str, SegmentRule]:
        """Give by send key the audience rule of each message whose step asks for a state."""
        rules = ((row.send_key, self._rules_of(uow, row.plan_id).get(row.step_id)) for row in rows)
        return {send_key: rule for send_key, rule in rules if rule is not None}

    def of(self, person: str) -> DeedsNow | None:
        """Give what a person did; None where nobody looked."""
        return self._known.get(person)

    def keep(self, number: int, view: LakeView, people: Collection[str], now: datetime) -> None:
        """Count the deeds of these people in an opened data version; those of another version are forgotten."""
        if number != self._version:
            self._known = {}
        found = deeds_of(view, people, now)
        self._known |= {person: found.get(person, NOTHING) for person in people}
        self._version = number

    def is_stale(self, uow: UnitOfWork, row: Any, person: str) -> bool:
        """Say whether the message asks for a state and newer facts than those counted here are there."""
        if self._lake is None or not self.asking(uow, [row]):
            return False
        return person not in self._known or uow.versions.number() != self._version

    def refresh(self, batch: Iterable[tuple[Any, str]], now: datetime) -> None:
        """Look once for a batch of (message, person): again for whoever asks where newer facts came, or nobody looked.

        Opens a transaction of its own that ends before the lake is read.
        """
        may_ask = [(row, person) for row, person in batch if self._may_ask(row)]
        if self._lake is None or not may_ask:
            return
        with self._store.read() as uow:
            people = {person for row, person in may_ask if self.asking(uow, [row])}
            if not people:
                return
            version = uow.versions.latest()
            if version.number == self._version and people <= self._known.keys():
                return
            subjects = uow.identities.subjects_of(people)
        records = sorted({subject for ones in subjects.values() for subject in ones})
        with self._lake.open(version.tables, [self._shop_id], subjects=records) as view:
            self.keep(version.number, view, people, now)

    def _may_ask(self, row: Any) -> bool:
        return row.plan_id not in self._by_plan or row.step_id in self._by_plan[row.plan_id]

    def _rules_of(self, uow: UnitOfWork, plan_id: str) -> dict[str, SegmentRule]:
        """Give the audiences of a plan's steps that ask for a state; a plan never changes."""
        if plan_id not in self._by_plan:
            audiences = ((step.id, step.audience) for step in uow.plans.get(plan_id).plan.steps())
            self._by_plan[plan_id] = {
                step_id: rule
                for step_id, rule in audiences
                if rule is not None and any(isinstance(leaf, Intends) for leaf in leaves(rule))
            }
        return self._by_plan[plan_id]


def deeds_of(view: LakeView, people: Collection[str], now: datetime) -> Mapping[str, DeedsNow]:
    """Give by person what they did up to `now`; whoever did nothing is missing. One row per person and category."""
    parts = [_acts(view), _orders(view), _lines(view)]
    rows: ir.Table = reduce(lambda one, other: one.union(other), parts)
    rows = rows.filter(rows.person_id.isin(sorted(people)), rows.event_at <= ibis.literal(now))
    counted = rows.group_by("person_id", "category").agg(
        cart_at=rows.event_at.max(where=rows.deed == "cart"),
        ordered_at=rows.event_at.max(where=rows.deed == "order"),
        n_looks=rows.count(where=rows.deed.isin(("cart", "look"))),
        n_bought=rows.count(where=rows.deed == "line"),
    )
    of_person: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in counted.to_pyarrow().to_pylist():
        of_person[row["person_id"]].append(row)
    return {person: _together(ones) for person, ones in of_person.items()}


def _together(rows: list[dict[str, Any]]) -> DeedsNow:
    named = [row for row in rows if row["category"] is not None]
    return DeedsNow(
        cart_at=max((_aware(row["cart_at"]) for row in rows if row["cart_at"] is not None), default=None),
        ordered_at=max((_aware(row["ordered_at"]) for row in rows if row["ordered_at"] is not None), default=None),
        looked={row["category"]: row["n_looks"] for row in named if row["n_looks"]},
        bought=frozenset(row["category"] for row in named if row["n_bought"]),
    )


def _acts(view: LakeView) -> ir.Table:
    """Give (person_id, event_at, category, deed) of what people, not machines, looked at or put in a cart."""
    events = view.table("events")
    events = _named(view, events.filter(events.kind.isin(LOOKS) & ~events.is_machine))
    return events.select("person_id", "event_at", "category", deed=events.kind.isin(CARTS).ifelse("cart", "look"))


def _orders(view: LakeView) -> ir.Table:
    """Give the orders that count: paid, not cancelled, not given back whole."""
    orders = view.table("orders")
    orders = orders.filter(_counts(orders))
    return orders.select("person_id", "event_at", category=ibis.null("string"), deed=ibis.literal("order", "string"))


def _lines(view: LakeView) -> ir.Table:
    lines, orders = view.table("order_lines"), view.table("orders")
    void = orders.filter(~_counts(orders)).select(void_id="fact_id")
    kept = _named(view, lines.anti_join(void, lines.order_fact_id == void.void_id))
    return kept.select("person_id", "event_at", "category", deed=ibis.literal("line", "string"))


def _counts(orders: ir.Table) -> ir.BooleanValue:
    is_back = (orders.refunded_minor > 0) & (orders.subtotal_minor <= orders.refunded_minor)
    return orders.is_paid & ~orders.is_cancelled & ~is_back


def _named(view: LakeView, rows: ir.Table) -> ir.Table:
    """Fill a missing category from the catalogue; a row's own category wins."""
    products = view.table("products")
    known = products.group_by(at_shop=products.shop_id, of_sku=products.sku).agg(usual=products.category.max())
    joined = rows.left_join(known, [rows.shop_id == known.at_shop, rows.sku == known.of_sku])
    return joined.mutate(category=ibis.coalesce(joined.category, joined.usual))


def _aware(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at
