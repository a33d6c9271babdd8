"""Who may make an ambassador: a sum of counted facts, each with its points, over all buyers in one query (S1-32)."""

from datetime import UTC, datetime, timedelta
from typing import Literal, NamedTuple

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from memory.domain.loyalty import LoyaltyProgramme
from memory.domain.market import Shop
from memory.lake.view import LakeView
from tools.loyalty import standings
from tools.offers.earned.pairs import judged_pairs
from tools.outcomes import OutcomeWindow
from tools.profile.purchases import purchases, valid_orders

TermId = Literal["orders", "tier", "photo_reviews", "referrals", "submissions"]
HELD_SCHEMA = pa.schema([("holder_id", pa.string()), ("n", pa.int64())])
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


class Term(NamedTuple):
    """One part of the score."""

    id: TermId
    """What is counted."""
    points_each: int
    """Points for one."""
    most: int
    """So many count at most."""


TERMS: tuple[Term, ...] = (
    Term("orders", 5, 10),
    Term("tier", 10, 3),
    Term("photo_reviews", 10, 5),
    Term("referrals", 20, 5),
    Term("submissions", 15, 4),
)
"""Invented weights that nothing measured: they put in order who is looked at first, and decide nothing."""


def scores(
    view: LakeView, shop: Shop, programme: LoyaltyProgramme | None, accepted: pa.Table, as_of: datetime
) -> ir.Table:
    """Give every buyer's facts and score: person_id, n_TERM of each term, score.

    `accepted` is who made the accepted submissions (`ACCEPTED_SCHEMA`). A tier counts as its number above the lowest; a
    referral where the friend was new and bought afterwards.
    """
    orders = valid_orders(view, as_of)
    orders = orders.filter(orders.shop_id == shop.shop_id)
    people = orders.group_by("person_id").agg(n_orders=orders.count())
    for term, counted in _counted(view, shop, programme, accepted, as_of).items():
        joined = people.left_join(counted, people.person_id == counted.holder_id)
        n = ibis.coalesce(joined.n, 0).cast("int64")
        people = joined.mutate(n.name(f"n_{term}")).drop("holder_id", "n")
    points = [ibis.least(people[f"n_{one.id}"], one.most) * one.points_each for one in TERMS]
    return people.mutate(score=sum(points[1:], points[0]).cast("int64"))


def referred_orders(view: LakeView, shop: Shop, since: pa.Table, as_of: datetime) -> ir.Table:
    """Give what friends of ambassadors ordered since these said yes: ambassador_id, n_friends, n_orders, net_minor.

    `since` is who accepted, and when (`SINCE_SCHEMA`). A friend counts where nothing stands against the referral and
    it came after the yes; orders are purchases from the referral on, after refunds, in the shop's currency.
    """
    known = view.memory_table("ambassadors_since", since).rename(person_id="ambassador_id")
    known = view.present(known).group_by("person_id").agg(since_at=ibis._.since_at.min())
    pairs = judged_pairs(view, shop, OutcomeWindow(starts_at=BEGINNING, ends_at=as_of), as_of)
    theirs = pairs.filter(pairs.reason == "").inner_join(
        known, [pairs.referrer_id == known.person_id, pairs.referred_at >= known.since_at]
    )
    theirs = theirs.select("referrer_id", "friend_id", "referred_at")
    bought = purchases(view, shop, as_of).select("event_at", "net_minor", buyer_id="person_id")
    placed = theirs.inner_join(bought, [theirs.friend_id == bought.buyer_id, bought.event_at >= theirs.referred_at])
    sums = placed.group_by("referrer_id").agg(
        n_friends=placed.friend_id.nunique(), n_orders=placed.count(), net_minor=placed.net_minor.sum()
    )
    joined = known.left_join(sums, known.person_id == sums.referrer_id)
    filled = {name: ibis.coalesce(joined[name], 0).cast("int64") for name in ("n_friends", "n_orders", "net_minor")}
    return joined.select(ambassador_id="person_id", **filled)


def _counted(
    view: LakeView, shop: Shop, programme: LoyaltyProgramme | None, accepted: pa.Table, as_of: datetime
) -> dict[TermId, ir.Table]:
    """Give (holder_id, n) per term but orders."""
    events = view.table("events")
    photos = events.filter(
        events.shop_id == shop.shop_id, events.person_id.notnull(), events.kind == "photo_review",
        events.event_at <= ibis.literal(as_of),
    )  # fmt: skip
    made = view.present(view.memory_table("accepted_submissions", accepted).rename(person_id="maker_id"))
    found: dict[TermId, ir.Table] = {
        "photo_reviews": photos.group_by(holder_id=photos.person_id).agg(n=photos.count()),
        "referrals": _friends_who_came(view, shop, as_of),
        "submissions": made.group_by(holder_id=made.person_id).agg(n=made.submission_id.nunique()),
    }
    if programme is None:
        return {"tier": view.memory_table("no_tiers", HELD_SCHEMA.empty_table()), **found}
    stands = standings(view, shop, programme.tier_rule, as_of)
    return {"tier": stands.select(holder_id="person_id", n="tier_no"), **found}


def _friends_who_came(view: LakeView, shop: Shop, as_of: datetime) -> ir.Table:
    pairs = judged_pairs(view, shop, OutcomeWindow(starts_at=BEGINNING, ends_at=as_of + timedelta(days=1)), as_of)
    orders = valid_orders(view, as_of)
    orders = orders.filter(orders.shop_id == shop.shop_id).select("event_at", buyer_id="person_id")
    came = pairs.filter(pairs.reason == "").inner_join(
        orders, [pairs.friend_id == orders.buyer_id, orders.event_at >= pairs.referred_at]
    )
    return came.group_by(holder_id=came.referrer_id).agg(n=came.friend_id.nunique())
