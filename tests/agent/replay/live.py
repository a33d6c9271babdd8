"""A plan session whose plan went live and decided for four weeks, in an installation of its own."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from agent.llm.drafting import RecordedPlaybook
from agent.replay.gathering import gathered
from agent.sessions.bundle import Bundle
from agent.sessions.recorder import Recorder
from agent.tick import go_live, tick
from memory.domain.brief import Brief
from memory.domain.clock import ManualClock
from memory.domain.plan import Plan
from memory.lake.lake import Lake
from memory.store.engine import Store, open_store
from memory.store.sessions import StoredSession
from memory.store.tables import metadata
from tests.factories import planning
from tests.factories.doing import LIVE_AT, a_world
from tools.markets import load_markets

KEY = b"a key for tests only, 32 bytes.."


@dataclass
class LiveSession:
    """The installation and the recorded session."""

    store: Store
    lake: Lake
    stored: StoredSession
    people: list[str]

    def bundle(self) -> Bundle:
        """The session with what the ticks kept."""
        return gathered(self.store, self.lake, load_markets(), self.stored)


def live_session(folder: Path, *, session_id: str = "s-live", seed: int = 1) -> LiveSession:
    """Draft by rule, go live, and decide two fortnights."""
    store = open_store(f"sqlite:///{folder / 'store.db'}")
    metadata.create_all(store.engine)
    lake, clock = Lake(folder / "lake"), ManualClock(LIVE_AT)
    world = a_world(store, lake, 40)
    recorder = Recorder.begin(
        clock, KEY, shop_id="nord", kind="plan", principal="mia", session_id=session_id, data_version=3,
        guardrail_version=world.plan.guardrail_version,
    )  # fmt: skip
    made = RecordedPlaybook(recorder).plan(Brief(), planning.context(shop=world.shop))
    assert isinstance(made, Plan) and made.steps() == world.plan.steps()
    recorder.finish("finished", plan_id=world.plan.id)
    go_live(store, lake, clock, KEY, world.approved)
    for day in (1, 15):
        at = LIVE_AT + timedelta(days=day)
        tick(store, lake, clock, KEY, "nord", at, seed=seed, slot=timedelta(days=14), exploration_rate=0.2)
    return LiveSession(store, lake, recorder.stored(), world.people)
