"""Wishes, bands of risk and what leavers say, where it is decided what goes to whom."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from agent.reports import lift_report, render_lift
from memory.domain.consent import ConsentEvent
from memory.domain.preference import Preference
from memory.store.outbox import OutboxRow
from memory.store.preferences import RiskBandRow
from tests.agent.tick.test_run import Running
from tests.factories.doing import LIVE_AT, explore, learn
from tests.factories.facts import Facts

pytestmark = pytest.mark.slow
N_SENT, N_LEFT = 400, 40


@pytest.fixture
def live(tmp_path: Path) -> Running:
    return Running(tmp_path)


def message(number: int, person: str, **changes: Any) -> OutboxRow:
    at = int((LIVE_AT - timedelta(days=1)).timestamp() * 1_000_000)
    return OutboxRow(
        **{
            "send_key": f"old-{number}", "shop_id": "nord", "plan_id": "old", "batch_id": "b", "step_id": "s",
            "person_id": person, "cohort": "vip", "channel": "email", "message_kind": "thank_you",
            "message_class": "service", "template": "x@1", "due_at": at, "send_at": at, "cost_millis": 0,
            "state": "sent", "claimed_at": at, **changes,
        }
    )  # fmt: skip


def planned(live: Running) -> set[str]:
    with live.store.read() as uow:
        return {row.person_id for row in uow.outbox.due("nord", "email", LIVE_AT + timedelta(days=90), 1_000)}


def test_s2_63_s2_64_wishes_and_bands_count_where_it_is_decided(live: Running, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    usual = Running(tmp_path / "other")
    usual.tick(0, hours=48, rate=0.0)
    everybody = sorted(planned(usual))
    paused, off, fewer, silent, calm = everybody[:5]
    with live.store.unit_of_work() as uow:
        wish = uow.preferences.put
        wish("nord", paused, Preference(paused_until=LIVE_AT + timedelta(days=30)), LIVE_AT)
        wish("nord", off, Preference(topics_off=("care",)), LIVE_AT)
        wish("nord", fewer, Preference(frequency="fewer"), LIVE_AT)
        uow.session.add(message(0, fewer))
        uow.session.add(message(1, calm))
        for number in range(6):  # long ago enough for the cap, without an answer since
            long_ago = int((LIVE_AT - timedelta(days=2)).timestamp() * 1_000_000)
            uow.session.add(message(10 + number, silent, claimed_at=long_ago, message_class="promotional"))
    report = live.tick(0, hours=48, rate=0.0)
    assert planned(live) == set(everybody) - {paused, off, fewer}
    assert report.blocked["suppression"] >= 2
    assert report.blocked["frequency_cap"] >= 1
    with live.store.read() as uow:
        row = uow.session.get(RiskBandRow, ("nord", silent))
        assert row is not None
        assert row.band == "high"
        assert uow.preferences.bands("nord", [calm]) == {}


def leave(live: Running, kind: str, plan_id: str = "old") -> None:
    with live.store.unit_of_work() as uow:
        for number in range(N_SENT):
            uow.session.add(message(number, f"x{number}", message_kind=kind, plan_id=plan_id, step_id=f"vip.{kind}"))
        events = [
            (
                f"x{number}",
                ConsentEvent(
                    channel="email", status="revoked", at=LIVE_AT, method="one_click", source="link",
                    send_key=f"old-{number}", reason="too_many" if number % 2 else "",
                ),
            )
            for number in range(N_LEFT)
        ]  # fmt: skip
        uow.consents.add_events("nord", events)


def values(live: Running, kind: str) -> dict[str, int]:
    """The value of each option of a kind of message, by option and decision."""
    steps = {step.id for journey in live.world.plan.journeys for step in journey.steps if step.kind == kind}
    with live.store.read() as uow:
        versions = uow.batches.lake_versions()
    with live.lake.open(versions) as view:
        rows = view.raw("decision_options").to_pyarrow().to_pylist()
    return {
        row["decision_id"] + row["option_id"]: row["value_millis"]
        for row in rows
        if row["option_id"].rpartition(":")[0] in steps
    }


def test_s2_65_content_people_leave_through_is_worth_less_and_nothing_else_is(live: Running, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    usual = Running(tmp_path / "other")
    leave(live, "category_series")
    for each in (live, usual):
        facts = Facts()
        explore(facts, each.world.people[:20], LIVE_AT - timedelta(hours=2))
        learn(each.store, each.lake, facts, LIVE_AT - timedelta(hours=1))
        each.tick(0, hours=24 * 18, rate=0.0)
    mine, theirs = values(live, "category_series"), values(usual, "category_series")
    assert theirs
    assert mine.keys() == theirs.keys()
    assert all(mine[key] < theirs[key] for key in theirs)
    assert values(live, "care_guide") == values(usual, "care_guide") != {}


def test_s2_65_the_report_says_through_what_people_left_and_why(live: Running) -> None:
    leave(live, "discount_offer", live.world.plan.id)
    report = lift_report(live.store, live.lake, "nord", live.world.plan.id, LIVE_AT + timedelta(days=1))
    for groups, group in (
        (report.diagnostics.leaving_by_step, "vip.discount_offer"),
        (report.diagnostics.leaving_by_content, "discount_offer"),
        (report.diagnostics.leaving_by_cohort, "vip"),
    ):
        assert [(one.group, one.n_sent, one.n_left) for one in groups] == [(group, N_SENT, N_LEFT)]
        assert 0 < groups[0].rate < N_LEFT / N_SENT, "shrunk towards the prior"
    assert report.diagnostics.leaving_reasons == {"too_many": N_LEFT // 2}
    assert f"vip.discount_offer {N_LEFT}/{N_SENT}" in render_lift(report)
    assert f"discount_offer {N_LEFT}/{N_SENT}" in render_lift(report, "zh")


def test_a_wish_is_kept_and_a_band_is_let_go(live: Running) -> None:
    at = live.clock.now()
    with live.store.unit_of_work() as uow:
        for band, expected in (("high", {"p1": "high"}), ("medium", {"p1": "medium"}), ("low", {})):
            uow.preferences.set_bands("nord", pa.table({"person_id": ["p1", "p2"], "band": [band, "low"]}), at)
            assert uow.preferences.bands("nord", ["p1", "p2"]) == expected
