"""What the claim looks at afresh: nothing leaves that this very instant refuses."""

from datetime import timedelta

import pyarrow as pa
import pytest

from memory.domain.message import Rendered
from memory.domain.principal import Grant
from memory.store.instants import to_micros
from memory.store.outbox import OutboxRow
from tests.agent.dispatch.conftest import Desk, Scripted
from tests.factories import planning
from tests.factories.doing import LIVE_AT
from tools.channels.memory import MemorySender

pytestmark = pytest.mark.slow


def change(desk: Desk, person: str, **columns: object) -> None:
    with desk.store.unit_of_work() as uow:
        row = pa.table({"person_id": [person], **{name: [value] for name, value in columns.items()}})
        uow.person_state.upsert("nord", row)


def test_every_planned_message_leaves_once(desk: Desk) -> None:
    sender, n = MemorySender(desk.clock), len(desk.planned())
    assert n > 10
    report = desk.run(sender)
    assert report.n_sent == n == len(sender.messages)
    assert desk.run(sender).n_sent == 0
    assert desk.counts() == {("sent", ""): n}


def test_s2_62_b1_consent_revoked_after_planning_stops_the_message(desk: Desk) -> None:
    first = desk.planned()[0]
    with desk.store.unit_of_work() as uow:
        uow.consents.revoke("nord", first.person_id, "email", desk.clock.now(), "one_click", "link")
    sender = MemorySender(desk.clock)
    report = desk.run(sender)
    assert report.suppressed == {"suppressed": 1}
    assert first.send_key not in sender.messages


def test_s2_45_i3_consent_revoked_between_claim_and_hand_off_stops_the_message(desk: Desk) -> None:
    """The first hand-off of the batch revokes the consent of the second person, who is claimed already."""
    second = desk.planned()[1]
    done: list[str] = []

    def revoke(message: Rendered) -> None:
        if not done:
            done.append(message.send_key)
            with desk.store.unit_of_work() as uow:
                uow.consents.revoke("nord", second.person_id, "email", desk.clock.now(), "one_click", "link")

    sender = Scripted([MemorySender(desk.clock).hand_off(_any(desk))], before=revoke)
    report = desk.run(sender)
    assert second.send_key not in {message.send_key for message in sender.journal}
    assert report.suppressed == {"suppressed": 1}
    with desk.store.read() as uow:
        ledger = uow.budget_ledger.remaining_millis(desk.world.plan.id)
        total = 1000 * desk.world.plan.budget.total.amount_minor
        assert ledger == total - uow.outbox.spent_millis(desk.world.plan.id)


def _any(desk: Desk) -> Rendered:
    return Rendered(send_key="x", channel="email", message_class="service", to="x", text="x")


def test_i11_control_group_members_get_nothing_even_if_a_message_was_planned(desk: Desk) -> None:
    person = desk.planned()[0].person_id
    with desk.store.unit_of_work() as uow:
        experiment = desk.world.plan.holdout.experiment_id
        row = uow.session.get_one(
            __import__("memory.store.assignments", fromlist=["x"]).AssignmentRow, ("nord", experiment, person)
        )
        row.arm = "control"
        uow.session.add(row)
    assert desk.run().suppressed == {"control_group": 1}


def test_b8_a_merge_keeps_the_stricter_arm(desk: Desk) -> None:
    with desk.store.read() as uow:
        arms = uow.assignments.arms("nord", desk.world.plan.holdout.experiment_id).to_pylist()
    control = [row["person_id"] for row in arms if row["arm"] == "control"]
    assert control
    treated = desk.planned()[0].person_id
    with desk.store.unit_of_work() as uow:
        uow.identities.replace(pa.table({"subject_id": [control[0]], "person_id": [treated]}))
    assert desk.run().suppressed == {"control_group": 1}


def test_s2_44_i5_the_rolling_cap_counts_what_holds_a_slot(desk: Desk) -> None:
    """Three service messages of the last seven days fill the cap; eight days later it is free again."""
    person = desk.planned()[0].person_id
    with desk.store.unit_of_work() as uow:
        template = OutboxRow.model_validate(desk.planned()[0]._mapping).model_dump()
        uow.outbox.plan([template | {"send_key": f"old{n}"} for n in range(3)])
        uow.outbox.claim([f"old{n}" for n in range(3)], "w", "memory", "keyed", desk.clock.now(), timedelta(days=30))
        uow.outbox.mark(
            [{"send_key": f"old{n}", "fence": 1, "state": "sent", "reason": ""} for n in range(3)], desk.clock.now()
        )
    report = desk.run()
    assert report.suppressed == {"frequency_cap": 1}
    with desk.store.read() as uow:
        slots = uow.outbox.cap_slots([person], desk.clock.now() - timedelta(days=7))
    assert len(slots) == 3


def test_s2_43_recent_buyer_gets_no_promotion_but_service(desk: Desk) -> None:
    row = desk.planned()[0]
    change(desk, row.person_id, last_order_at=desk.clock.now() - timedelta(days=2))
    assert desk.run().suppressed == {}
    with desk.store.unit_of_work() as uow:
        template = OutboxRow.model_validate(row._mapping).model_dump()
        uow.outbox.plan([template | {"send_key": "promo", "message_class": "promotional", "state": "planned"}])
    assert desk.run().suppressed == {"recent_buyer": 1}


def test_s1_18_a_second_incentive_ends_with_an_order_placed_after_it_was_planned(desk: Desk) -> None:
    row, other = desk.planned()[:2]
    change(desk, row.person_id, last_order_at=LIVE_AT + timedelta(days=1))
    assert desk.run().suppressed == {}, "service goes on"
    desk.clock.set((LIVE_AT + timedelta(days=30)).replace(hour=15))  # long after the pause of recent buyers
    with desk.store.unit_of_work() as uow:
        for of in (row, other):
            template = OutboxRow.model_validate(of._mapping).model_dump()
            now = to_micros(desk.clock.now())
            changed = {"send_key": f"again{of.person_id}", "message_class": "promotional", "state": "planned",
                       "message_kind": "store_credit", "due_at": now, "send_at": now}  # fmt: skip
            uow.outbox.plan([template | changed])
    assert desk.run().suppressed["ordered_again"] == 1, "the other one never ordered again"


def test_i4_a_message_outside_local_hours_waits_and_does_not_burst(desk: Desk) -> None:
    desk.clock.set(desk.clock.now().replace(hour=22))
    n = len(desk.planned())
    report = desk.run()
    assert report.held["quiet_hours"] > 0
    waiting = [row.send_at for row in desk.planned()]
    assert len(waiting) == report.held["quiet_hours"]
    assert report.n_sent + len(waiting) == n
    assert len(set(waiting)) > 1


def test_a_message_too_late_lapses(desk: Desk) -> None:
    n = len(desk.planned())
    desk.clock.advance(timedelta(days=3))
    assert desk.run().suppressed == {"lapsed": n}


def test_i13_a_stopped_plan_sends_nothing_more(desk: Desk) -> None:
    with desk.store.unit_of_work() as uow:
        uow.plans.set_status(desk.world.plan.id, "stopped")
    report = desk.run()
    assert report.n_sent == 0
    assert set(report.suppressed) == {"plan_stopped"}


def test_i7_changed_guardrails_hold_everything_that_was_approved_under_the_old_ones(desk: Desk) -> None:
    with desk.store.unit_of_work() as uow:
        rails = planning.guardrails(recent_buyer_days=8)
        uow.guardrails.put("nord", rails, by="mia", at=desk.clock.now(), note="stricter")
    report = desk.run()
    assert report.n_sent == 0
    assert set(report.held) == {"guardrails_changed"}


def test_i7_d1_an_approver_who_lost_the_role_holds_everything(desk: Desk) -> None:
    with desk.store.unit_of_work() as uow:
        uow.principals.revoke("ana", Grant(shop_id="nord", role="approver"))
    report = desk.run()
    assert report.n_sent == 0
    assert set(report.held) == {"not_approved"}


def test_a_plan_without_money_left_sends_nothing(desk: Desk) -> None:
    with desk.store.unit_of_work() as uow:
        assert uow.budget_ledger.reserve(desk.world.plan.id, uow.budget_ledger.remaining_millis(desk.world.plan.id))
    report = desk.run()
    assert report.n_sent == 0
    assert set(report.suppressed) == {"budget"}


def test_a_live_channel_waits_until_somebody_answered_for_its_suppression_list(desk: Desk) -> None:
    sender = Scripted([MemorySender(desk.clock).hand_off(_any(desk))], is_live=True)
    report = desk.run(sender)
    assert [blocked.code for blocked in report.refused] == ["channel_not_ready"]
    assert not sender.journal
    with desk.store.unit_of_work() as uow:
        uow.consents.declare_no_suppressions("nord", "email", "mia", desk.clock.now())
    assert desk.run(sender).n_sent > 10
