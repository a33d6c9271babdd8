"""Friends who came by a shared link: queued at the checkout, which waits for nothing; brought to the lake in batches.

Both are known by pseudonym already; nothing else is in the delivery.
"""

import json
from datetime import datetime

from memory.store.unit_of_work import UnitOfWork
from tools.ingest.errors import RowRejected
from tools.ingest.intake import Intake
from tools.ingest.payload import Json

from .accept import accept

FRIENDS = "thanks"
"""The source of such deliveries."""
TOPIC = "friend"


def queue_friend(
    uow: UnitOfWork, key: bytes, shop_id: str, referrer: str, friend: str, order_ref: str, came_at: datetime,
    now: datetime,
) -> None:  # fmt: skip
    """Keep in the caller's transaction that `friend` came with `referrer`'s recommendation, as one delivery."""
    said = {"order_ref": order_ref, "friend": friend, "referrer": referrer, "came_at": came_at.isoformat()}
    accept(uow, key, shop_id, FRIENDS, TOPIC, order_ref, json.dumps(said).encode(), at=now)


def take_friend(intake: Intake, payload: Json) -> None:
    """Take the recommendation as a fact, one per order."""
    at = payload.instant("came_at")
    if at is None:
        raise RowRejected("came_at is missing")
    values = {"subject_id": payload.needed("friend"), "referrer_subject_id": payload.needed("referrer")}
    intake.fact("referrals", FRIENDS, payload.needed("order_ref"), at, values)
