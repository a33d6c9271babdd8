"""Events of the kind `sent` become slots under caps: once each, by class, and never our own messages."""

from datetime import timedelta
from typing import Any

from sqlmodel import select

from memory.store.instants import to_micros
from memory.store.outbox import OutboxRow
from memory.store.outside_sends import OutsideSendRow
from tests.factories.imports import Intaker


def sent(intaker: Intaker, number: int, days_ago: float = 1, **more: Any) -> dict[str, Any]:
    at = intaker.clock.now() - timedelta(days=days_ago)
    return {"id": f"s{number}", "at": at.isoformat(), "kind": "sent", "email": "ann@example.com", **more}


def kept(intaker: Intaker) -> list[OutsideSendRow]:
    with intaker.store.read() as uow:
        return list(uow.session.exec(select(OutsideSendRow).order_by(OutsideSendRow.sent_at)))  # type: ignore[arg-type]


def test_s2_44_a_send_is_kept_once_per_person_and_is_promotion_unless_it_says_otherwise(intaker: Intaker) -> None:
    intaker.events(
        sent(intaker, 1, 5),
        sent(intaker, 2, 4, category="service"),
        sent(intaker, 3, 3, category="winter sale"),
        sent(intaker, 4, 400),
        {**sent(intaker, 5), "kind": "mail_open"},
    )
    rows = kept(intaker)
    assert [row.message_class for row in rows] == ["promotional", "service", "promotional"]
    assert {(row.shop_id, row.subject_id) for row in rows} == {(intaker.shop.shop_id, rows[0].subject_id)}
    assert rows[2].sent_at == to_micros(intaker.clock.now() - timedelta(days=3))
    intaker.events(sent(intaker, 1, 5), sent(intaker, 6, 0.5))
    assert len(kept(intaker)) == 4


def test_s2_44_a_message_of_ours_that_the_mail_tool_tells_of_holds_one_slot(intaker: Intaker) -> None:
    with intaker.store.unit_of_work() as uow:
        at = to_micros(intaker.clock.now())
        row: dict[str, Any] = dict.fromkeys(
            ("plan_id", "batch_id", "step_id", "person_id", "cohort", "message_kind", "message_class", "template"), "x"
        )
        row |= {"shop_id": intaker.shop.shop_id, "channel": "email", "due_at": at, "send_at": at, "cost_millis": 0}
        uow.session.add(OutboxRow(**row, send_key="k", state="sent", receipt="their-id-1"))
    intaker.events(
        sent(intaker, 1, message_id="their-id-1"), sent(intaker, 2, message_id="their-id-2"),
        sent(intaker, 3, message_id="k"),
    )  # fmt: skip
    assert len(kept(intaker)) == 1


def test_s2_44_sends_that_no_window_reaches_are_forgotten(intaker: Intaker) -> None:
    intaker.events(sent(intaker, 1))
    intaker.clock.advance(timedelta(days=400))
    intaker.events(sent(intaker, 2))
    assert len(kept(intaker)) == 1
