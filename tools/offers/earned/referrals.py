"""Which referrals pay: the friend spends enough, both get their reward, and refunds take both back (S2-55)."""

from datetime import datetime, timedelta

import ibis
import ibis.expr.types as ir

from memory.domain.errors import InvalidInput
from memory.domain.market import Shop
from memory.domain.offer import Offer, ReferralReward
from memory.lake.view import LakeView
from tools.outcomes import OutcomeWindow

from .limits import one_per_household, within_uses
from .pairs import judged_pairs
from .spending import in_currency_of, paid_orders, reaching

RECOMMENDED_DAYS = 90
"""So long before an offer's window an earlier recommendation, perhaps under another offer, still comes first."""


def referrals_earned(
    view: LakeView,
    shop: Shop,
    offer: Offer,
    window: OutcomeWindow,
    as_of: datetime,
    *,
    people: ir.Table | None = None,
) -> ir.Table:
    """Give both sides of every referral whose friend spent enough in one order.

    Columns: person_id, role (`referrer` or `friend`), other_id, amount_minor (shop's currency; owed only where
    earned), earned_at, status, reason. `earned_at` is the friend's earliest order that still reaches the sum; later
    orders pay nothing more. Status and reason are

    - `earned`;
    - `clawed_back`: no order that reached the sum is left (`refunded`, `cancelled`);
    - `blocked`: `self_referral`, `same_household`, `not_new` (had bought before), `already_referred` (somebody
      else was first), `household_rewarded` (a friend of the same household was first), `uses_used_up` (the
      referrer's uses), `budget_used_up` (the offer's uses).

    Both sides always share one status. Referral and order lie in the window, the order not before the referral.
    Only referrals by `people` (person_id) take part where they are given.
    """
    reward = offer.incentive
    if not isinstance(reward, ReferralReward):
        raise InvalidInput(what=f"offer {offer.id}", why="it rewards no referral", remedy="Name one that does")
    least = in_currency_of(shop, reward.friend_min_spend, "what the friend spends")
    earlier = window.starts_at - timedelta(days=RECOMMENDED_DAYS)
    told = _told(view, shop, OutcomeWindow(starts_at=earlier, ends_at=window.ends_at), as_of, least)
    told = one_per_household(told, view, shop)
    told = told.filter(told.referred_at >= ibis.literal(window.starts_at))
    if people is not None:
        told = told.semi_join(people, told.referrer_id == people.person_id)
    settled = within_uses(told, offer.limits)
    return _side(settled, "referrer", "friend", in_currency_of(shop, reward.referrer, "the reward")).union(
        _side(settled, "friend", "referrer", in_currency_of(shop, reward.friend, "the friend's reward"))
    )


def _told(view: LakeView, shop: Shop, window: OutcomeWindow, as_of: datetime, least_minor: int) -> ir.Table:
    """Give the pairs whose friend placed a large enough order after the referral, with status and reason."""
    pairs, orders = judged_pairs(view, shop, window, as_of), paid_orders(view, shop, window, as_of)
    placed = pairs.inner_join(
        orders, [pairs.friend_id == orders.person_id, orders.event_at >= pairs.referred_at]
    ).select("pair_id", "event_at", "arrived_at", "gross_minor", "net_minor", "is_cancelled")
    spent = pairs.inner_join(reaching(placed, "pair_id", least_minor), "pair_id")
    lost = spent.is_cancelled.ifelse("cancelled", "refunded")
    return spent.mutate(
        status=(spent.reason != "").ifelse("blocked", spent.is_kept.ifelse("earned", "clawed_back")),
        reason=(spent.reason != "").ifelse(spent.reason, spent.is_kept.ifelse("", lost)),
    )


def _side(settled: ir.Table, role: str, other: str, amount_minor: int) -> ir.Table:
    return settled.select(
        person_id=settled[f"{role}_id"],
        role=ibis.literal(role),
        other_id=settled[f"{other}_id"],
        amount_minor=ibis.literal(amount_minor, "int64"),
        earned_at=settled.done_at,
        status=settled.status,
        reason=settled.reason,
    )
