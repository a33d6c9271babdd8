"""A friend comes by a shared link: the recommendation becomes a fact, and its reward is worked out like any other."""

from datetime import datetime

import pyarrow as pa

from memory.domain.canonical import fact_id
from memory.domain.facts import LAKE_SCHEMAS
from memory.lake.lake import Lake
from memory.store.unit_of_work import UnitOfWork
from tools.facts import commit_facts

SOURCE = "thanks"
_LATER = ("revision", "content_hash")


def friend_came(
    uow: UnitOfWork, lake: Lake, shop_id: str, share_code: str, friend: str, order_ref: str, came_at: datetime,
    now: datetime,
) -> bool:  # fmt: skip
    """Keep that `friend` came at an instant with somebody's code; false for a code nobody was given.

    Recommending oneself is kept as well: whether a pair counts is judged when rewards are read.
    """
    referrer = uow.thanks.by_share_code(shop_id, share_code)
    if not referrer:
        return False
    row = {
        "shop_id": shop_id,
        "fact_id": fact_id(shop_id, SOURCE, "referrals", order_ref),
        "event_at": came_at,
        "arrived_at": now,
        "source": SOURCE,
        "subject_id": friend,
        "referrer_subject_id": referrer,
    }
    schema = pa.schema([field for field in LAKE_SCHEMAS["referrals"] if field.name not in _LATER])
    commit_facts(uow, lake, {"referrals": pa.Table.from_pylist([row], schema)}, "a friend came by a shared link", now)
    return True
