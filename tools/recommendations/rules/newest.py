"""`newest`: what the catalogue dates as new, in a person's own category; nobody else is shown it (S2-40, S1-44)."""

from datetime import timedelta

import ibis
import ibis.expr.types as ir

from tools.recommendations.ranking import best_of_category
from tools.recommendations.rule import GoodsRule, Query
from tools.recommendations.shelf import INTEREST

NEW_FOR = timedelta(days=90)
"""How long an article is new. One without a date in the catalogue (some exports carry none) never is."""


def options(query: Query) -> ir.Table:
    """Give the pages that are new, the newest first, of the category each person is about.

    With a least affinity, only where so much of what the person looked at and bought within 60 days lies in it.
    """
    fresh = query.on_sale.filter(query.on_sale.new_at > ibis.literal(query.as_of - NEW_FOR))
    interest = query.interest if query.min_affinity_rate <= 0 else _close(query)
    return best_of_category(query, fresh, "new_at", interest=interest)


def _close(query: Query) -> ir.Table:
    """Give (person_id, category) of people whose affinity to the category they are about is large enough."""
    looks = query.looked.select("person_id", "category", "event_at")
    acts = looks.union(query.bought.select("person_id", "category", "event_at"))
    acts = acts.filter(acts.category.notnull(), acts.event_at > ibis.literal(query.as_of - INTEREST))
    total = acts.group_by("person_id").agg(n_all=acts.count())
    in_each = acts.group_by(["person_id", "category"]).agg(n_in=acts.count())
    known = query.interest.inner_join(in_each, ["person_id", "category"]).inner_join(total, "person_id")
    return known.filter(known.n_in >= known.n_all * query.min_affinity_rate).select("person_id", "category")


RULE = GoodsRule("newest", options, is_of_interest=True)
