from collections.abc import Iterator

import pytest

from eval.gym.installation import Installation, copied
from eval.gym.live import run_days
from eval.harness import prepare
from memory.domain.plan import Plan

N_CUSTOMERS = 700
N_DAYS = 12
EXPLORATION_RATE = 0.3


@pytest.fixture(scope="session")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Installation, Plan]]:
    """A synthetic shop whose plan decided for twelve days, three in ten decisions by chance."""
    home = tmp_path_factory.mktemp("hindsight")
    ready = prepare(home / "ready", N_CUSTOMERS, 11)
    of = copied(ready.installation, home / "lived", ready.world.opens_at())
    run_days(of, ready.world, ready.plan, ready.people, stride=6, n_days=N_DAYS, exploration_rate=EXPLORATION_RATE)
    yield of, ready.plan
    of.app.close()
