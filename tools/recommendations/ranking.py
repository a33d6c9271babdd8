"""The best pages of a person's category, filled up from the whole shop where a rule says so."""

import ibis
import ibis.expr.types as ir

from .rule import Query, shaped

N_KEPT = 8
"""Pages per category that compete, so that enough are left beside what a person bought."""
ALL = "*"


def best_of_category(
    query: Query, pages: ir.Table, score: str, *, whole_shop: bool = False, interest: ir.Table | None = None
) -> ir.Table:
    """Give the pages of each person's category with the highest `score`, ties by address; then the whole shop's.

    `interest` is (person_id, category); the query's own where none is given.
    """
    ranked = _ranked(pages, score)
    own = (query.interest if interest is None else interest).inner_join(ranked, "category")
    options = shaped(own)
    if whole_shop:
        every = query.people.cross_join(ranked.filter(ranked.category == ALL))
        options = options.union(shaped(every.mutate(place=every.place + N_KEPT)))
    return options


def _ranked(pages: ir.Table, score: str) -> ir.Table:
    """Give the first pages of each category and of the whole shop: category, url, sku, title, price_minor, place."""
    named = pages.select("category", "url", "sku", "title", "price_minor", score=pages[score])
    both = named.union(named.mutate(category=ibis.literal(ALL)))
    place = ibis.row_number().over(ibis.window(group_by=both.category, order_by=[both.score.desc(), both.url]))
    ranked = both.mutate(place=place.cast("int64"))
    return ranked.filter(ranked.place < N_KEPT).drop("score")
