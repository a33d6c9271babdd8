"""S2-23: one decision shows time, channel, subject and copy, each with what was chosen and what was rejected."""

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from agent.dispatch import dispatch
from agent.reports import decision_record, list_decisions, render_decision
from agent.tick import go_live, tick
from memory.domain.clock import ManualClock
from memory.domain.errors import NotFound
from memory.lake.lake import Lake
from memory.store.engine import Store, open_store
from memory.store.tables import metadata
from tests.factories.doing import LIVE_AT, a_world
from tools.channels.memory import MemorySender
from tools.copywriting import subjects_of, words_name

KEY = b"a key for tests only, 32 bytes.."
pytestmark = pytest.mark.slow


class Ticked(NamedTuple):
    """A shop whose first step was decided."""

    store: Store
    lake: Lake
    clock: ManualClock
    rows: list[dict[str, Any]]


@pytest.fixture(scope="module")
def ticked(tmp_path_factory: pytest.TempPathFactory) -> Ticked:
    folder: Path = tmp_path_factory.mktemp("decision")
    store = open_store(f"sqlite:///{folder / 'store.db'}")
    metadata.create_all(store.engine)
    lake, clock = Lake(folder / "lake"), ManualClock(LIVE_AT)
    world = a_world(store, lake, 60)
    go_live(store, lake, clock, KEY, world.approved)
    at = LIVE_AT + timedelta(days=1)
    tick(store, lake, clock, KEY, "nord", at, seed=1, slot=timedelta(hours=24), exploration_rate=0.2)
    with store.read() as uow:
        versions = uow.batches.lake_versions()
    with lake.open(versions) as view:
        rows = view.raw("decisions").to_pyarrow().to_pylist()
    return Ticked(store, lake, clock, rows)


def test_s2_23_time_channel_subject_and_copy_each_have_one_chosen_and_the_rejected(ticked: Ticked) -> None:
    sent = [row for row in ticked.rows if row["chosen"] != "none"]
    assert sent
    for row in sent[:6]:
        record = decision_record(ticked.store, ticked.lake, "nord", row["decision_id"])
        for options in (record.channels, record.times, record.subjects, record.copies):
            assert sum(one.is_chosen for one in options) == 1, options
            rejected = [one for one in options if not one.is_chosen]
            assert rejected
            assert all(one.reasons for one in rejected)
        chosen = next(one for one in record.copies if one.is_chosen)
        assert chosen.language == row["language"]
        assert chosen.text


def test_s2_23_the_chosen_hour_is_the_messages_and_closed_hours_say_why(ticked: Ticked) -> None:
    row = next(row for row in ticked.rows if row["chosen"] != "none")
    record = decision_record(ticked.store, ticked.lake, "nord", row["decision_id"])
    chosen = next(one for one in record.times if one.is_chosen)
    option = next(one for one in record.channels if one.is_chosen)
    with ticked.store.read() as uow:
        message = uow.outbox.table("nord", row["plan_id"], ["person_id", "due_at"]).to_pylist()
    due = next(each["due_at"] for each in message if each["person_id"] == row["person_id"])
    assert int(chosen.at.timestamp() * 1e6) == due
    assert chosen.channel == option.channel
    refused = Counter(reason for one in record.times for reason in one.reasons)
    assert refused["quiet_hours"] > 0
    assert refused["later_than_needed"] > 0


def test_s2_23_the_subject_drawn_is_the_subject_sent(ticked: Ticked) -> None:
    drawn = {row["person_id"]: row for row in ticked.rows if row["subject_no"] is not None}
    assert {row["subject_no"] for row in drawn.values()} == {0, 1}
    assert {row["subject_propensity"] for row in drawn.values()} == {0.5}
    ticked.clock.set(LIVE_AT + timedelta(days=1, hours=15))
    sender = MemorySender(ticked.clock)
    dispatch(ticked.store, {"email": sender}, ticked.clock, KEY, "nord")
    people = {f"{person}@people.example.invalid": row for person, row in drawn.items()}
    assert sender.messages
    for message in sender.messages.values():
        row = people[message.to]
        lines = subjects_of(words_name(row["template"], row["template"].partition("@")[0]), row["language"])
        assert message.subject == lines[row["subject_no"]].replace("{shop}", "Nord")
    assert len({message.subject for message in sender.messages.values()}) == 2


def test_s2_23_withheld_people_have_no_options_and_strangers_no_record(ticked: Ticked) -> None:
    row = next(row for row in ticked.rows if row["arm"] == "control")
    record = decision_record(ticked.store, ticked.lake, "nord", row["decision_id"])
    assert (record.channels, record.times, record.subjects, record.copies) == ((), (), (), ())
    assert "Withheld at random" in render_decision(record)
    for wrong in (f"{row['decision_id']}x", "' or 1=1 --", ""):
        with pytest.raises(NotFound):
            decision_record(ticked.store, ticked.lake, "nord", wrong)


def test_s2_23_the_list_names_a_persons_decisions_and_both_languages_have_every_word(ticked: Ticked) -> None:
    row = next(row for row in ticked.rows if row["chosen"] != "none")
    found = list_decisions(ticked.store, ticked.lake, "nord", person_id=row["person_id"])
    assert [one.decision_id for one in found] == [row["decision_id"]]
    record = decision_record(ticked.store, ticked.lake, "nord", row["decision_id"])
    english, chinese = render_decision(record, "en"), render_decision(record, "zh")
    assert "quiet hours" in english
    assert "免打扰时段" in chinese
    assert len(english.splitlines()) == len(chinese.splitlines())
    days = [one.local[:3] for one in record.times]
    assert days
    assert [day for day in days if f" {day} " not in english] == []
    assert [day for day in (*days, "treated", "planned") if day in chinese] == []
    assert "周" in chinese
    codes = {code for one in record.channels for code in one.reasons}
    codes |= {code for one in record.times for code in one.reasons}
    assert codes
    assert not {code for code in codes if code in chinese}
