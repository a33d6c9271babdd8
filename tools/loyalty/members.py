"""Who is a member, and since when: from what was imported about joining and leaving."""

from datetime import datetime

import ibis
import ibis.expr.types as ir

from memory.domain.market import Shop
from memory.lake.view import LakeView


def memberships(view: LakeView, shop: Shop, as_of: datetime) -> ir.Table:
    """Give the times in which people were members: member_id, joined_at, left_at (null while they are).

    Of records that are one person now all statements count, the latest one at each instant.
    """
    told = view.table("memberships")
    told = told.filter(told.shop_id == shop.shop_id, told.event_at <= ibis.literal(as_of))
    order = ibis.window(group_by="person_id", order_by=[told.event_at, told.is_member, told.fact_id])
    spans = told.mutate(left_at=told.event_at.lead().over(order))
    spans = spans.filter(spans.is_member)
    return spans.select("left_at", member_id="person_id", joined_at="event_at")


def members_at(view: LakeView, shop: Shop, as_of: datetime) -> ir.Table:
    """Give who is a member at an instant: member_id, joined_at (the first time they did), each once."""
    spans = memberships(view, shop, as_of)
    first = spans.group_by("member_id").agg(joined_at=spans.joined_at.min(), is_now=spans.left_at.isnull().any())
    return first.filter(first.is_now).drop("is_now")
