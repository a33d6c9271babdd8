"""A friend comes by a shared link: the recommendation is queued, and its reward is worked out like any other."""

from datetime import datetime

from memory.domain.clock import Clock
from memory.lake.lake import Lake
from memory.store.engine import Store
from memory.store.unit_of_work import UnitOfWork
from tools.live import FRIENDS, flush, queue_friend


def friend_came(
    uow: UnitOfWork, key: bytes, shop_id: str, share_code: str, friend: str, order_ref: str, came_at: datetime,
    now: datetime,
) -> bool:  # fmt: skip
    """Queue that `friend` came at an instant with somebody's code; false for a code nobody was given.

    Recommending oneself is kept as well: whether a pair counts is judged when rewards are read.
    """
    referrer = uow.thanks.by_share_code(shop_id, share_code)
    if not referrer:
        return False
    queue_friend(uow, key, shop_id, referrer, friend, order_ref, came_at, now)
    return True


def bring_friends(store: Store, lake: Lake, clock: Clock, key: bytes, shop_id: str) -> bool:
    """Flush a shop's inbox where a friend waits in it; say whether one did.

    For workers: a shop whose system delivers nothing lets no intake worker run.
    """
    with store.read() as uow:
        if not uow.inbox.has_waiting(shop_id, FRIENDS, clock.now()):
            return False
    flush(store, lake, shop_id, clock=clock, key=key)
    return True
