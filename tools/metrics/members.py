"""Members of the loyalty programme beside other buyers: raw differences, which say nothing of what membership does."""

from datetime import datetime

import ibis
import ibis.expr.types as ir

from memory.domain.base import Count, Frozen
from memory.domain.market import Shop
from memory.domain.outcome import NotEstimable
from memory.lake.view import LakeView
from tools.loyalty import memberships
from tools.profile.purchases import purchases

from .aov import Aov, aov_of
from .rpr import Rpr, rpr

NOT_CAUSAL = "a raw difference, not an effect: who joins bought more already, or would have"
"""Said beside every difference between members and others."""


class MembersApart(Frozen):
    """Members and others who bought in a period (S1-25)."""

    n_members: Count
    """People who were members when they first bought in the period."""
    n_others: Count
    """All others who bought in it, those who joined afterwards too."""
    within_days: Count
    """Days within which a further order counts."""
    member_rpr: Rpr | NotEstimable
    """Members' repeat purchase rate."""
    other_rpr: Rpr | NotEstimable
    """The others'."""
    member_aov: Aov | NotEstimable
    """What members' orders of the period came to on average."""
    other_aov: Aov | NotEstimable
    """What other orders did."""
    rpr_difference_pp: float | None
    """Members less others, in points; null where either cannot be read."""
    aov_difference_minor: float | None
    """Members less others, in minor units; null where either cannot be read."""
    label: str = NOT_CAUSAL
    """What the differences are."""


def members_apart(
    view: LakeView, shop: Shop, begins_at: datetime, ends_at: datetime, within_days: int, as_of: datetime
) -> MembersApart:
    """Compare who was a member when they first bought in [begins, ends) with everybody else who bought then.

    Membership is read at that purchase, never later: who came back had more time to join, and would count as a member
    for having come back.
    """
    orders = purchases(view, shop, as_of)
    orders = orders.filter(orders.event_at >= ibis.literal(begins_at), orders.event_at < ibis.literal(ends_at))
    marked = _marked(orders, memberships(view, shop, as_of))
    first = marked.group_by("person_id").agg(
        start_at=marked.event_at.min(), is_member=marked.is_member.argmin(marked.event_at)
    )
    sides = [first.filter(first.is_member), first.filter(~first.is_member)]
    counts = [int(side.count().to_pyarrow().as_py()) for side in sides]
    rates = [rpr(view, shop, side.select("person_id", "start_at"), within_days, as_of) for side in sides]
    baskets = [aov_of(marked.filter(marked.is_member), shop), aov_of(marked.filter(~marked.is_member), shop)]
    return MembersApart(
        n_members=counts[0],
        n_others=counts[1],
        within_days=within_days,
        member_rpr=rates[0],
        other_rpr=rates[1],
        member_aov=baskets[0],
        other_aov=baskets[1],
        rpr_difference_pp=_points(rates[0], rates[1]),
        aov_difference_minor=_minor(baskets[0], baskets[1]),
    )


def _marked(orders: ir.Table, spans: ir.Table) -> ir.Table:
    """Add whether the buyer was a member when the order was placed."""
    inside = orders.inner_join(
        spans,
        [
            orders.person_id == spans.member_id,
            orders.event_at >= spans.joined_at,
            spans.left_at.isnull() | (orders.event_at < spans.left_at),
        ],
    ).select(of_member="fact_id")
    joined = orders.left_join(inside, orders.fact_id == inside.of_member)
    return joined.mutate(is_member=joined.of_member.notnull()).drop("of_member")


def _points(one: Rpr | NotEstimable, other: Rpr | NotEstimable) -> float | None:
    if isinstance(one, Rpr) and isinstance(other, Rpr):
        return 100 * (one.rate.estimate - other.rate.estimate)
    return None


def _minor(one: Aov | NotEstimable, other: Aov | NotEstimable) -> float | None:
    if isinstance(one, Aov) and isinstance(other, Aov):
        return one.aov_minor.estimate - other.aov_minor.estimate
    return None
