"""What ticks kept decides the same again on a machine that has neither store nor facts nor key."""

import shutil
from dataclasses import replace
from pathlib import Path

import pyarrow.compute as pc
import pytest

from agent.replay.counterfactual import rerun_with
from agent.replay.deciding import decide_again
from agent.replay.diff import session_diff
from agent.replay.run import replay_bundle
from agent.replay.variant import Variant
from agent.sessions.bundle import Bundle, read_bundle, write_bundle
from agent.sessions.chain import SessionTampered
from agent.sessions.decisions import DECIDED, FRAMES, INPUTS, parse_decisions
from agent.sessions.signing import UnknownSigner, fingerprint_of
from memory.domain.decision_frame import DecisionFrame
from memory.lake.forgetting import forget_people
from tests.factories import planning

from .live import KEY, LiveSession, live_session

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> LiveSession:
    return live_session(tmp_path_factory.mktemp("live"))


@pytest.fixture(scope="module")
def folder(live: LiveSession, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The exported session."""
    written = tmp_path_factory.mktemp("export") / "s-live"
    write_bundle(live.bundle(), written, KEY)
    return written


def test_dc_09_decisions_replay_to_the_same_hashes_elsewhere(live: LiveSession, folder: Path) -> None:
    bundle = read_bundle(folder, trusted=[fingerprint_of(KEY)])
    report = replay_bundle(bundle, None)
    assert report.decisions == "same" and report.holds and report.is_same
    assert report.recorded_decision_hashes == report.replayed_decision_hashes
    with live.store.read() as uow:
        batches = [batch for batch in uow.batches.all("nord") if batch.n_decisions]
    assert len(report.recorded_decision_hashes) == len(batches) > 0
    assert report.n_decisions == sum(batch.n_decisions for batch in batches)
    assert report.n_hand_offs == 0


def test_dc_09_a_bundle_reads_back_as_it_was(live: LiveSession, folder: Path) -> None:
    was, now = live.bundle().decisions, read_bundle(folder, KEY).decisions
    assert was is not None and now is not None
    assert was.shared == now.shared
    assert was.inputs.equals(now.inputs) and was.decided.equals(now.decided)


def test_s2_23_a_session_from_before_hours_were_drawn_is_read_and_draws_none(live: LiveSession) -> None:
    given = live.bundle().decisions
    assert given is not None
    old_frames = [one.model_copy(update={"later_minutes": ()}) for one in given.shared.frames]
    assert all("later_minutes" not in one.model_dump() for one in old_frames)
    shared = given.shared.model_copy(update={"frames": tuple(old_frames)})
    old = replace(
        given, shared=shared, decided=given.decided.drop_columns(["hour_no", "hour_propensity", "hour_choices"])
    )
    read = parse_decisions("s-old", old.files())
    assert read.decided["hour_no"].null_count == read.decided.num_rows > 0
    assert decide_again(read).decided["hour_no"].null_count == read.decided.num_rows
    with pytest.raises(SessionTampered):
        parse_decisions("s-old", replace(old, decided=old.decided.drop_columns(["chosen"])).files())


def test_p_no_contact_data_is_in_a_bundle(live: LiveSession, folder: Path) -> None:
    with live.store.read() as uow:
        contacts = [row.email for row in uow.contacts.by_person("nord", live.people).values() if row.email]
    written = b"".join((folder / name).read_bytes() for name in (FRAMES, INPUTS, DECIDED))
    texts = live.bundle().decisions
    assert texts is not None
    said = written + str(texts.inputs.to_pydict()).encode()
    assert len(contacts) == len(live.people)
    assert not [email for email in contacts if email.encode() in said]
    assert "certificate" not in texts.decided.column_names


def test_c7_a_changed_byte_of_any_file_is_refused(folder: Path, tmp_path: Path) -> None:
    missed = []
    for name in (FRAMES, INPUTS, DECIDED):
        good = (folder / name).read_bytes()
        for number in range(12):
            at = (number * 7919) % len(good)
            work = tmp_path / f"{name}-{number}"
            shutil.copytree(folder, work)
            (work / name).write_bytes(good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :])
            try:
                read_bundle(work, KEY)
            except SessionTampered:
                continue
            missed.append((name, at))
    assert missed == []


def test_c7_left_out_inputs_and_strangers_are_refused(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "s")
    for name in (FRAMES, INPUTS, DECIDED):
        (tmp_path / "s" / name).unlink()
    with pytest.raises(SessionTampered, match="not the signed ones"):
        read_bundle(tmp_path / "s", KEY)
    with pytest.raises(UnknownSigner):
        read_bundle(folder, b"the key of another installation.")
    (tmp_path / "s" / "signature.json").unlink()
    with pytest.raises(SessionTampered):
        read_bundle(tmp_path / "s", KEY)


def test_dc_09_other_guardrails_decide_otherwise_and_are_the_first_cause(live: LiveSession) -> None:
    bundle = live.bundle()
    closed = planning.guardrails(languages=("en",))
    made = rerun_with(bundle, Variant(guardrails=closed, words=("guardrails=closed.yaml",)))
    found = session_diff(bundle, made.bundle, limit=3)
    assert found.first_cause == "guardrails"
    assert found.decisions is not None and found.decisions.n_same > 0
    assert found.decisions.n_changed > 0 == found.decisions.n_only_b
    assert len(found.decisions.listed) == min(3, found.decisions.n_different)
    assert sum(found.decisions.changed_by_step.values()) == found.decisions.n_different
    with live.store.read() as uow:
        planned = uow.outbox.table("nord", bundle.stored.head.plan_id, ["send_key"]).num_rows
    rerun_with(bundle, Variant(guardrails=closed))
    with live.store.read() as uow:
        assert uow.outbox.table("nord", bundle.stored.head.plan_id, ["send_key"]).num_rows == planned


def test_dc_09_another_seed_changes_decisions_and_is_not_called_the_same(live: LiveSession) -> None:
    given = live.bundle().decisions
    assert given is not None
    frames = tuple(frame.model_copy(update={"seed": 99}) for frame in given.shared.frames)
    other = type(given)(given.shared.model_copy(update={"frames": frames}), given.inputs, given.decided)
    assert decide_again(other).hashes != decide_again(given).hashes


def test_p_erased_people_leave_the_inputs_and_the_replay_says_so(tmp_path: Path) -> None:
    live = live_session(tmp_path)
    removed = forget_people(live.lake, live.people[:2])
    assert removed["decision_inputs"] > 0
    bundle = live.bundle()
    assert bundle.decisions is not None
    ids = set(bundle.decisions.inputs["person_id"].to_pylist())
    assert not ids & set(live.people[:2])
    assert pc.all(pc.invert(pc.match_substring(bundle.decisions.decided["decision_id"], live.people[0]))).as_py()
    report = replay_bundle(bundle, KEY)
    assert (report.decisions, report.n_erased_inputs) == ("incomplete", removed["decision_inputs"])


def test_dc_09_an_erased_person_in_one_batch_excuses_no_other_batch(live: LiveSession) -> None:
    bundle = live.bundle()
    given = bundle.decisions
    assert given is not None and len(given.shared.frames) > 1
    first, second, *more = given.shared.frames
    gone = given.inputs.filter(pc.equal(given.inputs["batch_id"], first.batch_id)).slice(0, 1)
    kept = given.inputs.filter(
        pc.invert(pc.and_(*(pc.equal(given.inputs[name], gone[name][0]) for name in ("batch_id", "person_id"))))
    )
    assert kept.num_rows < given.inputs.num_rows

    def said(*frames: DecisionFrame) -> str:
        shared = given.shared.model_copy(update={"frames": (*frames, *more)})
        return replay_bundle(Bundle(bundle.stored, replace(given, shared=shared, inputs=kept)), KEY).decisions

    otherwise = {"decisions_hash": "0" * 64}
    assert said(first.model_copy(update=otherwise), second) == "incomplete"
    assert said(first, second.model_copy(update=otherwise)) == "differ"
