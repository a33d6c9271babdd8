"""Making a golden session anew from its own cassette after the code below the language model changed."""

from agent.replay.run import rerun
from agent.sessions.recorder import Recorder
from memory.store.sessions import StoredSession


def derived(stored: StoredSession, key: bytes) -> Recorder:
    """Give the session as the recorded words would be worked today; the cassette must still be played to its end."""
    again = rerun(stored, key)
    assert again.player.n_left == 0, "the language model would be asked something else now: record it again"
    recorder = again.recorder
    head = stored.head
    plans = [event.body["plan_id"] for event in recorder.events if event.kind == "plan"]
    recorder.note_usage({}, 0)
    if head.kind == "chat":
        recorder.rest(plans[-1] if plans else "")
    elif recorder.events[-1].kind != "end":
        recorder.finish("finished" if plans else "stopped", plan_id=plans[-1] if plans else "")
    return recorder
