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


def movements(view: LakeView, shop: Shop, as_of: datetime) -> ir.Table:
    """Count people per community: community_id, n_joined (ever), n_in (at `as_of`), n_left (joined once, and out)."""
    told = view.table("community_memberships")
    told = told.filter(told.shop_id == shop.shop_id, told.event_at <= ibis.literal(as_of), told.is_member)
    joined = told.group_by("community_id").agg(n_joined=told.person_id.nunique())
    now = in_community_at(view, shop, as_of)
    inside = now.group_by(inside_id=now.community_id).agg(n_in=now.count())
    both = joined.left_join(inside, joined.community_id == inside.inside_id)
    n_in = ibis.coalesce(both.n_in, 0)
    return both.select("community_id", "n_joined", n_in=n_in, n_left=both.n_joined - n_in)


def latest_moves(view: LakeView, shop: Shop, as_of: datetime, n: int) -> ir.Table:
    """Give the newest `n` times somebody joined or left: at, person_id, community_id, is_member; the newest first."""
    told = view.table("community_memberships")
    told = told.filter(told.shop_id == shop.shop_id, told.event_at <= ibis.literal(as_of))
    newest = told.order_by([told.event_at.desc(), told.fact_id]).limit(n)
    return newest.select("person_id", "community_id", "is_member", at=newest.event_at)
