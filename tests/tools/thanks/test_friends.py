"""Friends who came by a shared link wait in the inbox like any delivery, until a worker brings them to the facts."""

from datetime import timedelta

import pytest

from memory.domain.clock import ManualClock
from memory.domain.market import Shop
from memory.lake.lake import Lake
from memory.store.engine import Store
from tests.factories.live import Live
from tools.live import queue_friend
from tools.thanks.friends import bring_friends

pytestmark = pytest.mark.slow
VIEW = {"id": "e1", "at": "2026-01-15T11:00:00Z", "kind": "view", "email": "p1@people.example.invalid", "sku": "SHOE-1"}


@pytest.fixture
def live(store: Store, lake: Lake, shop: Shop, clock: ManualClock, key: bytes) -> Live:
    return Live(store, lake, shop, clock, key)


def queue(live: Live, friend: str, ref: str) -> None:
    now = live.clock.now()
    with live.store.unit_of_work() as uow:
        queue_friend(uow, live.key, live.shop.shop_id, "sharer", friend, ref, now - timedelta(hours=1), now)


def brought(live: Live) -> bool:
    return bring_friends(live.store, live.lake, live.clock, live.key, live.shop.shop_id)


def test_s1_12_a_friend_becomes_one_fact_however_often_the_shop_repeats_itself(live: Live) -> None:
    queue(live, "bob", "#1")
    queue(live, "bob", "#1")
    assert brought(live) and not brought(live)
    [row] = live.rows("referrals")
    assert (row["subject_id"], row["referrer_subject_id"], row["source"]) == ("bob", "sharer", "thanks")
    assert row["event_at"] == live.clock.now() - timedelta(hours=1)


def test_nothing_is_flushed_for_friends_where_none_came(live: Live) -> None:
    live.events(VIEW)
    assert not brought(live)
    with live.store.read() as uow:
        assert uow.inbox.counts(live.shop.shop_id) == {"waiting": 1}


def test_d8_a_friend_who_was_erased_while_the_word_waited_does_not_come_back(live: Live) -> None:
    queue(live, "bob", "#1")
    queue(live, "eve", "#2")
    with live.store.unit_of_work() as uow:
        uow.erasures.erase(["bob"], [live.shop.shop_id], (), live.clock.now())
    assert brought(live)
    assert [row["subject_id"] for row in live.rows("referrals")] == ["eve"]
    with live.store.read() as uow:
        assert all(row.body == b"" for row in uow.inbox.latest(live.shop.shop_id, 9)), "what was sealed is forgotten"
