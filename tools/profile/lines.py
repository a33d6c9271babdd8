"""What a person's order lines say: first article, favourite category."""

import ibis
import ibis.expr.types as ir


def category_units(lines: ir.Table) -> ir.Table:
    """Give (person_id, category, n_units) of `valid_lines`; lines of no known category do not count."""
    known = lines.filter(lines.category.notnull())
    return known.group_by(["person_id", "category"]).agg(n_units=known.quantity.sum().cast("int64"))


def category_sums(units: ir.Table) -> ir.Table:
    """Give per person of `category_units` the category with the most units, and of how many of how many."""
    best = units.group_by("person_id").agg(
        n_categories=units.count(),
        n_units=units.n_units.sum().cast("int64"),
        top=ibis.struct({"n_units": units.n_units, "category": units.category}).max(),
    )
    top = best.top
    return best.select("person_id", "n_categories", "n_units", top_category=top["category"], n_top_units=top["n_units"])


def category_values(sums: ir.Table) -> dict[str, ir.Value]:
    """Give the profile's columns about categories, as expressions over a table with those of `category_sums`."""
    share = sums.n_top_units / sums.n_units.nullif(0)
    return {"n_categories": sums.n_categories, "top_category": sums.top_category, "top_category_share": share}


def first_purchase_features(lines: ir.Table, first_orders: ir.Table) -> ir.Table:
    """Give per person the article that cost most in the first order (`first_order_id`) and its category."""
    value = lines.unit_price_minor * lines.quantity - lines.discount_minor
    first = lines.mutate(value=value).join(first_orders, lines.order_fact_id == first_orders.first_order_id)
    key = {"value": first.value, "sku": first.sku, "category": first.category}
    best = first.group_by("person_id").agg(line=ibis.struct(key).max())
    return best.select("person_id", first_sku=best.line["sku"], first_category=best.line["category"])
