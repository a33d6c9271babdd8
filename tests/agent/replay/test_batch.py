"""A folder of sessions: every one is a row; what differs fails, what was tampered with is an error."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from agent.llm.drafting import RecordedPlaybook
from agent.replay.batch import junit, replay_folder
from agent.sessions.bundle import Bundle, write_bundle
from agent.sessions.recorder import Recorder
from agent.sessions.signing import fingerprint_of
from memory.domain.brief import Brief
from memory.domain.clock import ManualClock
from memory.domain.errors import InvalidInput
from tests.factories.planning import context

pytestmark = pytest.mark.slow


@pytest.fixture
def folder(clock: ManualClock, key: bytes, tmp_path: Path) -> Path:
    """Three sessions: a good one, one whose recording says something else, and an edited one."""
    for name in ("good", "other", "edited"):
        recorder = Recorder.begin(clock, key, shop_id="nord", kind="plan", principal="anna", session_id=f"s-{name}")
        plan = RecordedPlaybook(recorder).plan(Brief(), context())
        if name == "other":
            body = recorder.events.pop().body
            recorder.record("plan", body | {"plan_id": "f" * 64})
        recorder.finish("finished", plan_id=getattr(plan, "id", ""))
        write_bundle(Bundle(recorder.stored()), tmp_path / name, key)
    file = tmp_path / "edited" / "session.json"
    file.write_bytes(file.read_bytes().replace(b"anna", b"anne"))
    (tmp_path / "notes").mkdir()
    return tmp_path


def test_dc_09_a_folder_replays_as_a_batch_with_a_row_each(folder: Path, key: bytes) -> None:
    found = replay_folder(folder, key)
    assert [(row.name, row.result) for row in found.rows] == [
        ("edited", "refused"),
        ("good", "same"),
        ("other", "differs"),
    ]
    assert not found.holds


def test_dc_09_the_batch_is_a_junit_file(folder: Path, key: bytes) -> None:
    suite = ElementTree.fromstring(junit(replay_folder(folder, key)))[0]
    assert {name: suite.get(name) for name in ("tests", "failures", "errors")} == {
        "tests": "3",
        "failures": "1",
        "errors": "1",
    }
    told = {case.get("name"): [child.tag for child in case] for case in suite}
    assert told == {"edited": ["error"], "good": [], "other": ["failure"]}


def test_c7_a_batch_of_strangers_needs_trust(folder: Path, key: bytes) -> None:
    assert replay_folder(folder, None).n_refused == 3
    trusted = replay_folder(folder, None, [fingerprint_of(key)])
    assert (trusted.n_same, trusted.n_refused) == (1, 1)


def test_a_folder_without_sessions_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="holds no exported session"):
        replay_folder(tmp_path, None)
