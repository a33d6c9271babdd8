"""The channel a person asked for: nothing else where it may be used, and why not where it may not."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from agent.replay.explaining import explain_decision
from agent.replay.why_words import why_lines
from agent.tick.preferred import OTHER_PREFERRED, keep_preferred
from memory.domain.preference import Preference
from memory.lake.view import LakeView
from tests.agent.tick.test_run import Running
from tests.factories.doing import LIVE_AT
from tools.markets import load_markets

SCHEMA = pa.schema(
    [
        ("person_id", pa.string()),
        ("step_id", pa.string()),
        ("channel", pa.string()),
        ("waited_on", pa.string()),
        ("is_fallback", pa.bool_()),
        ("preferred_channel", pa.string()),
        ("allowed", pa.bool_()),
        ("reasons", pa.list_(pa.string())),
        *((f"consent_{channel}", pa.bool_()) for channel in ("email", "sms", "push")),
    ]
)


def option(person: str, channel: str, preferred: str | None, **changes: Any) -> dict[str, Any]:
    row = {
        "person_id": person, "step_id": "vip.a", "channel": channel, "waited_on": "", "is_fallback": False,
        "preferred_channel": preferred, "allowed": True, "reasons": [], "consent_email": True, "consent_sms": True,
    }  # fmt: skip
    return row | changes


def left(*rows: dict[str, Any]) -> dict[tuple[str, str], list[str] | None]:
    """The reasons against each option; none where it may still be chosen."""
    with LakeView({}) as view:
        found = keep_preferred(view.memory_table("options", pa.Table.from_pylist(list(rows), SCHEMA))).to_pyarrow()
    return {(row["person_id"], row["channel"]): None if row["allowed"] else row["reasons"] for row in found.to_pylist()}


def test_where_the_channel_asked_for_may_be_used_no_other_is() -> None:
    found = left(
        option("a", "email", "sms"), option("a", "sms", "sms"), option("b", "email", ""), option("b", "sms", None)
    )
    assert found == {("a", "email"): [OTHER_PREFERRED], ("a", "sms"): None, ("b", "email"): None, ("b", "sms"): None}


def test_where_it_is_closed_the_others_stay_and_it_keeps_its_reasons() -> None:
    shut = option("a", "sms", "sms", allowed=False, reasons=["quiet_hours"])
    assert left(option("a", "email", "sms"), shut) == {("a", "email"): None, ("a", "sms"): ["quiet_hours"]}


def test_steps_and_days_are_decisions_of_their_own() -> None:
    found = left(option("a", "email", "sms", waited_on="2026-12-01"), option("a", "sms", "sms", waited_on="2026-12-02"))
    assert found == {("a", "email"): None, ("a", "sms"): None}


def test_no_second_channel_for_who_may_be_reached_where_they_asked_to_be() -> None:
    second = option("a", "email", "sms", is_fallback=True)
    assert left(second) == {("a", "email"): [OTHER_PREFERRED]}
    assert left(second | {"consent_sms": False}) == {("a", "email"): None}
    assert left(second | {"channel": "sms"}) == {("a", "sms"): None}


@pytest.mark.slow
def test_a_tick_goes_by_the_channel_asked_for_and_says_so(tmp_path: Path) -> None:
    live = Running(tmp_path)
    people = live.world.people
    with live.store.unit_of_work() as uow:
        for person in people:
            uow.person_state.set_consent("nord", person, "sms", True, is_suppressed=False)
        for person in people[:30]:
            uow.preferences.put("nord", person, Preference(channel="sms"), LIVE_AT)
    for day in range(0, 60, 10):
        live.tick(day, hours=24 * 10, rate=0.5)
    with live.store.read() as uow:
        versions = uow.batches.lake_versions()
    with live.lake.open(versions) as view:
        options = view.raw("decision_options").to_pyarrow().to_pylist()
    person_of = {str(row["decision_id"]): str(row["person_id"]) for row in live.decisions()}
    chosen = {str(row["decision_id"]): str(row["chosen"]) for row in live.decisions()}
    asked = [row for row in options if person_of[row["decision_id"]] in people[:30]]
    by_sms = {row["decision_id"] for row in asked if row["channel"] == "sms" and row["allowed"]}
    assert by_sms
    assert all(not row["allowed"] for row in asked if row["decision_id"] in by_sms and row["channel"] != "sms")
    assert {chosen[one].rpartition(":")[2] for one in by_sms} <= {"sms", "none"}
    others = [row for row in options if person_of[row["decision_id"]] not in people[:30]]
    assert all(OTHER_PREFERRED not in row["reasons"] for row in others)
    sent = next(one for one in sorted(by_sms) if chosen[one].endswith(":sms"))
    found = explain_decision(live.store, live.lake, load_markets(), "nord", sent)
    assert (found.asked, found.asked_blocked) == ("sms", ())
    assert "The person asked for SMS: nothing else was weighed." in why_lines(found)
    elsewhere = next(row["decision_id"] for row in asked if row["decision_id"] not in by_sms)
    found = explain_decision(live.store, live.lake, load_markets(), "nord", elsewhere)
    assert found.asked == "sms" and found.asked_blocked
    assert any("could not be used" in line for line in why_lines(found))
    assert any("要求用 短信" in line for line in why_lines(found, "zh"))


@pytest.mark.slow
def test_who_asked_for_nothing_is_decided_as_before(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    one, other = Running(tmp_path), Running(tmp_path / "other")
    with other.store.unit_of_work() as uow:
        uow.preferences.put("nord", other.world.people[0], Preference(channel="email"), LIVE_AT + timedelta(days=1))
    assert one.tick(0, hours=48).decisions_hash == other.tick(0, hours=48).decisions_hash, "only e-mail may be used"
