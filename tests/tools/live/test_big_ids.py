"""A10: ids above 2^31 and 2^53, as numbers and as text, in files, events and webhooks; our own count on past both."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text

from memory.domain.clock import ManualClock
from memory.lake.lake import Lake
from memory.store.engine import Store
from memory.store.inbox import InboxRow, RejectedRowRow
from memory.store.versions import DataVersionRow
from tests.factories.live import Live, order, parcel, refund
from tests.factories.shop import a_shop

pytestmark = pytest.mark.slow
BIG = [2**31 + 5, 2**53 + 5, 2**63 + 5]
COUNTED = ("inbox_id", "inbox_rejected_id", "trigger_queue_id", "consent_event_id", "data_version_number")
SET_UP = datetime(2026, 1, 1, tzinfo=UTC)
VIEW = {"id": "e1", "at": "2026-01-15T11:00:00Z", "kind": "view", "email": "p1@people.example.invalid"}


def with_customer(number: int, customer: Any, **changes: Any) -> dict[str, Any]:
    made = order(number, **changes)
    return {**made, "email": "", "customer": {**made["customer"], "id": customer}}


@pytest.mark.parametrize("big", BIG)
def test_a10_an_id_is_the_same_as_number_and_as_text_and_its_neighbour_is_another(live: Live, big: int) -> None:
    """2^53 + 5 and 2^53 + 6 are one number once a float held them."""
    live.hook("orders/create", with_customer(1, big, id=big))
    live.hook("orders/create", with_customer(2, str(big), id=big + 1))
    live.hook("orders/create", with_customer(3, big + 1, id=str(big + 2)))
    live.hook("refunds/create", refund(1, id=big, order_id=big))
    live.hook("fulfillments/update", parcel(1, id=big, order_id=str(big + 1)))
    report = live.flush()
    assert (report.n_rejected, live.rejected()) == (0, [])
    orders = live.rows("orders")
    people = [row["person_id"] for row in orders]
    assert len(orders) == 3
    assert len(set(people)) == 2
    live.hook("orders/updated", with_customer(1, str(big), id=str(big), updated_at="2026-01-15T12:00:00+00:00"))
    live.flush()
    assert len(live.rows("orders")) == 3, "the same order under its id as text is the same order"


@pytest.mark.parametrize("big", BIG)
def test_a10_events_take_ids_as_numbers_and_as_text(live: Live, big: int) -> None:
    numbers = [{**VIEW, "id": one} for one in (big, str(big), big + 1)]
    live.events(*numbers, {**VIEW, "id": big + 2, "customer_id": big})
    assert live.flush().n_rejected == 0
    assert len(live.rows("events")) == 3


@pytest.mark.parametrize("wrong", [9.007199254740993e15, 1.5, True, [1], {"id": 1}], ids=str)
def test_a10_an_id_of_another_type_is_refused_with_its_name(live: Live, wrong: Any) -> None:
    live.hook("orders/create", order(1, id=wrong))
    live.hook("orders/create", with_customer(2, wrong))
    live.events({**VIEW, "id": wrong}, {**VIEW, "id": "e2", "customer_id": wrong})
    assert live.flush().n_rejected == 4
    assert all("id" in reason and "text" in reason for reason in live.rejected()), live.rejected()
    assert live.rows("orders") == live.rows("events") == []


def test_a10_a_number_of_too_many_digits_is_refused_and_the_next_delivery_read(live: Live) -> None:
    body = json.dumps(order(1)).replace('"id": 1001', '"id": ' + "9" * 5_000).encode()
    live.hook("orders/create", body)
    live.hook("orders/create", order(2))
    assert live.flush().n_rejected == 1
    assert "digits" in live.rejected()[0]
    assert len(live.rows("orders")) == 1


def count_from(store: Store, start: int) -> None:
    """Let our own numbers go on behind `start`: SQLite counts on from the highest one, PostgreSQL has sequences."""
    with store.engine.connect() as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            for name in COUNTED:
                connection.execute(text(f"SELECT setval('{name}_seq', {start})"))
            return
    with store.unit_of_work() as uow:
        told: dict[str, Any] = {"id": start, "shop_id": "other", "source": "s", "topic": "t"}
        times: dict[str, Any] = {"received_at": 0, "retry_at": 0}
        uow.inbox.add(InboxRow(**told, **times, state="done", n_rows=0, delivery_id="d", body=b""))
        uow.session.add(RejectedRowRow(**told, inbox_id=1, place=1, reason="", at=0))
        uow.session.add(DataVersionRow(number=start, tables={}, reason="test", created_at=SET_UP))


@pytest.mark.parametrize("start", [2**31 - 5, 2**53 - 5])
def test_a10_our_own_numbers_count_on_past_32_and_53_bits(
    any_store: Store, lake: Lake, clock: ManualClock, key: bytes, start: int
) -> None:
    live = Live(any_store, lake, a_shop(), clock, key)
    with any_store.unit_of_work() as uow:
        uow.shops.add(live.shop)
    count_from(any_store, start)
    live.trust()
    ids = [live.hook("orders/create", order(number, buyer_accepts_marketing=True)).id for number in range(1, 9)]
    live.events({**VIEW, "id": "w1", "kind": "dance"}, VIEW)
    report = live.flush()
    assert (report.n_deliveries, report.n_rejected) == (9, 1)
    assert len(live.rows("orders")) == 8
    assert all(isinstance(one, str) for one in ids), "ids are text in JSON"
    assert [int(one) - start for one in ids] == list(range(1, 9))
    with any_store.read() as uow:
        (rejected,) = uow.inbox.rejected(live.shop.shop_id, 10)
        assert rejected.inbox_id == start + 9
        assert uow.versions.latest().number >= 1
