"""Redeeming points: refused where they don't suffice, done once however often it is asked, one after the other."""

from datetime import datetime
from typing import Literal

from memory.domain.base import Frozen
from memory.domain.errors import InvalidInput, NotFound
from memory.domain.loyalty import Redemption
from memory.domain.market import Shop
from memory.lake.lake import Lake
from memory.store.unit_of_work import UnitOfWork

from .account import member_account
from .programme import programme_in_force


class RedemptionResult(Frozen):
    """What came of it."""

    code: Literal["redeemed", "repeated", "not_a_member", "too_few_points"]
    """How it ended; `repeated` where the same request had been granted before."""
    balance: int
    """Points left."""
    redemption: Redemption | None
    """What was redeemed; null where it was refused."""


def redeem(
    uow: UnitOfWork, lake: Lake, shop: Shop, person_id: str, reward_id: str, request_id: str, by: str, at: datetime
) -> RedemptionResult:
    """Spend a member's points on a reward of the programme in force.

    Redemptions of a shop take turns, so that two at once cannot both spend the last points: the balance is worked
    out while no other can change it. It is worked out no earlier than the last one was made: whoever waited, or whose
    clock is behind, sees every redemption that came first. Raise `NotFound` for an unknown reward, `InvalidInput` for
    the id of another redemption. Callers own the transaction.
    """
    uow.loyalty.lock(shop.shop_id)
    at = max(at, uow.loyalty.last_redeemed_at(shop.shop_id) or at)
    programme, _ = programme_in_force(uow, shop, at)
    account = member_account(uow, lake, shop, person_id, at)
    known = uow.loyalty.redemption(shop.shop_id, request_id)
    if known is not None:
        if (uow.identities.person_of(known.person_id), known.reward_id) != (account.person_id, reward_id):
            raise InvalidInput(what=request_id, why="another redemption has this id", remedy="Use a new one.")
        return RedemptionResult(code="repeated", balance=account.balance, redemption=known)
    reward = next((one for one in programme.rewards if one.id == reward_id), None)
    if reward is None:
        raise NotFound(kind="loyalty reward", id=reward_id)
    if not account.is_member:
        return RedemptionResult(code="not_a_member", balance=account.balance, redemption=None)
    if account.balance < reward.points:
        return RedemptionResult(code="too_few_points", balance=account.balance, redemption=None)
    made = Redemption(
        id=request_id,
        person_id=account.person_id,
        reward_id=reward.id,
        kind=reward.kind,
        points=reward.points,
        worth_minor=reward.worth.amount_minor,
        redeemed_at=at,
        by=by,
    )
    uow.loyalty.add_redemption(shop.shop_id, made)
    return RedemptionResult(code="redeemed", balance=account.balance - reward.points, redemption=made)
