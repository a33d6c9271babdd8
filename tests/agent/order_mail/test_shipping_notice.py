"""The shipping notice: one per shipment, soon after its fulfilment, with carrier, number and arrival by the lane."""

from datetime import datetime, timedelta

from memory.store.instants import from_micros
from tests.factories.order_mail import BEGUN, Mailing, a_parcel, an_order
from tools.parcels import Expectations, Lane


def test_s1_15_a_notice_names_carrier_number_and_the_lane_s_arrival(mailing: Mailing) -> None:
    mailing.set(shipping_notice="us", tracking_hosts=("parcelpost.example",))
    mailing.told("orders/create", an_order())
    mailing.told("fulfillments/create", a_parcel())
    assert mailing.send().n_sent == 1
    (text,) = mailing.texts()
    assert "Bestellung #1: Parcel Post bringt dein Paket, Sendungsnummer PP1177." in text
    assert "zwischen 18. Januar 2026 und 21. Januar 2026" in text, "without parcels of before: 3 and 6 days are assumed"
    (message,) = mailing.sender.messages.values()
    assert message.link == "https://track.parcelpost.example/11"
    assert message.message_class == "transactional"


def test_s1_15_the_arrival_is_the_lane_s_p50_to_p90(mailing: Mailing) -> None:
    lane = {"origin": "DE", "market": "DE", "carrier": "parcel post", "n_parcels": 900, "n_arrived": 880,
            "scan_rate": 0.97, "p50_days": 5.0, "p90_days": 9.0, "p99_days": 15.0}  # fmt: skip
    other = lane | {"carrier": "other", "p50_days": 1.0, "p90_days": 2.0}
    found = Expectations(home_market="DE", lanes=(Lane(**lane), Lane(**other)))
    mailing.expect = lambda: found  # type: ignore[method-assign]
    mailing.told("orders/create", an_order())
    mailing.told("fulfillments/create", a_parcel())
    mailing.send()
    (_, text) = mailing.texts()
    assert "zwischen 20. Januar 2026 und 24. Januar 2026" in text
    assert found.arrival("DE", "post").p50_days == 3.0, "a carrier nobody heard of: between the market's two"
    assert found.arrival("US", "post").p90_days == 14.0, "a market without parcels: assumed"


def test_s1_15_one_notice_per_shipment_however_often_and_in_whatever_order_webhooks_come(mailing: Mailing) -> None:
    mailing.set(shipping_notice="us")
    first, second = a_parcel(1, 1), a_parcel(1, 2)
    moving = {"shipment_status": "in_transit", "updated_at": "2026-01-15T10:00:50+00:00"}
    mailing.told("fulfillments/update", {**first, **moving})
    mailing.told("orders/create", an_order())
    mailing.clock.advance(timedelta(minutes=5))  # the update waited for its order
    mailing.told("fulfillments/create", first)
    mailing.told("fulfillments/create", first, "repeated")
    mailing.told("fulfillments/create", second)
    assert mailing.send().n_sent == 2
    nested = an_order(updated_at="2026-01-15T10:06:00+00:00", fulfillments=[first, second])
    mailing.told("orders/updated", nested)
    mailing.told("fulfillments/update", {**second, **moving})
    assert mailing.send().n_sent == 0
    assert sorted(text.count("PP1177") - text.count("PP1277") for text in mailing.texts()) == [-1, 1]


def test_s1_15_it_leaves_within_the_minutes_that_are_set(mailing: Mailing) -> None:
    mailing.set(shipping_notice="us", notice_minutes=10)
    mailing.told("orders/create", an_order())
    mailing.told("fulfillments/create", a_parcel())
    mailing.clock.advance(timedelta(seconds=5))
    mailing.send()
    (row,) = mailing.rows("shipping_notice")
    assert from_micros(row.finished_at) - from_micros(row.heard_at) == timedelta(seconds=5)
    times = _times(mailing, 10)
    assert (times.n_sent, times.n_in_time, times.in_time_rate) == (1, 1, 1.0)
    assert _times(mailing, 0).n_in_time == 0, "the count sees a late one"


def test_s1_15_without_a_number_it_waits_for_one_at_most_those_minutes(mailing: Mailing) -> None:
    mailing.set(shipping_notice="us", notice_minutes=10)
    bare = {"tracking_number": None, "tracking_url": None}
    mailing.told("orders/create", an_order())
    mailing.told("fulfillments/create", a_parcel(1, 1, **bare))
    mailing.told("fulfillments/create", a_parcel(1, 2, **bare, tracking_company=None))
    assert mailing.send().n_sent == 0
    mailing.clock.advance(timedelta(minutes=3))
    mailing.told("fulfillments/update", a_parcel(1, 1, updated_at="2026-01-15T10:03:00+00:00"))
    assert mailing.send().n_sent == 1, "the number came: it goes at once"
    assert "Sendungsnummer PP1177" in mailing.texts()[0]
    mailing.clock.advance(timedelta(minutes=8))
    assert mailing.send().n_sent == 1, "no number came: it goes without one"
    assert "Bestellung #1: Dein Paket ist unterwegs." in mailing.texts()[1]


def test_s1_15_a_parcel_of_before_one_that_was_cancelled_and_one_that_is_there_get_none(mailing: Mailing) -> None:
    mailing.set(shipping_notice="us")
    mailing.told("orders/create", an_order())
    mailing.told("fulfillments/create", a_parcel(1, 1, created_at=(BEGUN - timedelta(minutes=9)).isoformat()))
    assert mailing.rows("shipping_notice") == []
    mailing.told("fulfillments/create", a_parcel(1, 2))
    gone = {"status": "cancelled", "updated_at": "2026-01-15T10:00:40+00:00"}
    mailing.told("fulfillments/update", a_parcel(1, 2, **gone))
    assert mailing.send().suppressed == {"parcel_cancelled": 1}
    mailing.told("orders/create", an_order(2))
    there = {"shipment_status": "delivered", "updated_at": "2026-01-15T10:00:50+00:00"}
    mailing.told("fulfillments/update", a_parcel(2, 1, **there))
    assert mailing.send().suppressed == {"arrived_already": 1}
    assert mailing.sender.messages == {}


def test_s1_15_a_link_to_a_host_nobody_allowed_is_not_followed(mailing: Mailing) -> None:
    mailing.told("orders/create", an_order())
    for number, url in enumerate(("http://track.parcelpost.example/1", "https://evil.example/1", "javascript:x"), 1):
        mailing.told("fulfillments/create", a_parcel(1, number, tracking_url=url))
    mailing.send()
    assert {message.link for message in mailing.sender.messages.values()} == {"https://alpha.invalid/"}


def _times(mailing: Mailing, minutes: int):  # type: ignore[no-untyped-def]
    since: datetime = BEGUN - timedelta(days=1)
    with mailing.store.read() as uow:
        return uow.order_mail.notice_times("alpha", minutes, since)
