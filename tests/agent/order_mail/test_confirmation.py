"""The order confirmation: once per order, with its ship estimate, whatever else the person got; never to history."""

from datetime import timedelta
from typing import Any

import pytest

from memory.domain.market import Shop
from memory.store.engine import Store
from memory.store.instants import to_micros
from memory.store.outbox import OutboxRow
from tests.factories.order_mail import BEGUN, Mailing, a_parcel, an_order
from tests.factories.planning import guardrails
from tools.channels.memory import MemorySender
from tools.copywriting.tone import hard_sell
from tools.ingest import import_file


def test_s1_14_an_order_is_confirmed_once_with_its_ship_estimate(mailing: Mailing) -> None:
    mailing.set(order_confirmation="us", handling_days={"DE": 2})
    mailing.told("orders/create", an_order())
    assert mailing.send().n_sent == 1
    mailing.told("orders/create", an_order(), "again")
    mailing.told("orders/updated", an_order(updated_at="2026-01-15T10:05:00+00:00", total_tax="1.00"))
    mailing.told("orders/paid", an_order(updated_at="2026-01-15T10:06:00+00:00"))
    assert mailing.send().n_sent == 0
    (text,) = mailing.texts()
    assert "Bestellung #1: Wir rechnen damit, sie bis 17. Januar 2026 an den Versanddienst zu übergeben." in text
    assert "Das ist eine Schätzung." in text
    (row,) = mailing.rows()
    assert (row.kind, row.state, row.order_ref, row.language) == ("order_confirmation", "sent", "#1", "de")


def test_s1_14_it_is_transactional_and_advertises_nothing(mailing: Mailing) -> None:
    mailing.told("orders/create", an_order())
    mailing.send()
    (message,) = mailing.sender.messages.values()
    assert (message.message_class, message.unsubscribe_url, message.list_id) == ("transactional", "", "")
    assert message.link == "https://alpha.invalid/", "no campaign marks"
    assert "zugestimmt" not in message.text, "the reason is the order, no permission"
    assert "weil du bei Alpha bestellt hast" in message.text
    assert not hard_sell("de", message.text)
    assert "%" not in message.text
    for part in (message.text, message.html):
        assert "[[" not in part
        assert "Schätzung" in part


def test_s1_14_it_goes_while_promotional_and_service_caps_are_full_and_in_the_night(mailing: Mailing) -> None:
    mailing.told("orders/create", an_order())
    with mailing.store.read() as uow:
        (person,) = set(uow.identities.people_of({mailing.rows()[0].subject_id}).values())
        caps = uow.guardrails.current(mailing.shop.shop_id).frequency_caps
    night = mailing.clock.now().replace(hour=23)
    full: dict[str, Any] = {"shop_id": "alpha", "batch_id": "b", "step_id": "s", "person_id": person, "cohort": "vip",
            "channel": "email", "template": "t@1", "due_at": to_micros(night), "cost_millis": 0,
            "send_at": to_micros(night), "state": "sent", "claimed_at": to_micros(night)}  # fmt: skip
    with mailing.store.unit_of_work() as uow:
        for cap in caps:
            for n in range(cap.max_messages):
                kinds: dict[str, Any] = {
                    "message_kind": "cross_sell",
                    "message_class": cap.message_class,
                    "plan_id": f"p{n}",
                }
                uow.session.add(OutboxRow(send_key=f"{cap.message_class}{n}", **full, **kinds))
    mailing.clock.set(night)
    with mailing.store.read() as uow:
        slots = uow.outbox.cap_slots([person], night - timedelta(days=7))
    assert len(slots) == sum(cap.max_messages for cap in caps), "every cap is full"
    assert mailing.send().n_sent == 1


def test_s1_14_orders_of_before_and_late_webhooks_of_old_ones_get_nothing(mailing: Mailing) -> None:
    before = (BEGUN - timedelta(minutes=1)).isoformat()
    mailing.told("orders/updated", an_order(1, created_at=before))
    mailing.clock.advance(timedelta(days=3))
    mailing.told("orders/create", an_order(2))
    assert mailing.rows() == []


def test_s1_14_imported_history_gets_nothing(mailing: Mailing, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("files") / "orders.csv"
    path.write_text(
        "Name,Email,Financial Status,Currency,Subtotal,Shipping,Taxes,Total,Created at,Lineitem quantity,"
        "Lineitem name,Lineitem price,Lineitem sku,Discount Amount,Shipping Country,Source\n"
        "#9,p9@people.example.invalid,paid,EUR,10.00,0.00,0.00,10.00,2026-01-15 10:00:00 +0000,1,Shoe,10.00,S-1,0.00,"
        "DE,web\n",
        encoding="utf-8",
    )
    report = import_file(
        mailing.store, mailing.lake, "alpha", "shopify-orders", path, clock=mailing.clock, key=mailing.key,
        principal_id="mia",
    )  # fmt: skip
    assert report.n_new == 2
    assert mailing.rows() == []


@pytest.mark.parametrize("owner", ["shop", "esp"])
def test_s1_14_a_step_of_another_owner_is_never_sent_by_us(mailing: Mailing, owner: str) -> None:
    mailing.told("orders/create", an_order(1))
    mailing.set(order_confirmation=owner, shipping_notice=owner)
    mailing.told("orders/create", an_order(2))
    mailing.told("fulfillments/create", a_parcel(2))
    assert mailing.send().suppressed == {"not_ours": 1}, "the one that waited while it still was ours"
    assert mailing.sender.messages == {}


def test_s1_14_by_default_the_shop_sends_both(store: Store, shop: Shop) -> None:
    with store.read() as uow:
        settings = uow.order_mail.settings(shop.shop_id)
    assert (settings.order_confirmation, settings.shipping_notice) == ("shop", "shop")


def test_s1_14_what_was_cancelled_or_erased_is_not_confirmed(mailing: Mailing) -> None:
    mailing.told("orders/create", an_order(1))
    cancelled = {"cancelled_at": "2026-01-15T10:00:30+00:00", "updated_at": "2026-01-15T10:00:30+00:00"}
    mailing.told("orders/cancelled", an_order(1, **cancelled))
    assert mailing.send().suppressed == {"order_cancelled": 1}
    mailing.told("orders/create", an_order(2))
    with mailing.store.unit_of_work() as uow:
        subjects = uow.erasures.subjects(mailing.rows()[-1].subject_id)
        uow.erasures.erase(sorted(subjects), ("alpha",), [], mailing.clock.now())
    assert mailing.send().n_sent == 0


def test_s1_14_without_shipments_the_estimate_is_an_assumption_and_with_them_what_they_took(mailing: Mailing) -> None:
    assert mailing.expect().handling_days("DE", {}) == 3
    for n in range(100, 140):
        placed = f"2026-01-{5 if n % 20 else 1:02}T10:00:00+00:00"
        mailing.live.hook("orders/create", an_order(n, created_at=placed, updated_at=placed))
        mailing.live.hook("fulfillments/create", a_parcel(n, created_at="2026-01-09T10:00:00+00:00"))
    mailing.live.flush()
    assert mailing.expect().handling_days("DE", {}) == 4, "9 in 10 took four days"
    assert mailing.expect().handling_days("DE", {"DE": 1}) == 1, "what the shop says counts"
    assert mailing.expect().handling_days("US", {}) == 4, "a market without shipments: all of them"


def test_s1_14_the_reader_s_language_and_no_mail_where_no_words_are_allowed(mailing: Mailing) -> None:
    for number, country in enumerate(("US", "FR", "JP", "CN", "ES", "PL"), 1):
        where = {**an_order()["shipping_address"], "country_code": country}
        mailing.live.hook("orders/create", an_order(number, shipping_address=where))
    mailing.live.flush()
    mailing.send()
    found = {row.order_ref: row.language for row in mailing.rows()}
    assert [found[f"#{number}"] for number in range(1, 7)] == ["en", "fr", "ja", "zh", "es", "de"]
    with mailing.store.unit_of_work() as uow:
        uow.guardrails.put("alpha", guardrails(languages=("fr",)), "mia", mailing.clock.now(), "")
    mailing.told("orders/create", an_order(7))
    assert mailing.send().suppressed == {"no_language": 1}


def test_s1_14_a_keyed_provider_that_fails_is_asked_again_later(mailing: Mailing) -> None:
    class Down(MemorySender):
        def hand_off(self, message: object) -> object:  # type: ignore[override]
            from memory.domain.message import Refused

            return Refused(reason="http_503", is_retryable=True, is_outage=True)

    mailing.told("orders/create", an_order())
    assert mailing.send(Down(mailing.clock)).n_later == 1  # type: ignore[arg-type]
    mailing.clock.advance(timedelta(minutes=2))
    assert mailing.send().n_sent == 1
