"""Which referrals pay: the friend spends enough, both get their reward, and refunds take both back (S2-55)."""

from datetime import datetime

import ibis
import ibis.expr.types as ir

from memory.domain.errors import InvalidInput
from memory.domain.market import Shop
from memory.domain.offer import Offer, ReferralReward
from memory.lake.view import LakeView
from tools.outcomes import OutcomeWindow

from .limits import blocked_by_limits
from .pairs import judged_pairs
from .spending import in_currency_of, paid_orders, reaching


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
    pairs = judged_pairs(view, shop, window, as_of)
    if people is not None:
        pairs = pairs.semi_join(people, pairs.referrer_id == people.person_id)
    least = in_currency_of(shop, reward.friend_min_spend, "what the friend spends")
    spent = _spent(pairs, paid_orders(view, shop, window, as_of), least)
    lost = spent.is_cancelled.ifelse("cancelled", "refunded")
    told = spent.mutate(
        status=(spent.reason != "").ifelse("blocked", spent.is_kept.ifelse("earned", "clawed_back")),
        reason=(spent.reason != "").ifelse(spent.reason, spent.is_kept.ifelse("", lost)),
    )
    settled = blocked_by_limits(told, view, shop, offer.limits)
    return _side(settled, "referrer", "friend", in_currency_of(shop, reward.referrer, "the reward")).union(
        _side(settled, "friend", "referrer", in_currency_of(shop, reward.friend, "the friend's reward"))
    )


def _spent(pairs: ir.Table, orders: ir.Table, least_minor: int) -> ir.Table:
    """Give the pairs whose friend placed a large enough order after the referral, with when and whether it stands."""
    placed = pairs.inner_join(
        orders, [pairs.friend_id == orders.person_id, orders.event_at >= pairs.referred_at]
    ).select("pair_id", "event_at", "gross_minor", "net_minor", "is_cancelled")
    return pairs.inner_join(reaching(placed, "pair_id", least_minor), "pair_id")


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
