"""Legal wishes that a shop's system passes on: sending ends at once, the rest waits for a human."""

from memory.domain.consent import IdentifierKind
from memory.domain.market import Channel
from memory.store.inbox import InboxRow
from memory.store.unit_of_work import UnitOfWork
from tools.ingest.errors import RowRejected
from tools.ingest.payload import Json

from .intake import LiveIntake

CHANNELS: tuple[tuple[IdentifierKind, Channel], ...] = (("email", "email"), ("phone", "sms"))


def take_request(uow: UnitOfWork, intake: LiveIntake, row: InboxRow, payload: Json, *, is_redact: bool) -> None:
    """Keep the wish as an open request that names people by pseudonym; whoever wants to be erased is suppressed."""
    customer = payload.child("customer")
    email, phone = customer.text("email", 254), customer.text("phone")
    written: dict[IdentifierKind, str | None] = {"email": email, "customer_id": customer.id("id"), "phone": phone}
    subject = intake.identify(written, intake.shop.home_market)
    if subject is None and row.topic != "shop/redact":
        raise RowRejected("it names no usable customer")
    if is_redact:
        for kind, channel in CHANNELS:
            address = intake.normal(kind, written[kind], intake.shop.home_market)
            intake.suppress(address, channel, "manual", row.received_at)
    row.state, row.person_ids = "request", uow.identities.person_of(subject) if subject else ""
