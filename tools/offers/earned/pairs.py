"""Who recommended the shop to whom, and which pairs can't count whatever the friend buys."""

from datetime import datetime

import ibis
import ibis.expr.types as ir

from memory.domain.market import Shop
from memory.lake.view import LakeView
from tools.outcomes import OutcomeWindow
from tools.profile.purchases import valid_orders

from .window import inside


def judged_pairs(view: LakeView, shop: Shop, window: OutcomeWindow, as_of: datetime) -> ir.Table:
    """Give pairs of people: pair_id, friend_id, referrer_id, referred_at, reason (empty where nothing stands against).

    People are those of the identities as they are known now: two accounts of one human are one person, and a
    referral between them is one of oneself.
    """
    return view.once("judged_pairs", lambda: _judged(view, shop, window, as_of), shop.shop_id, window, as_of)


def _judged(view: LakeView, shop: Shop, window: OutcomeWindow, as_of: datetime) -> ir.Table:
    pairs = _pairs(view, shop, window, as_of)
    shared = _sharing(pairs, view, shop)
    known = _bought_before(pairs, view, shop, as_of)
    marked = pairs.left_join(shared, pairs.pair_id == shared.shared_id).left_join(
        known, pairs.pair_id == known.known_id
    )
    marked = marked.mutate(
        reason=ibis.cases(
            (marked.friend_id == marked.referrer_id, "self_referral"),
            (marked.shared_id.notnull(), "same_household"),
            (marked.known_id.notnull(), "not_new"),
            else_="",
        )
    ).drop("shared_id", "known_id")
    return _first_referrer_only(marked)


def has_referrals(view: LakeView, shop: Shop) -> bool:
    """Say whether anybody ever recommended the shop; where nobody did, no referral can have been earned."""
    referrals = view.table("referrals")
    return bool(referrals.filter(referrals.shop_id == shop.shop_id).limit(1).count().to_pyarrow().as_py())


def members_of(view: LakeView, shop: Shop) -> ir.Table:
    """Give who lives where: member_id, household_id, each once."""
    homes = view.table("households")
    homes = homes.filter(homes.shop_id == shop.shop_id)
    return homes.select("household_id", member_id="person_id").distinct()


def _pairs(view: LakeView, shop: Shop, window: OutcomeWindow, as_of: datetime) -> ir.Table:
    """Give each pair of people once, with its earliest referral in the window."""
    referrals, people = view.table("referrals"), view.raw("identities")
    told = referrals.filter(referrals.shop_id == shop.shop_id, inside(referrals.event_at, window, as_of))
    told = told.select("event_at", "referrer_subject_id", friend_id="person_id")
    people = people.select(merged_subject="subject_id", merged_person="person_id")
    told = told.left_join(people, told.referrer_subject_id == people.merged_subject)
    told = told.mutate(referrer_id=ibis.coalesce(told.merged_person, told.referrer_subject_id))
    pairs = told.group_by("friend_id", "referrer_id").agg(referred_at=told.event_at.min())
    return pairs.mutate(pair_id=pairs.friend_id + ":" + pairs.referrer_id)


def _sharing(pairs: ir.Table, view: LakeView, shop: Shop) -> ir.Table:
    """Give the pairs whose two people share a household."""
    friends = members_of(view, shop)
    referrers = friends.select(home_id="household_id", other_id="member_id")
    homes = pairs.inner_join(friends, pairs.friend_id == friends.member_id)
    both = homes.inner_join(
        referrers, [homes.household_id == referrers.home_id, homes.referrer_id == referrers.other_id]
    )
    return both.select(shared_id="pair_id").distinct()


def _bought_before(pairs: ir.Table, view: LakeView, shop: Shop, as_of: datetime) -> ir.Table:
    """Give the pairs whose friend had bought before the referral."""
    bought = valid_orders(view, as_of)
    bought = bought.filter(bought.shop_id == shop.shop_id)
    first = bought.group_by(buyer_id=bought.person_id).agg(first_at=bought.event_at.min())
    early = pairs.inner_join(first, [pairs.friend_id == first.buyer_id, first.first_at < pairs.referred_at])
    return early.select(known_id="pair_id").distinct()


def _first_referrer_only(pairs: ir.Table) -> ir.Table:
    """Block all but a friend's first referrer; pairs that don't count anyway stand in nobody's way."""
    order = ibis.window(
        group_by="friend_id", order_by=[(pairs.reason != "").cast("int64"), pairs.referred_at, pairs.pair_id]
    )
    ranked = pairs.mutate(place=ibis.row_number().over(order))
    late = (ranked.reason == "") & (ranked.place > 0)
    return ranked.mutate(reason=late.ifelse("already_referred", ranked.reason)).drop("place")
