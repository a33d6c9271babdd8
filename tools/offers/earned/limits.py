"""How many referrals pay: one per household of friends, as many per referrer and in all as the offer allows."""

import ibis
import ibis.expr.types as ir

from memory.domain.market import Shop
from memory.domain.offer import OfferLimits
from memory.lake.view import LakeView

from .pairs import members_of


def blocked_by_limits(told: ir.Table, view: LakeView, shop: Shop, limits: OfferLimits) -> ir.Table:
    """Block earned pairs beyond a limit, later ones first; `told` has pair_id, done_at, status and reason."""
    settled = _with_reason(told, _later_in_household(told, view, shop), "household_rewarded")
    settled = _with_reason(settled, _beyond(settled, limits.uses_per_person, "referrer_id"), "uses_used_up")
    if limits.max_granted is None:
        return settled
    return _with_reason(settled, _beyond(settled, limits.max_granted, None), "budget_used_up")


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
