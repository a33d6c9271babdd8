"""A review request that was planned waits at the claim while its person's parcel slips; what waits too long lapses."""

from datetime import timedelta
from typing import Any

import pyarrow as pa
import pytest

from memory.domain.slips import SLIPPED, Slip, is_spared_kind
from tests.agent.dispatch.conftest import Desk
from tools.channels.memory import MemorySender

pytestmark = pytest.mark.slow


def slip_of(desk: Desk, *people: str) -> Slip:
    """Let the parcels of these people be on a lane that slips."""
    now = desk.clock.now()
    slip = Slip(
        id="a" * 16, shop_id="nord", origin="DE", market="DE", carrier="post", found_at=now,
        from_at=now - timedelta(days=9), n_judged=40, n_late=20, usual_late_rate=0.12, p90_days=6.0,
    )  # fmt: skip
    rows = [{"order_fact_id": f"o{one}", "order_ref": f"#{one}", "person_id": one} for one in people]
    with desk.store.unit_of_work() as uow:
        uow.slips.add(slip)
        uow.slips.put_parcels(slip, pa.Table.from_pylist(rows), now)
    return slip


def ask_for_review(desk: Desk, row: Any) -> None:
    """Let a planned message be a request for a review."""
    with desk.store.unit_of_work() as uow:
        found = uow.outbox.get(row.send_key)
        assert found is not None
        found.message_kind = "review_invitation"


def test_a_review_request_to_whose_parcel_slips_waits_and_a_service_message_goes(desk: Desk) -> None:
    asked, thanked = desk.planned()[:2]
    slip = slip_of(desk, asked.person_id, thanked.person_id)
    ask_for_review(desk, asked)
    sender = MemorySender(desk.clock)
    assert desk.run(sender).held == {SLIPPED: 1}
    assert thanked.send_key in sender.messages and asked.send_key not in sender.messages
    with desk.store.read() as uow:
        held = uow.slips.held("nord").to_pylist()
        assert uow.slips.counts(slip.id) == (2, 2)
    assert [(row["person_id"], row["message_kind"]) for row in held] == [(asked.person_id, "review_invitation")]
    desk.clock.advance(timedelta(hours=2))
    desk.run(sender)
    with desk.store.read() as uow:
        assert uow.slips.held("nord").num_rows == 1, "again is as good as once"
    desk.clock.advance(timedelta(hours=50))
    assert desk.run(sender).suppressed == {SLIPPED: 1}


def test_once_the_lane_has_recovered_it_waits_no_longer(desk: Desk) -> None:
    asked = desk.planned()[0]
    slip = slip_of(desk, asked.person_id)
    ask_for_review(desk, asked)
    desk.run()
    with desk.store.unit_of_work() as uow:
        uow.slips.end(slip.id, desk.clock.now())
        assert uow.slips.counts(slip.id) == (1, 0)
    desk.clock.advance(timedelta(hours=2))
    report = desk.run()
    assert SLIPPED not in {**report.held, **report.suppressed}


def test_what_waits_are_promotions_and_requests_for_reviews() -> None:
    assert is_spared_kind("cross_sell") and is_spared_kind("review_invitation")
    assert not is_spared_kind("care_guide") and not is_spared_kind("delivery_check")
