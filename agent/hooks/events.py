"""Events of providers: delivered, bounced, complained, unsubscribed, opened. Callers own the transaction."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from agent.dispatch.addresses import stop_address
from memory.domain.base import Frozen, Instant
from memory.domain.consent import SuppressionReason
from memory.domain.delivery import DELIVERY_STATES
from memory.domain.market import Channel
from memory.store.outbox import OutboxRow
from memory.store.unit_of_work import UnitOfWork
from tools.identity.keys import address_key
from tools.identity.normalise import normalise_email, normalise_phone

PushChannel = Literal["email", "sms", "push"]


class ProviderEvent(Frozen):
    """One event, as our own inbound contract has it (docs/channels.md)."""

    type: Literal["sent", "delivered", "bounced", "complained", "unsubscribed", "opened", "clicked"]
    """What happened."""
    at: Instant
    """When, by the provider's clock."""
    channel: PushChannel = "email"
    """On which channel."""
    message_id: str = Field(default="", max_length=64)
    """The send key of our message (`id` of what we posted, or the local part of the Message-ID)."""
    receipt: str = Field(default="", max_length=200)
    """The provider's own id, where the send key is not known."""
    address: str = Field(default="", max_length=254)
    """The address; needed only where no message is named."""
    is_permanent: bool = True
    """Whether a bounce is for good; a full mailbox is not."""
    is_machine: bool = False
    """Whether software opened or clicked; that is no reaction of a person."""


def receive(
    uow: UnitOfWork, key: bytes, shop_id: str, source: str, event_id: str, event: ProviderEvent, now: datetime
) -> bool:
    """Take one event; false where its id is known already. A message only moves forward.

    Bounces, complaints and unsubscribes suppress the address even where the message is not ours: that errs on the
    safe side.
    """
    message = uow.deliveries.message(shop_id, send_key=event.message_id, receipt=event.receipt)
    channel: PushChannel = message.channel if message else event.channel  # type: ignore[assignment]
    is_new = uow.deliveries.note(
        shop_id, source, event_id, send_key=message.send_key if message else "", channel=channel,
        kind="other" if event.is_machine else event.type,
        detail=_detail(event), at=event.at, arrived_at=now,
    )  # fmt: skip
    if not is_new:
        return False
    if message is not None and event.type in DELIVERY_STATES:
        uow.deliveries.advance(shop_id, message.send_key, channel, event.type, event.at)
        was_refunded = message.state == "failed"
        if uow.deliveries.settle(message.send_key, event.receipt or message.receipt, now) and was_refunded:
            uow.budget_ledger.reserve(message.plan_id, message.cost_millis)  # as far as there is money: it has left
    _stop(uow, key, shop_id, event, message, channel, source, now)
    return True


def _stop(
    uow: UnitOfWork, key: bytes, shop_id: str, event: ProviderEvent, message: OutboxRow | None, channel: PushChannel,
    source: str, now: datetime,
) -> None:  # fmt: skip
    reasons: dict[str, SuppressionReason] = {"complained": "complaint", "unsubscribed": "unsubscribed"}
    if event.type == "bounced" and event.is_permanent:
        reasons["bounced"] = "hard_bounce"
    reason = reasons.get(event.type)
    if reason is None:
        return
    if message is not None and event.type != "bounced":
        (person,) = uow.identities.people_of([message.person_id]).values()
        uow.consents.revoke(shop_id, person, channel, now, "unknown", source)
    for address in _keys(uow, key, shop_id, event, message, channel):
        stop_address(uow, shop_id, channel, address, reason, source, now)


def _keys(
    uow: UnitOfWork, key: bytes, shop_id: str, event: ProviderEvent, message: OutboxRow | None, channel: Channel
) -> set[str]:
    """Give the keys of the address that the event names, or of the message's person."""
    region = uow.shops.get(shop_id).home_market
    plain: str | None = event.address
    if channel == "email":
        plain = normalise_email(event.address)
    elif channel == "sms":
        plain = normalise_phone(event.address, region)
    if event.address and plain:
        return {address_key(key, plain)}
    if message is None:
        return set()
    (person,) = uow.identities.people_of([message.person_id]).values()
    pairs = uow.contacts.keys_of(shop_id, [person]).get(person, set())
    return {each for kind, each in pairs if kind == channel}


def _detail(event: ProviderEvent) -> str:
    if event.type == "bounced":
        return "permanent" if event.is_permanent else "transient"
    return f"machine {event.type}" if event.is_machine else ""
