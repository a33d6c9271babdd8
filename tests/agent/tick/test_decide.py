"""Batches too large for memory are planned in a database: the same decisions, and a replay that does the same."""

from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from agent.replay.deciding import decide_again
from agent.replay.gathering import decision_inputs
from agent.tick import tick
from agent.tick.decide import IN_PLACE_ABOVE
from tests.agent.tick.test_run import Running
from tests.factories.doing import LIVE_AT
from tests.factories.live_world import KEY
from tools.markets import load_markets

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("above", [IN_PLACE_ABOVE, 10])
def test_a_tick_above_the_size_plans_in_a_database_and_its_replay_does_too(tmp_path: Path, above: int) -> None:
    (tmp_path / "usual").mkdir()
    live, usual = Running(tmp_path), Running(tmp_path / "usual")
    report = tick(live.store, live.lake, live.clock, KEY, "nord", LIVE_AT, seed=1, in_place_above=above,
                  exploration_rate=0.2, slot=timedelta(hours=48))  # fmt: skip
    wanted = tick(usual.store, usual.lake, usual.clock, KEY, "nord", LIVE_AT, seed=1, exploration_rate=0.2,
                  slot=timedelta(hours=48))  # fmt: skip
    assert report.n_decisions > 10
    assert (report.decisions_hash, report.value_millis) == (wanted.decisions_hash, wanted.value_millis)
    assert report.value_millis <= report.bound_millis
    given = decision_inputs(live.store, live.lake, load_markets(), "nord", live.world.plan.id)
    assert given is not None
    assert [frame.is_in_place for frame in given.shared.frames] == [above == 10]
    hashes = tuple(frame.decisions_hash for frame in given.shared.frames)
    assert decide_again(given).against(hashes) == "same"
    assert report.not_in_place == {}


def test_a_large_batch_that_caps_keep_in_memory_says_so_everywhere(tmp_path: Path) -> None:
    """Sixty days at once: each person has more messages due than the caps let through."""
    (tmp_path / "usual").mkdir()
    live, usual = Running(tmp_path), Running(tmp_path / "usual")
    with capture_logs() as logs:
        report = tick(live.store, live.lake, live.clock, KEY, "nord", LIVE_AT, seed=1, in_place_above=10,
                      slot=timedelta(days=60))  # fmt: skip
    wanted = tick(usual.store, usual.lake, usual.clock, KEY, "nord", LIVE_AT, seed=1, slot=timedelta(days=60))
    assert (report.decisions_hash, wanted.not_in_place) == (wanted.decisions_hash, {})
    why = report.not_in_place[live.world.plan.id]
    assert why.startswith("Caps cut several decisions of one person for ")
    assert why.endswith("prices were searched in memory.")
    assert [(one["log_level"], one["why"]) for one in logs if one["event"] == "not_planned_in_place"] == [
        ("warning", why)
    ]
    given = decision_inputs(live.store, live.lake, load_markets(), "nord", live.world.plan.id)
    assert given is not None
    [frame] = given.shared.frames
    assert (frame.is_in_place, frame.not_in_place) == (False, why)
    assert decide_again(given).against((frame.decisions_hash,)) == "same"
