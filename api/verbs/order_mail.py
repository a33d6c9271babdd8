"""Mails about orders: who sends the transactional steps, what became of ours, and a round of sending."""

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from memory.domain.base import Frozen, Instant
from memory.domain.errors import InvalidInput
from memory.domain.order_mail import NoticeTimes, OrderMailCount, OrderMailSettings, OrderMailStanding

from .acting import Acting

if TYPE_CHECKING:
    from agent.order_mail import OrderMailReport

MAX_DEPTH = 6
LATELY = timedelta(days=30)
"""Notices of so long are timed."""
MOST = 200


class OrderMailOverview(Frozen):
    """Who sends what, and how ours fare."""

    settings: OrderMailSettings
    """What is set; the starting ones where nobody set any."""
    standing: OrderMailStanding | None
    """Who set it, and since when steps are ours; none where nobody did."""
    counts: tuple[OrderMailCount, ...]
    """How many mails stand where."""
    notices: NoticeTimes
    """How soon shipping notices left."""


class OrderMailLine(Frozen):
    """One mail about an order."""

    send_key: str
    """Its key."""
    kind: str
    """What it says."""
    order_ref: str
    """The shop's own order name."""
    state: str
    """Where it stands."""
    reason: str
    """Why; empty where nothing kept it."""
    language: str
    """In which language; empty before it was claimed."""
    heard_at: Instant
    """When the order or parcel was heard of."""
    finished_at: Instant | None
    """When it ended; none while it has not."""


def overview(acting: Acting) -> OrderMailOverview:
    """Say who sends the transactional steps, and what became of ours."""
    acting.require("read")
    with acting.app.store.read() as uow:
        settings = uow.order_mail.settings(acting.shop_id)
        since = acting.app.clock.now() - LATELY
        return OrderMailOverview(
            settings=settings,
            standing=uow.order_mail.standing(acting.shop_id),
            counts=uow.order_mail.counts(acting.shop_id),
            notices=uow.order_mail.notice_times(acting.shop_id, settings.notice_minutes, since),
        )


def change_settings(acting: Acting, changed: OrderMailSettings) -> OrderMailSettings:
    """Set who sends what; a step that becomes ours is ours for orders and parcels from now on.

    Raises `NotReady` where a step becomes ours and the shop has no guardrails.
    """
    acting.require("guardrail")
    owners = {"order_confirmation": changed.order_confirmation, "shipping_notice": changed.shipping_notice}
    with acting.write("order_mail.set", f"shop:{acting.shop_id}", **owners) as uow:
        if "us" in owners.values():
            uow.guardrails.current(acting.shop_id)
        uow.order_mail.put_settings(acting.shop_id, changed, acting.principal.id, acting.app.clock.now())
    return changed


def read_settings(source: str) -> OrderMailSettings:
    """Read settings from YAML or JSON; raise `InvalidInput` that names the place."""
    from agent.written import checked
    from tools.segments.strict_yaml import read_yaml

    fields: Any = read_yaml(source, MAX_DEPTH)
    if not isinstance(fields, dict):
        raise _unusable("it is not a list of names and values")
    return checked(OrderMailSettings, fields, _unusable)


def lines(acting: Acting) -> tuple[OrderMailLine, ...]:
    """List the mails about orders and parcels that were heard of last, newest first."""
    from memory.store.instants import from_micros

    acting.require("read")
    with acting.app.store.read() as uow:
        rows = uow.order_mail.recent(acting.shop_id, MOST)
    return tuple(
        OrderMailLine(
            send_key=row.send_key,
            kind=row.kind,
            order_ref=row.order_ref,
            state=row.state,
            reason=row.reason,
            language=row.language,
            heard_at=from_micros(row.heard_at),
            finished_at=from_micros(row.finished_at) if row.finished_at else None,
        )
        for row in rows
    )


def send(acting: Acting, limit: int | None = None) -> "OrderMailReport":
    """Send what is due now; workers do it by themselves."""
    from agent.order_mail import send_order_mail
    from agent.order_mail.expecting import expect

    acting.require("dispatch")
    app = acting.app
    return send_order_mail(
        app.store, app.lake, app.channels, app.clock, app.key, acting.shop_id, partial(expect, app, acting.shop_id),
        worker="cli", markets=app.markets, public_url=app.settings.public_url, limit=limit,
    )  # fmt: skip


def _unusable(why: str) -> InvalidInput:
    return InvalidInput(what="the settings of order mails", why=why, remedy="See docs/order_mail.md")
