"""Live intake: deliveries in, the inbox, signed webhooks, and the worker that brings them to the lake."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from memory.domain.base import Count, Frozen, Instant
from memory.domain.errors import InvalidInput
from memory.store.inbox import InboxRow
from memory.store.instants import from_micros

from .acting import Acting

if TYPE_CHECKING:
    from agent.assembly import App
    from agent.trigger import TriggerReport
    from tools.live import Accepted, FlushReport

LISTED = 200
MIN_SECRET_CHARS = 16


class Delivery(Frozen):
    """One delivery, without its content."""

    id: str
    """Its id."""
    source: str
    """`events` or `shopify`."""
    topic: str
    """What it tells."""
    state: str
    """waiting, done, rejected, request or answered."""
    n_rows: Count
    """Rows it holds."""
    received_at: Instant
    """When it was acknowledged."""
    reason: str
    """Why it was rejected, or who answered it."""
    person_ids: tuple[str, ...]
    """Whom a request is about, as pseudonyms."""


class Rejected(Frozen):
    """One row that could not be used."""

    delivery_id: str
    """Its delivery."""
    source: str
    """`events` or `shopify`."""
    topic: str
    """What it was to tell."""
    place: Count
    """Which row of the delivery, from 1."""
    reason: str
    """What is wrong with it."""
    at: Instant
    """When it was looked at."""


class InboxView(Frozen):
    """What is in the inbox."""

    counts: dict[str, int]
    """Deliveries per state."""
    latest: tuple[Delivery, ...]
    """The newest deliveries."""
    requests: tuple[Delivery, ...]
    """Legal wishes that wait for a human."""


class Secret(Frozen):
    """A webhook secret, without the secret."""

    id: str
    """Its id."""
    domain: str
    """The shop's domain at its system."""
    created_at: Instant
    """Since when it signs."""
    retired_at: Instant | None
    """Since when it signs nothing any more."""


def take_events(acting: Acting, body: bytes, sender_id: str = "") -> "Accepted":
    """Keep a batch of events; the same batch again is acknowledged and changes nothing."""
    from tools.ingest.errors import RowRejected
    from tools.ingest.strict_json import parse
    from tools.live import accept
    from tools.live.delivery import LIMITS, events_of

    acting.require("intake")
    try:
        n_rows = len(events_of(parse(body.decode("utf-8"), LIMITS)))
    except (RowRejected, UnicodeDecodeError) as error:
        raise InvalidInput(what="the batch", why=str(error), remedy='Send {"events": [...]} in UTF-8') from None
    app = acting.app
    with app.store.unit_of_work(durable=True) as uow:
        return accept(
            uow, app.key, acting.shop_id, "events", "events", sender_id, body, n_rows=n_rows, at=app.clock.now()
        )


def take_webhook(app: "App", headers: Mapping[str, str], body: bytes) -> "Accepted":
    """Keep a signed webhook; raises `NotTrusted`."""
    from tools.live import accept_webhook, signer

    with app.store.read() as uow:  # who is not trusted keeps nobody waiting
        shop_id = signer(uow, app.key, headers, body)
    with app.store.unit_of_work(durable=True) as uow:
        return accept_webhook(uow, app.key, shop_id, headers, body, app.clock.now())


def inbox(acting: Acting) -> InboxView:
    """Say what is in the inbox."""
    acting.require("read")
    with acting.app.store.read() as uow:
        return InboxView(
            counts=uow.inbox.counts(acting.shop_id),
            latest=tuple(_delivery(row) for row in uow.inbox.latest(acting.shop_id, LISTED)),
            requests=tuple(_delivery(row) for row in uow.inbox.requests(acting.shop_id)),
        )


def rejected(acting: Acting) -> tuple[Rejected, ...]:
    """List the newest rows that could not be used, with the reason."""
    acting.require("read")
    with acting.app.store.read() as uow:
        rows = uow.inbox.rejected(acting.shop_id, LISTED)
    return tuple(
        Rejected(
            delivery_id=str(row.inbox_id), source=row.source, topic=row.topic, place=row.place, reason=row.reason,
            at=from_micros(row.at),
        )
        for row in rows
    )  # fmt: skip


def answer_request(acting: Acting, delivery_id: str) -> Delivery:
    """Note by name that a legal wish was met."""
    acting.require("admin")
    number = int(delivery_id) if delivery_id.isdigit() and len(delivery_id) < 16 else 0
    with acting.write("intake.answer", f"request:{number}") as uow:
        return _delivery(uow.inbox.answer(acting.shop_id, number, acting.principal.id, acting.app.clock.now()))


def connect(acting: Acting, domain: str, secret: str) -> Secret:
    """Trust webhooks of a domain that this secret signs, beside the ones that are trusted already."""
    from tools.live.shopify_hook import domain_of

    acting.require("admin")
    named = domain_of(domain)
    if not named:
        raise InvalidInput(what=f"domain {domain!r}", why="it is none", remedy="Write nord.myshopify.com")
    if len(secret) < MIN_SECRET_CHARS:
        raise InvalidInput(
            what="the secret", why=f"it is shorter than {MIN_SECRET_CHARS} characters", remedy="Copy it again"
        )
    with acting.write("intake.connect", f"shop:{acting.shop_id}", domain=named) as uow:
        if any(row.shop_id != acting.shop_id for row in uow.webhook_secrets.valid(named)):
            raise InvalidInput(what=f"domain {named}", why="it belongs to another shop", remedy="Retire it there first")
        uow.webhook_secrets.add(acting.shop_id, named, secret, acting.principal.id, acting.app.clock.now())
    return secrets(acting)[-1]


def secrets(acting: Acting) -> tuple[Secret, ...]:
    """List webhook secrets without showing them."""
    acting.require("admin")
    with acting.app.store.read() as uow:
        rows = uow.webhook_secrets.all(acting.shop_id)
    return tuple(
        Secret(id=row.id, domain=row.domain, created_at=row.created_at, retired_at=row.retired_at) for row in rows
    )


def retire(acting: Acting, secret_id: str) -> None:
    """Let a secret sign nothing any more."""
    acting.require("admin")
    with acting.write("intake.retire", f"webhook_secret:{secret_id}") as uow:
        uow.webhook_secrets.retire(acting.shop_id, secret_id, acting.app.clock.now())


def flush(acting: Acting) -> "FlushReport":
    """Bring waiting deliveries to the lake."""
    from tools.live import flush as bring

    acting.require("import")
    app = acting.app
    return bring(app.store, app.lake, acting.shop_id, clock=app.clock, key=app.key)


def decide(acting: Acting) -> "TriggerReport":
    """Decide what the newest deeds made due."""
    from agent.trigger import decide_triggers

    acting.require("dispatch")
    app = acting.app
    return decide_triggers(app.store, app.lake, app.clock, app.key, acting.shop_id, markets=app.markets)


def rehearse(acting: Acting) -> int:
    """Decide for a few people and forget it; give how many decisions that were."""
    from agent.trigger import rehearse as once

    acting.require("dispatch")
    app = acting.app
    return once(app.store, app.lake, app.clock, app.key, acting.shop_id, markets=app.markets)


def run(
    acting: Acting,
    heard: Callable[["FlushReport", "TriggerReport"], None],
    sleep: Callable[[float], None],
    rounds: int,
    seconds: float,
) -> None:
    """Flush and decide, `rounds` times with `seconds` between where nothing waits; 0 rounds mean until stopped.

    A worker that stays rehearses first, so that the first event does not wait for what a process does once.
    """
    if rounds == 0:
        rehearse(acting)
    n_done = 0
    while rounds == 0 or n_done < rounds:
        flushed, decided = flush(acting), decide(acting)
        if flushed.n_deliveries or decided.n_deeds:
            heard(flushed, decided)
        n_done += 1
        if n_done != rounds and not flushed.n_deliveries:
            sleep(seconds)


def _delivery(row: InboxRow) -> Delivery:
    at: datetime = from_micros(row.received_at)
    people = tuple(row.person_ids.split())
    return Delivery(
        id=str(row.id), source=row.source, topic=row.topic, state=row.state, n_rows=row.n_rows, received_at=at,
        reason=row.reason, person_ids=people,
    )  # fmt: skip
