"""Share and be rewarded: one side only, once the friend's order is paid and can no longer be sent back (S1-12)."""

from collections.abc import Mapping
from datetime import datetime

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from memory.domain.market import CountryCode, Shop
from memory.domain.thanks import ShareReward
from memory.lake.view import LakeView
from tools.outcomes import OutcomeWindow

from .limits import one_per_household
from .pairs import judged_pairs
from .spending import paid_orders, reaching

_REWARDS_SCHEMA = pa.schema(
    [("in_market", pa.string()), ("amount_minor", pa.int64()), ("currency", pa.string()), ("points", pa.int64())]
)
LEAST_MINOR = 1
"""What a friend has to spend: anything, and something has to be left of it."""


def shares_earned(
    view: LakeView,
    shop: Shop,
    rewards: Mapping[CountryCode, ShareReward],
    return_days: int,
    window: OutcomeWindow,
    as_of: datetime,
) -> ir.Table:
    """Give the referrer's side of every recommendation whose friend placed a paid order.

    Columns: person_id, friend_id, market, amount_minor, currency, points, ordered_at, granted_at, status, reason.
    The reward is that of the referrer's market, in its own currency or in points. Status and reason are

    - `earned`: the friend's earliest order that still stands was paid and its return window is over;
    - `waiting`: it is not over yet; `granted_at` says when it will be;
    - `clawed_back`: no order is left (`refunded`, `cancelled`);
    - `blocked`: `self_referral`, `same_household`, `not_new`, `already_referred`, `household_rewarded`, or
      `no_reward` (none is named for the referrer's market).

    An order that is not paid gives no row. Recommendation and order lie in the window.
    """
    told = _priced(one_per_household(_told(view, shop, window, as_of), view, shop), view, shop, rewards, as_of)
    granted = told.done_at + ibis.interval(days=return_days)
    is_early = (told.status == "earned") & (granted > ibis.literal(as_of))
    is_unpriced = (told.status == "earned") & told.in_market.isnull()
    status = ibis.cases((is_unpriced, "blocked"), (is_early, "waiting"), else_=told.status)
    return told.select(
        "friend_id",
        "market",
        "amount_minor",
        "currency",
        "points",
        person_id=told.referrer_id,
        ordered_at=told.done_at,
        granted_at=ibis.ifelse(status.isin(("earned", "waiting")), granted, ibis.null(granted.type())),
        status=status,
        reason=is_unpriced.ifelse("no_reward", told.reason),
    )


def _told(view: LakeView, shop: Shop, window: OutcomeWindow, as_of: datetime) -> ir.Table:
    """Give the pairs whose friend placed a paid order after the recommendation, with status and reason."""
    pairs, orders = judged_pairs(view, shop, window, as_of), paid_orders(view, shop, window, as_of)
    placed = pairs.inner_join(
        orders, [pairs.friend_id == orders.person_id, orders.event_at >= pairs.referred_at]
    ).select("pair_id", "event_at", "arrived_at", "gross_minor", "net_minor", "is_cancelled")
    spent = pairs.inner_join(reaching(placed, "pair_id", LEAST_MINOR), "pair_id")
    lost = spent.is_cancelled.ifelse("cancelled", "refunded")
    return spent.mutate(
        status=(spent.reason != "").ifelse("blocked", spent.is_kept.ifelse("earned", "clawed_back")),
        reason=(spent.reason != "").ifelse(spent.reason, spent.is_kept.ifelse("", lost)),
    )


def _priced(
    told: ir.Table, view: LakeView, shop: Shop, rewards: Mapping[CountryCode, ShareReward], as_of: datetime
) -> ir.Table:
    """Add the referrer's market and what it pays; `in_market` is null where it pays nothing."""
    people, orders = view.table("people"), view.table("orders")
    told_of = people.filter(people.shop_id == shop.shop_id, people.market.notnull())
    heard, at = told_of.arrived_at.epoch_seconds(), told_of.event_at.epoch_seconds()
    order = heard.cast("string") + at.cast("string") + told_of.fact_id  # of two from one file always the same
    lives = told_of.group_by(lives_id=told_of.person_id).agg(lives_in=told_of.market.argmax(order))
    sent = orders.filter(
        orders.shop_id == shop.shop_id, orders.market.notnull(), orders.event_at <= ibis.literal(as_of)
    )
    buys = sent.group_by(buys_id=sent.person_id).agg(buys_in=sent.market.argmax(sent.event_at))
    placed = told.left_join(lives, told.referrer_id == lives.lives_id)
    placed = placed.left_join(buys, placed.referrer_id == buys.buys_id)
    placed = placed.mutate(market=ibis.coalesce(placed.lives_in, placed.buys_in, shop.home_market))
    named = view.memory_table("share_rewards", pa.Table.from_pylist(_rows(rewards), _REWARDS_SCHEMA))
    return placed.left_join(named, placed.market == named.in_market)


def _rows(rewards: Mapping[CountryCode, ShareReward]) -> list[dict[str, object]]:
    return [
        {
            "in_market": market,
            "amount_minor": reward.amount.amount_minor if reward.amount else None,
            "currency": reward.amount.currency if reward.amount else None,
            "points": reward.points,
        }
        for market, reward in sorted(rewards.items())
    ]
