"""How much is paid: one referral per household of friends, and as many uses as the offer allows."""

import ibis
import ibis.expr.types as ir

from memory.domain.market import Shop
from memory.domain.offer import OfferLimits
from memory.lake.view import LakeView

from .pairs import members_of


def one_per_household(told: ir.Table, view: LakeView, shop: Shop) -> ir.Table:
    """Block earned pairs whose friend lives with the friend of an earlier one.

    `told` has pair_id, friend_id, done_at, status and reason, here and below.
    """
    return _with_reason(told, _later_in_household(told, view, shop), "household_rewarded")


def within_uses(told: ir.Table, limits: OfferLimits) -> ir.Table:
    """Block earned pairs beyond the uses of a referrer, and of the offer; later ones first."""
    settled = _with_reason(told, _beyond(told, limits.uses_per_person, "referrer_id"), "uses_used_up")
    return within_grants(settled, limits)


def within_grants(told: ir.Table, limits: OfferLimits) -> ir.Table:
    """Block what was earned beyond the offer's uses over all people; later ones first."""
    if limits.max_granted is None:
        return told
    return _with_reason(told, _beyond(told, limits.max_granted, None), "budget_used_up")


def _later_in_household(told: ir.Table, view: LakeView, shop: Shop) -> ir.Table:
    """Give earned pairs whose friend shares a household with the friend of an earlier one."""
    earned, homes = told.filter(told.status == "earned"), members_of(view, shop)
    housed = earned.inner_join(homes, earned.friend_id == homes.member_id)
    order = ibis.window(group_by="household_id", order_by=[housed.done_at, housed.pair_id])
    ranked = housed.mutate(place=ibis.row_number().over(order))
    return ranked.filter(ranked.place > 0).select("pair_id").distinct()


def _beyond(told: ir.Table, n_uses: int, per: str | None) -> ir.Table:
    """Give earned pairs after the first `n_uses` of a referrer, or of all."""
    earned = told.filter(told.status == "earned")
    order = ibis.window(group_by=per, order_by=[earned.done_at, earned.pair_id])
    ranked = earned.mutate(place=ibis.row_number().over(order))
    return ranked.filter(ranked.place >= n_uses).select("pair_id")


def _with_reason(told: ir.Table, blocked: ir.Table, reason: str) -> ir.Table:
    blocked = blocked.select(blocked_id="pair_id")
    joined = told.left_join(blocked, told.pair_id == blocked.blocked_id)
    is_blocked = joined.blocked_id.notnull()
    return joined.mutate(
        status=is_blocked.ifelse("blocked", joined.status), reason=is_blocked.ifelse(reason, joined.reason)
    ).drop("blocked_id")
