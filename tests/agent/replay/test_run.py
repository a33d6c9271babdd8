"""Replaying plan sessions: the same entries offline, drift named by place, tampering refused before anything runs."""

from pathlib import Path

import pytest

from agent.llm.drafting import LlmPlanner, RecordedPlaybook
from agent.llm.limits import Limits
from agent.replay.run import replay
from agent.sessions.chain import SessionTampered
from agent.sessions.export import CASSETTE, SESSION, export_session, parse_session
from agent.sessions.recorder import Recorder
from agent.toolbox.registry import FEW
from memory.domain.brief import Brief
from memory.domain.clock import ManualClock
from memory.domain.plan import Plan
from memory.store.sessions import StoredSession
from tests.agent.llm.runs import endpoint
from tests.agent.llm.scripted import calls, scripted_llm
from tests.factories.planning import context

pytestmark = pytest.mark.slow

BAD = calls("submit_plan", {"title": "x", "add": {"vip": ["pigeon@10"]}, "note": "n"}, "a")
GOOD = calls("submit_plan", {"title": "T", "drop": {"vip": ["cross_sell"]}, "note": "n"}, "b")


def begun(clock: ManualClock, key: bytes) -> Recorder:
    return Recorder.begin(clock, key, shop_id="nord", kind="plan", principal="anna", session_id="s-x", llm="scripted")


@pytest.fixture
def recorded(clock: ManualClock, key: bytes) -> StoredSession:
    recorder = begun(clock, key)
    with scripted_llm([BAD, GOOD]) as script:
        planner = LlmPlanner(endpoint(script.base_url), recorder, tools=FEW, limits=Limits(max_calls=5))
        plan = planner.plan(Brief(), context())
    assert isinstance(plan, Plan)
    recorder.finish("finished", plan_id=plan.id)
    return recorder.stored()


def test_dc_09_a_plan_session_replays_to_the_same_entries_with_the_network_shut(
    recorded: StoredSession, key: bytes
) -> None:
    report = replay(recorded, key)
    assert report.drift == ()
    assert report.is_same and report.plan_hash_same
    assert report.replayed_plan_ids == (recorded.head.plan_id,)
    assert (report.n_exchanges, report.n_played, report.n_hand_offs) == (2, 2, 0)
    assert report.decisions == "not bundled"


def test_dc_09_a_playbook_session_replays_as_well(clock: ManualClock, key: bytes) -> None:
    recorder = begun(clock, key)
    plan = RecordedPlaybook(recorder).plan(Brief(), context())
    assert isinstance(plan, Plan)
    report = replay(recorder.stored(), key)
    assert report.is_same and report.replayed_plan_ids == (plan.id,)


def test_c7_drift_of_a_prompt_is_named_by_its_place(
    recorded: StoredSession, key: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.llm.planner.brief_text", lambda *_given: "another brief")
    report = replay(recorded, key)
    assert not report.plan_hash_same
    assert report.replayed_end == "cassette_miss"
    assert any("request 1 differs at /messages/1/content" in line for line in report.drift), report.drift


def test_c7_drift_of_a_tool_is_reported_and_the_recorded_answer_is_used(
    recorded: StoredSession, key: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.toolbox.propose_offers.MAX_OTHERS", 1)
    report = replay(recorded, key)
    assert report.plan_hash_same
    assert any("propose_offers answers call 3 otherwise" in line for line in report.drift), report.drift


def test_c7_a_tampered_session_is_refused_before_anything_is_run(recorded: StoredSession, key: bytes) -> None:
    with pytest.raises(SessionTampered):
        replay(recorded, b"the key of another installation")
    with pytest.raises(SessionTampered):
        replay(recorded.model_copy(update={"cassette": recorded.cassette.replace("pigeon", "badger")}), key)


def read_back(folder: Path, key: bytes | None) -> StoredSession:
    return parse_session(folder.name, (folder / SESSION).read_bytes(), (folder / CASSETTE).read_bytes(), key)


def test_dc_09_a_session_travels_as_a_folder(recorded: StoredSession, key: bytes, tmp_path: Path) -> None:
    export_session(recorded, tmp_path / "s")
    assert read_back(tmp_path / "s", key) == recorded
    assert read_back(tmp_path / "s", None) == recorded


def test_c7_every_changed_byte_of_an_exported_session_is_detected(
    recorded: StoredSession, key: bytes, tmp_path: Path
) -> None:
    export_session(recorded, tmp_path / "s")
    undetected = []
    for name, n_mutants in (("session.json", 120), ("cassette.yaml", 30)):
        file = tmp_path / "s" / name
        good = file.read_bytes()
        for number in range(n_mutants):
            at = (number * 7919) % len(good)
            for mutant in (good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :], good[:at], good[:at] + good[at + 1 :]):
                file.write_bytes(mutant)
                try:
                    read_back(tmp_path / "s", key)
                except SessionTampered:
                    continue
                undetected.append((name, at))
        file.write_bytes(good)
    assert undetected == []
