"""The message about a late parcel: nobody gets it before a person approved, and then as a service message."""

from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest

from agent.tick.slips import draft_of
from memory.domain.errors import InvalidInput
from memory.domain.preference import Preference
from memory.domain.slips import Slip
from memory.store.order_mail import OrderMailRow
from tests.factories.order_mail import Mailing, an_order

NOON = timedelta(hours=2)


def a_slip(mailing: Mailing, **changes: Any) -> Slip:
    at = mailing.clock.now()
    given = {
        "id": "5" * 16, "shop_id": "alpha", "origin": "DE", "market": "DE", "carrier": "parcel post", "found_at": at,
        "from_at": at - timedelta(days=9), "n_judged": 40, "n_late": 24, "usual_late_rate": 0.12, "p90_days": 6.0,
    }  # fmt: skip
    return Slip(**{**given, **changes})


def draft(mailing: Mailing, *numbers: int, consent: bool = True) -> Slip:
    """Let orders come in, a lane slip, and a message to their people be drafted."""
    mailing.set()
    for number in numbers:
        mailing.live.hook("orders/create", an_order(number))
    mailing.live.flush()
    slip = a_slip(mailing)
    orders = mailing.live.rows("orders")
    parcels = [
        {"order_fact_id": row["fact_id"], "order_ref": row["order_ref"], "person_id": row["person_id"],
         "started_at": row["event_at"]}
        for row in orders
    ]  # fmt: skip
    with mailing.store.unit_of_work() as uow:
        uow.slips.add(slip)
        uow.slips.put_parcels(slip, pa.Table.from_pylist(parcels), mailing.clock.now())
        uow.order_mail.add([draft_of(slip, row, slip.notice, mailing.clock.now()) for row in parcels])
        for row in parcels:
            uow.person_state.set_consent("alpha", row["person_id"], "email", consent, is_suppressed=False)
    return slip


def decide(mailing: Mailing, slip: Slip, notice: str) -> None:
    with mailing.store.unit_of_work() as uow:
        uow.slips.decide(slip.id, notice, "ana", mailing.clock.now())
        if notice == "approved":
            uow.order_mail.release_drafts(slip.id, mailing.clock.now())
        else:
            uow.order_mail.end_drafts(slip.id, "declined", mailing.clock.now())


def states(mailing: Mailing) -> list[tuple[str, str]]:
    return [(row.state, row.reason) for row in mailing.rows("parcel_delay")]


def test_a_draft_leaves_after_a_person_approved_it_and_not_before(mailing: Mailing) -> None:
    slip = draft(mailing, 1, 2)
    assert mailing.send().n_sent == 0
    assert states(mailing) == [("drafted", "")] * 2
    decide(mailing, slip, "approved")
    assert mailing.send().n_sent == 2
    message = next(iter(mailing.sender.messages.values()))
    assert message.message_class == "service"
    assert "Dein Paket braucht länger als sonst" in message.text
    assert "Wir rechnen jetzt bis 29. Januar 2026 mit deinem Paket." in message.text, "99 in 100 of what is assumed"
    assert message.unsubscribe_url and message.list_id and message.unsubscribe_url in message.text
    with pytest.raises(InvalidInput):
        decide(mailing, slip, "declined")


def test_a_declined_draft_goes_to_nobody(mailing: Mailing) -> None:
    decide(mailing, draft(mailing, 1), "declined")
    assert mailing.send().n_sent == 0
    assert states(mailing) == [("suppressed", "declined")]


def test_without_consent_it_does_not_go(mailing: Mailing) -> None:
    decide(mailing, draft(mailing, 1, consent=False), "approved")
    assert mailing.send().suppressed == {"consent_revoked": 1}


def test_a_pause_holds_for_it(mailing: Mailing) -> None:
    slip = draft(mailing, 1)
    (row,) = mailing.rows("parcel_delay")
    with mailing.store.unit_of_work() as uow:
        chosen = Preference(paused_until=mailing.clock.now() + timedelta(days=9))
        uow.preferences.put("alpha", row.subject_id, chosen, mailing.clock.now())
    decide(mailing, slip, "approved")
    assert mailing.send().suppressed == {"paused": 1}


def test_four_late_parcels_of_one_person_are_three_messages_and_no_fourth(mailing: Mailing) -> None:
    mailing.set()
    for number in range(1, 5):
        mailing.live.hook("orders/create", an_order(number, email="one@people.example.invalid", customer={"id": 5}))
    decide(mailing, draft(mailing), "approved")
    report = mailing.send()
    assert (report.n_sent, report.suppressed) == (3, {"frequency_cap": 1})


def test_it_waits_for_the_morning(mailing: Mailing) -> None:
    slip = draft(mailing, 1)
    mailing.clock.set(datetime.fromisoformat("2026-01-15T22:00:00+00:00"))
    decide(mailing, slip, "approved")
    assert mailing.send().n_later == 1
    mailing.clock.set(datetime.fromisoformat("2026-01-16T08:30:00+00:00"))
    assert mailing.send().n_sent == 1


def test_a_parcel_that_came_meanwhile_is_not_told_of(mailing: Mailing) -> None:
    slip = draft(mailing, 1)
    mailing.live.events({"id": "d", "at": mailing.clock.now().isoformat(), "kind": "delivery", "order": "#1",
                         "email": "p1@people.example.invalid"})  # fmt: skip
    mailing.live.flush()
    decide(mailing, slip, "approved")
    assert mailing.send().suppressed == {"arrived_already": 1}


def test_it_takes_a_slot_of_the_service_cap(mailing: Mailing) -> None:
    decide(mailing, draft(mailing, 1), "approved")
    mailing.send()
    (row,) = mailing.rows("parcel_delay")
    assert isinstance(row, OrderMailRow)
    with mailing.store.read() as uow:
        (slot,) = uow.order_mail.cap_slots([row.person_id], mailing.clock.now() - timedelta(days=7))
    assert (slot.message_class, slot.send_key) == ("service", row.send_key)
