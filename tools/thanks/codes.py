"""Codes of orders: for the customer of the order alone, once, on a later order, until they expire (S1-10)."""

from datetime import datetime

from memory.domain.thanks import CodeAnswer, CodeRefusal
from memory.store.unit_of_work import UnitOfWork


def check_code(uow: UnitOfWork, shop_id: str, code: str, person_id: str, order_ref: str, now: datetime) -> CodeAnswer:
    """Say whether a customer may use a code on an order; changes nothing."""
    order = uow.thanks.by_code(shop_id, code)
    if order is None:
        return _refused("unknown_code")
    if not person_id or uow.identities.person_of(order.person_id) != uow.identities.person_of(person_id):
        return _refused("other_customer")
    if order.order_ref == order_ref:
        return _refused("same_order")
    is_again = order.code_used_by == order_ref
    if order.code_used_by is not None and not is_again:
        return _refused("used")
    if not is_again and (order.code_expires_at is None or now >= order.code_expires_at):
        return _refused("expired")
    return CodeAnswer(is_valid=True, off=order.code_off, min_spend=order.code_min_spend, is_redeemed=is_again)


def redeem_code(uow: UnitOfWork, shop_id: str, code: str, person_id: str, order_ref: str, now: datetime) -> CodeAnswer:
    """Use a code up on an order, once; the same order asking again hears the same. Works in a write transaction."""
    answer = check_code(uow, shop_id, code, person_id, order_ref, now)
    if not answer.is_valid or answer.is_redeemed:
        return answer
    if not uow.thanks.use_code(shop_id, code, order_ref, now):
        return check_code(uow, shop_id, code, person_id, order_ref, now)
    return answer.model_copy(update={"is_redeemed": True})


def _refused(reason: CodeRefusal) -> CodeAnswer:
    return CodeAnswer(is_valid=False, reason=reason)
