"""Running a session again from its own entries and cassette. There is no store, no lake, no network, no channel."""

from collections.abc import Sequence
from dataclasses import dataclass

from agent.llm.bench import Bench, ToolRecord
from agent.llm.drafting import RecordedPlaybook
from agent.llm.endpoint import LlmEndpoint
from agent.llm.inputs import GATHER, PlanInputs, is_inputs, record_inputs, recorded_inputs
from agent.llm.planner import LlmRun
from agent.llm.prices import price_of
from agent.sessions.bundle import Bundle
from agent.sessions.cassette import first_difference, from_yaml
from agent.sessions.recorder import Recorder
from agent.sessions.transport import PlaybackTransport
from agent.sessions.verify import verify
from agent.toolbox.desk import Desk
from memory.domain.plan import Plan
from memory.domain.session import SessionEvent
from memory.store.sessions import StoredSession
from prompts.library import pinned, versions_of

from .clock import RecordedClock
from .report import ReplayReport

MAX_DRIFT = 50
REPLAY_KEY = b"replays are compared, never sealed"


@dataclass
class Rerun:
    """A session that was run again."""

    recorder: Recorder
    """What it recorded this time."""
    player: PlaybackTransport
    """The cassette, as far as it was played."""
    drift: list[str]
    """What the bench noticed."""


def replay(stored: StoredSession, key: bytes | None) -> ReplayReport:
    """Verify the session, run it again, and compare; raise `SessionTampered` before anything is run."""
    verify(key, stored)
    again = rerun(stored)
    _copy_end(stored, again.recorder)
    return _report(stored, again)


def replay_bundle(bundle: Bundle, key: bytes | None) -> ReplayReport:
    """Replay a session and decide again over the inputs its ticks kept, where the bundle holds them.

    `key` is the own installation's where the session is its own, none where a checked signature vouches for it.
    """
    report = replay(bundle.stored, key)
    if bundle.decisions is None:
        return report
    from .deciding import decide_again

    again = decide_again(bundle.decisions)
    recorded = tuple(frame.decisions_hash for frame in bundle.decisions.shared.frames)
    return report.model_copy(
        update={
            "decisions": again.against(recorded),
            "recorded_decision_hashes": recorded,
            "replayed_decision_hashes": again.hashes,
            "n_decisions": again.decided.num_rows,
            "n_erased_inputs": sum(again.missing),
        }
    )


def rerun(stored: StoredSession, key: bytes = REPLAY_KEY) -> Rerun:
    """Run a verified session again, up to its end entry; `key` seals what it records this time."""
    again = Rerun(recorder=_recorder(stored, key), player=PlaybackTransport(from_yaml(stored.cassette)), drift=[])
    if stored.head.kind == "chat":
        from .chats import replay_chat

        refs = [ref for inputs in recorded_inputs(stored.events) for ref in inputs.planner.prompts]
        with pinned(versions_of(refs)):
            replay_chat(stored, again.recorder, again.player, again.drift)
    else:
        _replay_plans(stored, again.recorder, again.player, again.drift)
    return again


def tool_records(events: Sequence[SessionEvent]) -> list[ToolRecord]:
    """Give the tool calls among the entries with their answers, in order; the data-reading step is not one."""
    calls = [event for event in events if event.kind == "tool_call"]
    answers = [event for event in events if event.kind == "tool_result" and event.body["tool"] != GATHER]
    return [
        ToolRecord(tool=call.body["tool"], arguments=call.body["arguments"], result=answer.body["result"])
        for call, answer in zip(calls, answers, strict=False)
    ]


def replay_run(inputs: PlanInputs, records: list[ToolRecord], recorder: Recorder, player: PlaybackTransport) -> Bench:
    """Run one planner over its recorded inputs, answers and traffic; give its bench."""
    record_inputs(recorder, inputs)
    desk = Desk(brief=inputs.brief, context=inputs.context, planner=inputs.planner, extras=inputs.extras)
    bench = Bench(desk, recorder, inputs.tools, records)
    run = LlmRun(
        endpoint=recorded_endpoint(inputs.planner.llm),
        bench=bench,
        recorder=recorder,
        transport=recorder.transport(player),
        limits=inputs.limits,
        language=inputs.language,
        sleep=lambda _seconds: None,
        monotonic=lambda: 0.0,
    )
    with pinned(versions_of(inputs.planner.prompts)):
        run.run()
    return bench


def recorded_endpoint(llm: str) -> LlmEndpoint:
    """Give the endpoint of a replay: its name and price, and an address that leads nowhere."""
    return LlmEndpoint(base_url="http://llm.invalid/v1", llm=llm, price=price_of(llm))


def _replay_plans(stored: StoredSession, recorder: Recorder, player: PlaybackTransport, drift: list[str]) -> None:
    starts = [number for number, event in enumerate(stored.events) if is_inputs(event)]
    for begin, end in zip(starts, [*starts[1:], len(stored.events)], strict=True):
        inputs = PlanInputs.model_validate(stored.events[begin].body["result"])
        if inputs.planner.kind == "playbook":
            replay_playbook(inputs, recorder)
        else:
            bench = replay_run(inputs, tool_records(stored.events[begin:end]), recorder, player)
            drift.extend(bench.drift)


def replay_playbook(inputs: PlanInputs, recorder: Recorder) -> None:
    """Run the playbook planner over its recorded inputs."""
    RecordedPlaybook(recorder).plan(inputs.brief, inputs.context)


def _recorder(stored: StoredSession, key: bytes) -> Recorder:
    head = stored.head.model_copy(update={"status": "running", "plan_id": "", "usage": {}, "cost_microunits": 0})
    recorder = Recorder(RecordedClock(stored.events), key, head)
    start = stored.events[0]
    recorder.record("start", start.body)
    return recorder


def _copy_end(stored: StoredSession, recorder: Recorder) -> None:
    """The end entry is written by whoever opened the session; take it over where the replay got that far."""
    last = stored.events[-1]
    if last.kind == "end" and len(recorder.events) == len(stored.events) - 1:
        recorder.record("end", last.body)


def _report(stored: StoredSession, again: Rerun) -> ReplayReport:
    then, now, player = stored.events, again.recorder.events, again.player
    found = [*again.drift, *player.drift, *_differences(then, now)]
    if player.n_left:
        found.append(f"{player.n_left} recorded exchanges were not asked for")
    plans = tuple(_plan_ids(then)), tuple(_plan_ids(now))
    return ReplayReport(
        session_id=stored.head.id,
        llm=stored.head.llm,
        recorded_plan_ids=plans[0],
        replayed_plan_ids=plans[1],
        plan_hash_same=plans[0] == plans[1],
        recorded_end=ended(then),
        replayed_end=ended(now),
        is_same=[event.entry_hash for event in then] == [event.entry_hash for event in now],
        drift=tuple(dict.fromkeys(found))[:MAX_DRIFT],
        n_exchanges=player.n_played + player.n_left,
        n_played=player.n_played,
        data_version=stored.head.data_version,
    )


def _differences(then: Sequence[SessionEvent], now: Sequence[SessionEvent]) -> list[str]:
    for before, after in zip(then, now, strict=False):
        if before.kind != after.kind:
            return [f"entry {before.seq}: {before.kind} became {after.kind}"]
        if before.body != after.body:
            return [f"entry {before.seq} ({before.kind}) differs at {first_difference(before.body, after.body)}"]
    return [] if len(then) == len(now) else [f"{len(then)} entries became {len(now)}"]


def plan_of(events: Sequence[SessionEvent]) -> Plan | None:
    """Give the last plan among the entries, or none."""
    found = [event.body["plan"] for event in events if event.kind == "plan"]
    return Plan.model_validate(found[-1]) if found else None


def _plan_ids(events: Sequence[SessionEvent]) -> list[str]:
    return [event.body["plan_id"] for event in events if event.kind == "plan"]


def ended(events: Sequence[SessionEvent]) -> str:
    """Give `plan`, the code of the safe stop, or `nothing`."""
    for event in reversed(events):
        if event.kind in ("plan", "stop"):
            return "plan" if event.kind == "plan" else str(event.body["code"])
    return "nothing"
