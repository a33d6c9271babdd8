"""Who is in a community, and since when: from what was imported about joining and leaving."""

from datetime import datetime

import ibis
import ibis.expr.types as ir

from memory.domain.market import Shop
from memory.lake.view import LakeView


def in_community_at(view: LakeView, shop: Shop, as_of: datetime) -> ir.Table:
    """Give who is in which community at an instant: member_id, community_id, joined_at (the first time they did).

    Of records that are one person now all statements count, the latest one at each instant.
    """
    told = view.table("community_memberships")
    told = told.filter(told.shop_id == shop.shop_id, told.event_at <= ibis.literal(as_of))
    latest = ibis.window(
        group_by=["person_id", "community_id"],
        order_by=[told.event_at.desc(), told.is_member.desc(), told.fact_id.desc()],
    )
    first = told.event_at.min(where=told.is_member).over(group_by=["person_id", "community_id"])
    ranked = told.mutate(place=ibis.row_number().over(latest), joined_at=first)
    now = ranked.filter(ranked.place == 0, ranked.is_member)
    return now.select("community_id", "joined_at", member_id="person_id")
