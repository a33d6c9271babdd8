import pytest

from agent.planning.context import PlanContext
from eval.scoreboard.context import context_of
from eval.scoreboard.crowd import Crowd, make_crowd


@pytest.fixture(scope="session")
def crowd() -> Crowd:
    return make_crowd(7, 1_000)


@pytest.fixture(scope="session")
def context(crowd: Crowd) -> PlanContext:
    return context_of(crowd)
