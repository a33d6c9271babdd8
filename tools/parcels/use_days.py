"""How long people need with a thing before they can say anything about it: by the words of its category (S1-17).

The days are assumptions. A category no word stands for takes a week.
"""

from datetime import datetime

import ibis
import ibis.expr.types as ir

from memory.lake.view import LakeView
from tools.profile.purchases import valid_lines

LEAST_USE_DAYS = 7
"""Of goods no word stands for."""
LONGER: tuple[tuple[int, tuple[str, ...]], ...] = (
    (21, ("skin", "skincare", "serum", "cosmetic", "beauty", "hair", "haircare", "supplement", "vitamin")),
    (14, ("outdoor", "electronic", "appliance", "machine", "mattress")),
    (10, ("shoe", "boot", "running", "bag", "handbag", "backpack", "coffee", "tea", "home", "homeware")),
)
"""Days and the words in a category's name that ask for them, the longest first; whole words or their plurals."""


def use_days(view: LakeView, as_of: datetime) -> ir.Table:
    """Give (order_fact_id, use_days): how long each order's goods want to be used, the one that needs longest."""
    lines = valid_lines(view, as_of)
    name = ibis.coalesce(lines.category, "").lower()
    cases = [(_any(name, words), days) for days, words in LONGER]
    lines = lines.mutate(days=ibis.cases(*cases, else_=LEAST_USE_DAYS))
    return lines.group_by("order_fact_id").agg(use_days=lines.days.max())


def _any(name: ir.StringValue, words: tuple[str, ...]) -> ir.BooleanValue:
    return name.re_search(rf"(^|[^a-z])({'|'.join(words)})(s|es)?([^a-z]|$)")  # chairs are no hair, steamers no tea
