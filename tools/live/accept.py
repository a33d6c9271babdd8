"""Acknowledging a delivery: one row in the store, once per delivery; everything else happens later."""

import hashlib
from datetime import datetime

from memory.domain.base import Frozen
from memory.store.inbox import InboxRow
from memory.store.instants import to_micros
from memory.store.unit_of_work import UnitOfWork

from .sealing import seal

MAX_ID_CHARS = 100


class Accepted(Frozen):
    """What the sender hears: the delivery is safe."""

    id: str
    """The delivery's id here."""
    is_repeat: bool
    """Whether it was here before; nothing happens again."""
    n_rows: int
    """How many rows it holds."""


def accept(
    uow: UnitOfWork,
    key: bytes,
    shop_id: str,
    source: str,
    topic: str,
    sender_id: str,
    body: bytes,
    *,
    n_rows: int = 1,
    at: datetime,
) -> Accepted:
    """Keep a delivery in the caller's transaction; one with the same id and the same bytes is the same delivery.

    The sender's id alone is not enough: it stands outside of what is signed, so whoever replays a body under the id
    of a delivery to come must not be able to keep that one out.
    """
    delivery_id = f"{sender_id[:MAX_ID_CHARS]}:{hashlib.sha256(body).hexdigest()[:32]}"
    known = uow.inbox.known(shop_id, source, delivery_id)
    if known is not None:
        return Accepted(id=str(known.id), is_repeat=True, n_rows=known.n_rows)
    row = InboxRow(
        shop_id=shop_id,
        source=source,
        topic=topic,
        delivery_id=delivery_id,
        body=seal(key, binding(shop_id, source, delivery_id), body),
        n_rows=n_rows,
        received_at=to_micros(at),
        retry_at=to_micros(at),
    )
    return Accepted(id=str(uow.inbox.add(row)), is_repeat=False, n_rows=n_rows)


def binding(shop_id: str, source: str, delivery_id: str) -> str:
    """Give what a delivery's body is sealed to."""
    return "\x1f".join(("inbox", shop_id, source, delivery_id))
