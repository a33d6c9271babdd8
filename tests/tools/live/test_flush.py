"""Deliveries reach the lake once, in whatever order they come, and what is wrong with one is listed."""

import itertools
import json
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from memory.store.inbox import Inbox
from tests.factories.live import Live, order, parcel, refund
from tools.ingest import import_file
from tools.live import TOPICS

VIEW = {"id": "e1", "at": "2026-01-15T11:00:00Z", "kind": "view", "email": "p1@people.example.invalid", "sku": "SHOE-1"}
pytestmark = pytest.mark.slow


def test_s2_07_a_webhook_makes_the_facts_an_import_makes(live: Live, tmp_path: Path) -> None:
    live.hook("orders/create", order())
    live.events(VIEW)
    report = live.flush()
    assert (report.n_deliveries, report.n_rows, report.n_rejected, report.n_deeds) == (2, 2, 0, 1)
    (tmp_path / "o.json").write_text(json.dumps({"order": order()}))
    (tmp_path / "e.jsonl").write_text(json.dumps(VIEW))
    for kind, name in (("shopify-json", "o.json"), ("events", "e.jsonl")):
        again = import_file(
            live.store, live.lake, live.shop.shop_id, kind, tmp_path / name, clock=live.clock, key=live.key,
            principal_id="mia",
        )  # fmt: skip
        assert (again.n_new, again.n_changed) == (0, 0)
        assert again.n_unchanged > 0
    assert live.rows("events")[0]["person_id"] == live.rows("orders")[0]["person_id"]


def test_s2_05_the_person_s_state_follows_in_the_same_flush(live: Live) -> None:
    live.hook("orders/create", order(buyer_accepts_marketing=True))
    live.flush()
    with live.store.read() as uow:
        (row,) = uow.person_state.get(live.shop.shop_id).to_pylist()
    assert (row["market"], row["consent_email"], row["last_order_at"].hour) == ("DE", True, 10)


def test_a9_a_delivery_flushed_twice_changes_nothing(live: Live) -> None:
    live.events(VIEW)
    version = live.flush().data_version
    live.events(VIEW)
    assert live.flush() == live.flush().model_copy(update={"data_version": version})
    live.events({**VIEW, "id": "e2"}, VIEW)
    live.flush()
    assert len(live.rows("events")) == 2


STATES: dict[str, tuple[str, dict[str, Any]]] = {
    "created": ("orders/create", order(financial_status="pending")),
    "refunded": ("refunds/create", refund()),
    "cancelled": (
        "orders/cancelled",
        order(
            updated_at="2026-01-15T12:00:00+00:00", cancelled_at="2026-01-15T12:00:00+00:00", refunds=[refund()],
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("names", list(itertools.permutations(STATES)), ids="-".join)
def test_a9_in_any_order_the_last_state_stands(live: Live, names: tuple[str, ...]) -> None:
    for name in names:
        topic, payload = STATES[name]
        live.hook(topic, payload)
        live.flush()
        live.clock.advance(timedelta(hours=2))
    live.flush()
    (found,) = live.rows("orders")
    assert (found["is_cancelled"], found["is_paid"], found["refunded_minor"]) == (True, True, 5_000)
    assert [event["kind"] for event in live.rows("events")] == ["return"]
    assert live.states() == {"done": 3}


def test_a9_of_two_states_in_one_flush_the_newer_counts(live: Live) -> None:
    live.hook(*STATES["cancelled"])
    live.hook(*STATES["created"])
    live.flush()
    assert live.rows("orders")[0]["is_cancelled"]


def test_a9_three_days_late_is_not_too_late(live: Live) -> None:
    live.hook("fulfillments/update", parcel())
    assert live.flush().n_waiting == 1
    live.clock.advance(timedelta(days=3))
    live.hook("orders/create", order())
    assert live.flush().n_rows == 2
    assert [event["kind"] for event in live.rows("events")] == ["delivery"]


def test_a_refund_whose_order_never_comes_is_rejected_in_the_end(live: Live) -> None:
    live.hook("refunds/create", refund())
    live.flush()
    assert live.flush().n_deliveries == 0  # it waits longer each time
    live.clock.advance(timedelta(days=8))
    assert live.flush().n_rejected == 1
    assert live.rejected() == ["its order never came in; import the order first"]


WRONG: list[tuple[str, Any, str]] = [
    ("orders/create", b"{", "no valid JSON"),
    ("orders/create", b"\xff", "not UTF-8"),
    ("orders/create", b'{"id": 1, "id": 2}', "twice"),
    ("orders/create", b"[" * 50_000, "levels deep"),
    ("orders/create", [], "no JSON object"),
    ("orders/create", order(currency="euro"), "no ISO code"),
    ("orders/create", order(updated_at=None, created_at=None), "updated_at is missing"),
    ("orders/create", order(subtotal_price="NaN"), "finite"),
    ("customers/create", {"id": 1, "updated_at": "2026-01-15T10:00:00Z", "email": 5}, "no usable"),
    ("carts/create", {"id": 1}, "no such topic"),
    ("inventory_levels/update",
     {"inventory_item_id": 1, "location_id": 2, "available": 3, "updated_at": "2026-01-15T10:00:00Z"}, "not known"),
]  # fmt: skip


def test_d6_malformed_deliveries_are_rejected_with_their_reason_and_nothing_else(live: Live) -> None:
    for number, (topic, payload, _) in enumerate(WRONG):
        live.hook(topic, payload if isinstance(payload, bytes) else json.dumps(payload).encode(), f"w-{number}")
    live.events(VIEW, {"id": "e9", "kind": "dance"}, 5, {**VIEW, "id": "e3", "at": "yesterday"})
    live.hook("orders/create", order(2))
    report = live.flush()
    assert report.n_rejected == len(WRONG) - 1 + 3  # a customer's number for an e-mail still has an id
    reasons = live.rejected()
    for _, _, reason in WRONG:
        assert any(reason in found for found in reasons) or reason == "no usable", (reason, reasons)
    assert (len(live.rows("orders")), len(live.rows("events"))) == (1, 1)


def test_s2_05_products_and_levels_become_stock(live: Live) -> None:
    at = {"created_at": "2026-01-15T09:00:00Z", "updated_at": "2026-01-15T09:00:00Z"}
    variant = {"sku": "SHOE-1", "price": "50.00", "inventory_item_id": 31, "inventory_quantity": 5}
    live.hook("products/create", {"id": 3, "title": "Shoe", "handle": "shoe", "variants": [variant], **at})
    live.flush()
    for place, available in ((1, 4), (2, 3), (1, 0)):
        level = {"inventory_item_id": 31, "location_id": place, "available": available}
        live.clock.advance(timedelta(minutes=1))
        live.hook("inventory_levels/update", {**level, "updated_at": live.clock.now().isoformat()})
        live.flush()
    assert [row["quantity"] for row in live.rows("stock")] == [3]


def test_d8_a_wish_to_be_erased_stops_sending_at_once_and_waits_for_a_human(live: Live) -> None:
    live.hook("orders/create", order(buyer_accepts_marketing=True))
    live.flush()
    live.hook("customers/redact", {"shop_id": 1, "customer": {"id": 71, "email": "p1@people.example.invalid"}})
    live.hook("shop/redact", {"shop_id": 1, "shop_domain": "nord.myshopify.com"})
    assert live.flush().n_requests == 2
    with live.store.read() as uow:
        wish, of_shop = uow.inbox.requests(live.shop.shop_id)
        (row,) = uow.person_state.get(live.shop.shop_id).to_pylist()
    assert wish.person_ids == row["person_id"]
    assert of_shop.person_ids == ""
    assert row["is_suppressed_email"]
    with live.store.unit_of_work() as uow:
        uow.inbox.answer(live.shop.shop_id, wish.id or 0, "ana", live.clock.now())
    assert live.states()["answered"] == 1


def test_a1_an_error_before_the_commit_changes_nothing(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    live.hook("orders/create", order())
    with monkeypatch.context() as broken:
        broken.setattr(Inbox, "finish", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
        with pytest.raises(OSError, match="disk full"):
            live.flush()
    assert live.states() == {"waiting": 1}
    assert live.rows("orders") == []
    live.flush()
    assert len(live.rows("orders")) == 1


KILLED = """
import os, signal, sys
from pathlib import Path
from memory.domain.clock import SystemClock
from memory.lake.lake import Lake
from memory.store.engine import open_store
from memory.store.inbox import Inbox
from tools.live import flush

def kill(*_):
    os.kill(os.getpid(), signal.SIGKILL)

Inbox.finish = kill
store = open_store(sys.argv[1])
flush(store, Lake(Path(sys.argv[2])), sys.argv[3], clock=SystemClock(), key=sys.argv[4].encode())
"""


def test_a1_kill_9_between_lake_and_commit_loses_nothing_and_repeats_nothing(live: Live) -> None:
    live.hook("orders/create", order())
    live.events(VIEW)
    address = live.store.engine.url.render_as_string(hide_password=False)
    arguments = [address, str(live.lake.root), live.shop.shop_id, live.key.decode()]
    done = subprocess.run([sys.executable, "-c", KILLED, *arguments], cwd=Path.cwd(), check=False)
    assert done.returncode == -signal.SIGKILL
    assert (live.lake.root / "orders").exists()  # the lake was written, and nobody names it
    assert live.states() == {"waiting": 2}
    live.flush()
    live.flush()
    assert (len(live.rows("orders")), len(live.rows("order_lines")), len(live.rows("events"))) == (1, 1, 1)
    assert {row["revision"] for row in live.rows("orders")} == {1}


def test_every_topic_says_what_it_does() -> None:
    assert len({topic.id for topic in TOPICS}) == len(TOPICS) == 15
