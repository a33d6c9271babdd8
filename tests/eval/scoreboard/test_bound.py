"""The bound of the scoreboard: laws it rests on, and that nothing which is lived through nets more."""

from dataclasses import replace

import numpy as np
import pytest

from agent.planning.context import PlanContext
from eval.gym.behaviour import NEVER, daily_chance
from eval.scoreboard.ahead import chances, lifted, paths, weights
from eval.scoreboard.bound import LOADS, Asked, most_lift, net_bound
from eval.scoreboard.bounded import asked_of
from eval.scoreboard.crowd import Crowd
from eval.scoreboard.living import N_DAYS, live
from eval.scoreboard.options import Option
from eval.scoreboard.scoring import oracle_net
from eval.scoreboard.state import State
from memory.domain.brief import Brief

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def asked(crowd: Crowd, context: PlanContext) -> Asked:
    return asked_of(Brief(holdout_rate=0.1), crowd, context)


def test_chances_are_those_of_the_law(crowd: Crowd) -> None:
    who = crowd.members[crowd.start.last_day[crowd.members] != NEVER]
    of, start = chances(crowd, who), crowd.start
    for day in (0, 3, 40):
        tide = start.tide(range(day, day + 1))[0]
        law = daily_chance(crowd.people, start.day + day, start.standing, tide, peak=False)
        assert of.now[day, :, -1] == pytest.approx(law[who])
    ordered = start.standing.copy()
    ordered.ordered(np.arange(crowd.people.n), start.day + 3, np.zeros(crowd.people.n, dtype=np.int64))
    law = daily_chance(crowd.people, start.day + 10, ordered, start.tide(range(10, 11))[0], peak=False)
    assert of.now[10, :, 6] == pytest.approx(law[who])


def test_bounds_never_rise_with_the_time_since_an_order_and_bound_the_law(crowd: Crowd) -> None:
    of = chances(crowd, crowd.members)
    for bound in (of.bound, of.worth):
        assert (np.diff(bound, axis=2) <= 1e-12).all()
    assert (of.bound >= of.now).all() and (of.worth >= 0).all()
    none = np.zeros((N_DAYS, len(crowd.members)))
    reach = weights(of, none, 7.0)
    assert (np.diff(reach, axis=2) <= 1e-12).all()
    assert (weights(of, none + 2.0, 7.0) >= reach - 1e-12).all()
    assert (lifted(of, none + 2.0, 5) >= lifted(of, none, 5)).all()
    assert (paths(of, none, 7)[0] == N_DAYS).all()


def test_lift_is_bounded_by_caps_and_by_dulling() -> None:
    """Three messages of strength 1, one a week at most: the third has two weeks on the first."""
    found = most_lift(np.array([[1.0, 1.0, 1.0]]), np.array([False, False, False]), (1, 1))
    assert found[0, 0] == 0.0 and found[1, 0] == pytest.approx(1.0)
    assert found[60, 0] == pytest.approx(1 + np.exp(-1) + np.exp(-2))
    assert most_lift(np.full((1, 30), 1.0), np.zeros(30, dtype=np.bool_), (7, 7))[80, 0] < 4
    assert LOADS[0] == 0.0 and (np.diff(LOADS) > 0).all()


def test_one_message_to_everybody_nets_less_than_the_bound_and_not_little_of_it(
    crowd: Crowd, context: PlanContext, asked: Asked
) -> None:
    class First:
        """Sends each person their cohort's one message on the first day."""

        def options(self, day: int) -> tuple[Option, ...]:
            return only if day == 0 else ()

        def values(self, option: Option, who: np.ndarray, state: State) -> np.ndarray:
            return np.ones(len(who))

    only = tuple(one for one in asked.menu if one.kind == "thank_you" and one.channel == 0)
    assert len({one.cohort for one in only}) >= 2
    bound = net_bound(asked._replace(menu=only), crowd)
    nets = []
    for seed in range(60):
        here = replace(crowd, start=crowd.start._replace(seed=seed))
        lived = live(here, First(), {}, context.guardrails, holdout_rate=0.1, budget_minor=10**9)
        nets.append(lived.net_minor)
    error = np.std(nets) / len(nets) ** 0.5
    assert np.mean(nets) - 2 * error < bound < 6 * (np.mean(nets) + 2 * error)


@pytest.mark.long
def test_dc_06_the_oracle_nets_less_than_the_bound_and_more_rounds_only_lower_it(
    crowd: Crowd, context: PlanContext, asked: Asked
) -> None:
    first, later = net_bound(asked, crowd, n_rounds=1), net_bound(asked, crowd, n_rounds=4)
    assert 0 < oracle_net(Brief(holdout_rate=0.1), crowd, context) < later <= first
    assert later < 4 * oracle_net(Brief(holdout_rate=0.1), crowd, context)
    assert net_bound(asked._replace(menu=()), crowd, n_rounds=1) == 0.0
