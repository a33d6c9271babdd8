"""What a person's order lines say: first article, favourite category."""

import ibis
import ibis.expr.types as ir


def category_features(lines: ir.Table) -> ir.Table:
    """Give per person of `valid_lines` the category with the most units and how many categories were bought."""
    known = lines.filter(lines.category.notnull())
    units = known.group_by(["person_id", "category"]).agg(n_units=known.quantity.sum().cast("int64"))
    best = units.group_by("person_id").agg(
        n_categories=units.count(),
        n_units=units.n_units.sum().cast("int64"),
        top=ibis.struct({"n_units": units.n_units, "category": units.category}).max(),
    )
    return best.select(
        "person_id",
        "n_categories",
        top_category=best.top["category"],
        top_category_share=best.top["n_units"] / best.n_units.nullif(0),
    )


def first_purchase_features(lines: ir.Table, first_orders: ir.Table) -> ir.Table:
    """Give per person the article that cost most in the first order (`first_order_id`) and its category."""
    value = lines.unit_price_minor * lines.quantity - lines.discount_minor
    first = lines.mutate(value=value).join(first_orders, lines.order_fact_id == first_orders.first_order_id)
    key = {"value": first.value, "sku": first.sku, "category": first.category}
    best = first.group_by("person_id").agg(line=ibis.struct(key).max())
    return best.select("person_id", first_sku=best.line["sku"], first_category=best.line["category"])
