"""Sums: what a profile is worked out from, one row per person, whole or merged with what came since (S2-08)."""

from datetime import datetime
from functools import reduce

import ibis
import ibis.expr.types as ir

from memory.domain.market import Shop
from memory.lake.view import LakeView

from .events import aged_sums, event_sums
from .lines import category_sums, category_units, first_purchase_features
from .orders import order_sums
from .people import PUSH_CHANNELS, SAID, consent_sums, people_sums
from .purchases import purchases, valid_lines
from .quintiles import rfm_quintiles

FIRST = ("first_order_at", "first_order_id", "origin", "first_order_ppm", "is_referred", "first_sku", "first_category")
"""The first order: the least instant, then the least id, says all of these."""
LATEST = (
    ("last_order_at", "last_market"),
    *((f"said_{channel}_at", f"refused_{channel}") for channel in PUSH_CHANNELS),
    *((f"{name}_at", f"{name}_fact_id", f"known_{name}") for name in SAID),
)
"""Columns that are told together by the greatest row of them."""
OF_CATEGORIES = ("n_categories", "n_units", "top_category", "n_top_units")
"""Worked out anew from the units of each category."""


def lines_of(view: LakeView, shop: Shop, as_of: datetime) -> ir.Table:
    """Give the shop's `valid_lines`."""
    lines = valid_lines(view, as_of)
    return lines.filter(lines.shop_id == shop.shop_id)


def sums_of(
    view: LakeView,
    shop: Shop,
    as_of: datetime,
    lines: ir.Table | None = None,
    units: ir.Table | None = None,
    *,
    with_fifths: bool = False,
) -> ir.Table:
    """Give one row per person of the shop: anyone with an order, a line, an event, a consent or a people fact.

    `lines` is `lines_of` and `units` its `category_units` where the caller has them; with fifths `rfm_quintiles` stand
    beside.
    """

    def of_shop(name: str) -> ir.Table:
        facts = view.table(name)
        return facts.filter(facts.shop_id == shop.shop_id)

    lines = lines_of(view, shop, as_of) if lines is None else lines
    orders = order_sums(purchases(view, shop, as_of))
    people = of_shop("people")
    parts = [
        orders,
        category_sums(category_units(lines) if units is None else units),
        first_purchase_features(lines, orders.select("first_order_id")),
        event_sums(of_shop("events"), as_of),
        consent_sums(of_shop("consents"), as_of),
        people_sums(people.filter(people.event_at <= ibis.literal(as_of))),
    ]
    parts += [rfm_quintiles(orders)] if with_fifths else []
    everyone = reduce(ibis.union, [part.select("person_id") for part in parts]).distinct()
    return reduce(beside, parts, everyone)


def aged_of(view: LakeView, shop: Shop, before: datetime, as_of: datetime) -> ir.Table:
    """Give `aged_sums` of the shop's events."""
    events = view.table("events")
    return aged_sums(events.filter(events.shop_id == shop.shop_id), before, as_of)


def beside(left: ir.Table, right: ir.Table) -> ir.Table:
    """Add the columns of `right` to the people of `left`; null where it does not know them."""
    return left.left_join(right, "person_id").drop("person_id_right")


def merged(rows: ir.Table) -> ir.Table:
    """Merge rows of `sums_of` about distinct facts into one per person; `OF_CATEGORIES` may stand in one row only.

    At most two rows of a person may have orders. What `WINDOWED` lose counts below zero.
    """
    together = {name for group in (FIRST, *LATEST) for name in group}
    greatest = ("seen_at", *OF_CATEGORIES)
    single = {"person_id", "previous_order_at", *greatest, *together}
    aggregates: dict[str, ir.Value] = {name: rows[name].sum() for name in rows.columns if name not in single}
    aggregates |= {name: rows[name].max() for name in greatest}
    aggregates |= {"first": _struct(rows, FIRST).min(where=rows.first_order_at.notnull())}
    aggregates |= {names[0][:-3]: _struct(rows, names).max(where=rows[names[0]].notnull()) for names in LATEST}
    aggregates |= {
        "one_before": rows.previous_order_at.max(),
        "earlier_last": rows.last_order_at.min(),
        "n_with_orders": rows.last_order_at.count(),
    }
    table = rows.group_by("person_id").agg(**aggregates)
    columns = {name: table["first"][name] for name in FIRST}
    columns |= {name: table[names[0][:-3]][name] for names in LATEST for name in names}
    earlier = ibis.ifelse(table.n_with_orders > 1, table.earlier_last, ibis.null("timestamp('UTC')"))
    columns["previous_order_at"] = ibis.greatest(
        ibis.coalesce(table.one_before, earlier), ibis.coalesce(earlier, table.one_before)
    )
    columns |= {name: table[name] for name in (*aggregates, "person_id") if name in rows.columns}
    kinds = rows.schema()
    return table.select(**{name: columns[name].cast(kinds[name]) for name in rows.columns})


def widened(rows: ir.Table, like: ir.Table) -> ir.Table:
    """Give rows with the columns of another table, null where they have none."""
    kinds = like.schema()
    return rows.select(
        **{name: rows[name].cast(kinds[name]) if name in rows.columns else ibis.null(kinds[name]) for name in kinds}
    )


def _struct(rows: ir.Table, names: tuple[str, ...]) -> ir.StructValue:
    return ibis.struct({name: rows[name] for name in names})
