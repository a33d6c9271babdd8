"""`well_reviewed`: goods of a person's category that buyers rated well (S2-20)."""

import ibis
import ibis.expr.types as ir

from tools.recommendations.ranking import best_of_category
from tools.recommendations.rule import GoodsRule, Query

MIN_REVIEWS = 3
MIN_STARS = 4.0


def options(query: Query) -> ir.Table:
    """Give the pages with at least 3 reviews and a mean of at least 4 stars, by mean, then by number of reviews."""
    events, pages = query.view.table("events"), query.pages
    reviews = events.filter(
        events.kind == "review", events.value.notnull(), events.event_at <= ibis.literal(query.as_of)
    )
    on_pages = reviews.inner_join(pages, reviews.sku == pages.page_sku)
    rated = on_pages.group_by("url").agg(n_reviews=on_pages.count(), stars=on_pages.value.mean().round(3))
    rated = rated.filter(rated.n_reviews >= MIN_REVIEWS, rated.stars >= MIN_STARS)
    known = query.on_sale.inner_join(rated, "url")
    scored = known.mutate(rating=(known.stars * 1000).round().cast("int64") * 1_000_000 + known.n_reviews)
    return best_of_category(query, scored, "rating")


RULE = GoodsRule("well_reviewed", options, is_of_interest=True)
