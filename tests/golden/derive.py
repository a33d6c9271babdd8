"""Making a golden session anew from its own cassette after the code below the language model changed."""

from agent.replay.run import rerun
from agent.sessions.recorder import Recorder
from memory.store.sessions import StoredSession


def derived(stored: StoredSession, key: bytes) -> Recorder:
    """Give the session as the recorded words would be worked today; the cassette must still be played to its end."""
    again = rerun(stored, key)
    assert again.player.n_left == 0, "the language model would be asked something else now: record it again"
    recorder = again.recorder
    plans = [event.body["plan_id"] for event in recorder.events if event.kind == "plan"]
    stops = [event.body["code"] for event in recorder.events if event.kind == "stop"]
    if stored.head.kind == "chat":
        recorder.rest(plans[-1] if plans else "")
    elif plans:
        recorder.finish("finished", plan_id=plans[-1])
    else:
        recorder.finish("stopped", stop_reason=stops[-1] if stops else "refused")
    return recorder
