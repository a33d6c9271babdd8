"""Channels: what each one is, how it stands, one test message, and how a new sending domain warms up."""

from datetime import datetime
from typing import TYPE_CHECKING, Literal

from memory.domain.base import Count, Frozen, Instant
from memory.domain.canonical import content_hash
from memory.domain.circuit import Circuit, CircuitState
from memory.domain.errors import InvalidInput, NotReady
from memory.domain.market import Channel
from memory.domain.message import HandOff, ProviderKind, Rendered
from memory.domain.warm_up import ceiling

from .acting import Acting

if TYPE_CHECKING:
    from memory.store.unit_of_work import UnitOfWork

CONTRACTS = {
    "smtp": "SMTP (RFC 5321), DKIM where a key is set",
    "webhook": "Standard Webhooks",
    "twilio": "Twilio Messages API 2010-04-01",
    "fcm": "FCM HTTP v1",
    "mailbox": "a folder of .eml files, reaches nobody",
    "memory": "this process, reaches nobody",
}


class WarmUpStatus(Frozen):
    """How the shop's sending domain warms up."""

    domain: str
    """The domain of the From address."""
    started_at: Instant
    """When its first mail left."""
    is_done: bool
    """Whether somebody said that it is warm."""
    ceiling: Count | None
    """Most mails of this local day; none where it is warm."""
    n_held: Count
    """Mails that wait because of it."""
    paused_at: Instant | None
    """Since when complaints hold it."""
    reason: str
    """Why it is held."""


class ChannelStatus(Frozen):
    """One channel of the shop."""

    channel: str
    """Which."""
    sender: str
    """What hands its messages off."""
    contract: str
    """What it speaks."""
    kind: ProviderKind
    """Keyed, queryable or blind."""
    is_live: bool
    """Whether it reaches people."""
    is_ready: bool
    """Whether its suppression list is answered for."""
    circuit: CircuitState
    """Closed, open or half open."""
    opens_again_at: Instant | None
    """When an open circuit lets one message through."""
    trouble: str
    """The last failure in a row."""
    warm_up: WarmUpStatus | None = None
    """For mail from a domain that has begun to send."""


def channels(acting: Acting) -> tuple[ChannelStatus, ...]:
    """Give every channel and how it stands."""
    acting.require("read")
    app, now = acting.app, acting.app.clock.now()
    found = []
    with app.store.read() as uow:
        circuits, warm_up = uow.circuits.all(acting.shop_id), _warm_up(uow, acting.shop_id, now)
        for channel, sender in sorted(app.channels.items()):
            circuit = circuits.get(channel, Circuit()).at(now)
            found.append(
                ChannelStatus(
                    channel=channel,
                    sender=sender.name,
                    contract=CONTRACTS.get(sender.name, ""),
                    kind=sender.kind,
                    is_live=sender.is_live,
                    is_ready=uow.consents.channel_ready(acting.shop_id, channel),
                    circuit=circuit.state,
                    opens_again_at=circuit.until,
                    trouble=circuit.reason,
                    warm_up=warm_up if channel == "email" and sender.is_live else None,
                )
            )
    return tuple(found)


def send_test(acting: Acting, channel: Channel, to: str) -> HandOff:
    """Hand one message off to an address of your own, past every plan and check; logged without the address."""
    acting.require("dispatch")
    app, shop = acting.app, acting.shop()
    sender = app.channels.get(channel)
    if sender is None or not to.strip() or len(to) > 4_096:
        raise InvalidInput(what=f"{channel} to this address", why="it cannot be sent there", remedy="See channel list.")
    at = app.clock.now()
    outcome = sender.hand_off(
        Rendered(
            send_key=content_hash([shop.shop_id, channel, "test", at.isoformat()])[:40],
            shop_id=shop.shop_id,
            channel=channel,
            message_class="transactional",
            to=to.strip(),
            subject=f"{shop.name}: test",
            text=f"{shop.name}: this is a test of the {channel} channel.",
            sender=f"{shop.name} <{shop.sender_email}>" if shop.name.isascii() else shop.sender_email,
            link=shop.website,
        )
    )
    acting.log("channel.test", f"channel:{channel}", outcome=outcome.kind)
    return outcome


def warm_up(acting: Acting, action: Literal["done", "resume"]) -> WarmUpStatus:
    """Say that the sending domain is warm already, or let it go on after complaints; complaints count anew."""
    from agent.dispatch.warming import domain_of
    from memory.store.warm_ups import WarmUp

    acting.require("admin")
    now, domain = acting.app.clock.now(), domain_of(acting.shop())
    with acting.write(f"channel.warm_up_{action}", f"domain:{domain}") as uow:
        known = uow.warm_ups.get(acting.shop_id, domain) or WarmUp(domain=domain, started_at=now, counted_from=now)
        if action == "resume" and known.paused_at is None:
            raise NotReady(what=f"the warm-up of {domain}", why="nothing holds it", remedy="See `channel list`")
        changes = {"is_done": True} if action == "done" else {}
        resumed = {"paused_at": None, "reason": "", "counted_from": now}
        uow.warm_ups.put(acting.shop_id, known.model_copy(update=resumed | changes))
        found = _warm_up(uow, acting.shop_id, now)
    assert found is not None, "written above"
    return found


def _warm_up(uow: "UnitOfWork", shop_id: str, now: datetime) -> WarmUpStatus | None:
    from agent.dispatch.warming import domain_of

    shop = uow.shops.get(shop_id)
    known = uow.warm_ups.get(shop_id, domain_of(shop))
    if known is None:
        return None
    return WarmUpStatus(
        domain=known.domain,
        started_at=known.started_at,
        is_done=known.is_done,
        ceiling=None if known.is_done else ceiling(known.started_at, now, shop.zone),
        n_held=0 if known.is_done else uow.warm_ups.n_held(shop_id),
        paused_at=known.paused_at,
        reason=known.reason,
    )
