"""Warm-up at the claim: a new sending domain gets a daily ceiling, and complaints hold everything but receipts."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from memory.domain.market import Shop
from memory.domain.warm_up import ceiling, is_too_much
from memory.store.unit_of_work import UnitOfWork
from memory.store.warm_ups import WarmUp
from tools.channels import Sender


def domain_of(shop: Shop) -> str:
    """Give the domain that a shop's mails come from."""
    return shop.sender_email.rpartition("@")[2].lower()


def is_warming(uow: UnitOfWork, shop: Shop, channel: str, sender: Sender, now: datetime) -> bool:
    """Say whether a ceiling binds; the first live mail of a domain starts its warm-up."""
    if channel != "email" or not sender.is_live:
        return False
    known = uow.warm_ups.get(shop.shop_id, domain_of(shop))
    if known is None:
        known = WarmUp(domain=domain_of(shop), started_at=now, counted_from=now)
        uow.warm_ups.put(shop.shop_id, known)
    return not known.is_done and (known.paused_at is not None or ceiling(known.started_at, now, shop.zone) is not None)


def n_left(uow: UnitOfWork, shop: Shop, now: datetime) -> int:
    """Give how many mails may still go on this local day; none where complaints pause the domain, from now on too."""
    known = uow.warm_ups.get(shop.shop_id, domain_of(shop))
    assert known is not None, "asked after is_warming"
    if known.paused_at is not None:
        return 0
    n_sent = uow.warm_ups.n_claimed(shop.shop_id, "email", known.counted_from)
    n_complaints = uow.deliveries.n_since(shop.shop_id, "email", "complained", known.counted_from)
    if is_too_much(n_complaints, n_sent):
        reason = f"{n_complaints} complaints on {n_sent} mails"
        uow.warm_ups.put(shop.shop_id, known.model_copy(update={"paused_at": now, "reason": reason}))
        return 0
    most = ceiling(known.started_at, now, shop.zone) or 0
    return max(0, most - uow.warm_ups.n_claimed(shop.shop_id, "email", _midnight(shop, now)))


def tomorrow(shop: Shop, now: datetime) -> datetime:
    """Give the next local midnight: when held mails are looked at again."""
    return _midnight(shop, now + timedelta(days=1))


def _midnight(shop: Shop, now: datetime) -> datetime:
    local = now.astimezone(ZoneInfo(shop.zone))
    return local.replace(hour=0, minute=0, second=0, microsecond=0)
