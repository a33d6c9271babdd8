"""Gathering the tools' further aggregates: pairs bought together, the repeat curve, ready segments. One reading."""

from typing import Any

import ibis
import ibis.expr.types as ir

from agent.planning.context import PlanContext
from agent.planning.contexts import Contexts
from memory.domain.segment import Compare, SegmentRule, leaves
from memory.lake.lake import Lake
from memory.lake.view import LakeView
from memory.store.engine import Store

from .desk import Extras, ProductPair, RepeatPoint

MIN_SUPPORT = 10
"""Pairs of fewer people are not told: they could point to a person."""
MAX_PAIRS = 40
MAX_ARTICLES = 200
"""Only the best-selling articles are paired, so that the work does not grow with the square of the range."""
CURVE_DAYS = (7, 14, 30, 45, 60, 90)


def gather_extras(store: Store, lake: Lake, context: PlanContext) -> Extras:
    """Give the aggregates of the context's own data version."""
    shop_id = context.shop.shop_id
    with store.read() as uow:
        version = uow.versions.get(context.data_version)
    with lake.open(version.tables, [shop_id]) as view:
        return _extras(view, context)


def extras_of(contexts: Contexts, context: PlanContext) -> Extras:
    """Give the same, read once while the facts are open."""
    return contexts.read(context, "extras", lambda facts: _extras(facts.view, context))


def _extras(view: LakeView, context: PlanContext) -> Extras:
    return Extras(pairs=pairs(view, context), repeat_curve=repeat_curve(view, context))


def pairs(view: LakeView, context: PlanContext) -> tuple[ProductPair, ...]:
    """Give the pairs of articles most people bought, with support and confidence, best first; ties by sku."""
    rows = _paired(view).to_pyarrow().to_pylist()
    return tuple(_pair(row) for row in rows)


def size_of(store: Store, lake: Lake, context: PlanContext, rule: SegmentRule) -> int:
    """Count the people of a rule as of the context's facts."""
    from tools.profile import build_profiles

    with store.read() as uow:
        version = uow.versions.get(context.data_version)
    with lake.open(version.tables, [context.shop.shop_id]) as view:
        return _count(rule, build_profiles(view, context.shop, context.as_of), view, context)


def open_size_of(contexts: Contexts, context: PlanContext, rule: SegmentRule) -> int:
    """Give the same from profiles that are worked out once while the facts are open."""
    return contexts.read(context, ("size", rule), lambda facts: _count(rule, facts.profiles(), facts.view, context))


def _count(rule: SegmentRule, profiles: ir.Table, view: LakeView, context: PlanContext) -> int:
    """Count with the columns the rule names alone: the fewer there are, the sooner the question is put."""
    from tools.segments import select

    named = {leaf.attribute for leaf in leaves(rule) if isinstance(leaf, Compare)}
    people = profiles.select(*dict.fromkeys(("shop_id", "person_id", *sorted(named))))
    return int(select(rule, people, view, context.as_of, context.shop.zone).count().to_pyarrow().as_py())


def repeat_curve(view: LakeView, context: PlanContext) -> tuple[RepeatPoint, ...]:
    """Give the share of buyers whose second order came within so many days, of all who could have placed one."""
    orders = view.table("orders")
    valid = orders.filter(~orders.is_cancelled, orders.is_paid, orders.event_at <= ibis.literal(context.as_of))
    placed = valid.filter(valid.person_id.notnull()).select("person_id", "event_at")
    ranked = placed.mutate(place=ibis.row_number().over(group_by="person_id", order_by="event_at"))
    first = ranked.filter(ranked.place == 0).select("person_id", first_at="event_at")
    second = ranked.filter(ranked.place == 1).select(second_person="person_id", second_at="event_at")
    both = first.left_join(second, first.person_id == second.second_person)
    days = (both.second_at.epoch_seconds() - both.first_at.epoch_seconds()) // 86400
    open_days = (ibis.literal(context.as_of).epoch_seconds() - both.first_at.epoch_seconds()) // 86400
    sums: dict[str, Any] = {}
    for within in CURVE_DAYS:
        sums[f"seen_{within}"] = (open_days >= within).sum()
        sums[f"back_{within}"] = ((open_days >= within) & (days <= within)).fill_null(False).sum()
    row = both.aggregate(**sums).to_pyarrow().to_pylist()[0]
    return tuple(
        RepeatPoint(within_days=within, repeat_rate=round(row[f"back_{within}"] / row[f"seen_{within}"], 4))
        for within in CURVE_DAYS
        if (row[f"seen_{within}"] or 0) >= MIN_SUPPORT
    )


def _paired(view: LakeView) -> ir.Table:
    lines, products = view.table("order_lines"), view.table("products")
    bought = lines.filter(lines.person_id.notnull(), ~lines.is_gift).select("person_id", "sku").distinct()
    sold = bought.group_by("sku").aggregate(n_buyers=bought.count())
    best = sold.order_by(ibis.desc("n_buyers"), "sku").limit(MAX_ARTICLES)
    kept = bought.semi_join(best, "sku")
    left = kept.rename(first_sku="sku")
    right = kept.rename(second_sku="sku", other_person="person_id")
    joined = left.join(right, [left.person_id == right.other_person, left.first_sku != right.second_sku])
    counted = joined.group_by("first_sku", "second_sku").aggregate(n_people=joined.count())
    counted = counted.filter(counted.n_people >= MIN_SUPPORT)
    buyers = sold.rename(sold_sku="sku")
    counted = counted.join(buyers, counted.first_sku == buyers.sold_sku).drop("sold_sku")
    named = products.group_by("sku").aggregate(title=products.title.max(), category=products.category.max())
    for side in ("first", "second"):
        names = named.rename({f"{side}_title": "title", f"{side}_category": "category", f"{side}_key": "sku"})
        counted = counted.left_join(names, counted[f"{side}_sku"] == names[f"{side}_key"])
    return counted.order_by(ibis.desc("n_people"), "first_sku", "second_sku").limit(MAX_PAIRS)


def _pair(row: dict[str, Any]) -> ProductPair:
    return ProductPair(
        first_title=row["first_title"] or row["first_sku"],
        second_title=row["second_title"] or row["second_sku"],
        first_category=row["first_category"] or "",
        second_category=row["second_category"] or "",
        n_people=row["n_people"],
        confidence_rate=round(min(1.0, row["n_people"] / row["n_buyers"]), 6),
    )
