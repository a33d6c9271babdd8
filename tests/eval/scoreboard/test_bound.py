"""The bound of the scoreboard: laws it rests on, and that nothing which is lived through nets more."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from agent.planning.context import PlanContext
from eval.gym.behaviour import NEVER, daily_chance
from eval.gym.effects import SENT_ROWS, SLOW_DAYS, law, readiness
from eval.gym.lanes import LATE, LOST, ON_TIME
from eval.scoreboard.ahead import N_AGES, chances, most_lift, older, one_day, weights
from eval.scoreboard.bound import Asked, net_bound
from eval.scoreboard.bounded import asked_of
from eval.scoreboard.crowd import Crowd
from eval.scoreboard.living import N_DAYS, added_orders, live
from eval.scoreboard.loads import LOADS
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
        assert of.most[day, :, -1] == pytest.approx(law[who])
        assert of.least[day, :, -1] == pytest.approx(law[who])
    for parcel, bound in ((ON_TIME, of.most), (LOST, of.least)):
        ordered = start.standing.copy()
        ordered.ordered(np.arange(crowd.people.n), start.day + 3, np.full(crowd.people.n, parcel))
        law = daily_chance(crowd.people, start.day + 10, ordered, start.tide(range(10, 11))[0], peak=False)
        assert bound[10, :, 6] == pytest.approx(law[who])


def test_ages_that_are_put_together_keep_every_law_between_their_ends(crowd: Crowd) -> None:
    who = crowd.members
    of, start = chances(crowd, who), crowd.start
    ordered = start.standing.copy()
    ordered.ordered(np.arange(crowd.people.n), start.day, np.full(crowd.people.n, LATE))
    for day in (N_AGES, 60, 89):
        law = daily_chance(crowd.people, start.day + day, ordered, start.tide(range(day, day + 1))[0], peak=False)[who]
        assert (of.least[day, :, N_AGES - 1] <= law).all() and (law <= of.most[day, :, N_AGES - 1]).all()


def test_a_planner_expects_no_less_of_a_day_whose_lift_may_be_larger(crowd: Crowd) -> None:
    of, none = chances(crowd, crowd.members), np.zeros((N_DAYS, len(crowd.members)))
    reach = weights(of, none, 7.0)
    assert (reach >= 0).all() and (weights(of, none + 2.0, 7.0) >= reach - 1e-12).all()
    after = np.random.default_rng(1).random(of.most.shape[1:])
    found = one_day(of, none, 5, after)
    for chance in (of.least[5], of.most[5], (of.least[5] + of.most[5]) / 2):
        assert (found >= chance * after[:, :1] + (1 - chance) * older(after) - 1e-12).all()


def test_added_orders_of_one_message_are_within_what_it_can_bring(crowd: Crowd) -> None:
    """Orders with a message read on the second day less orders without, over many worlds, against its weight."""
    who = crowd.members
    messages = pa.table(
        [who, np.full(len(who), crowd.start.day * 86_400), ["thank_you"] * len(who), ["email"] * len(who),
         ["vip"] * len(who), [""] * len(who), [""] * len(who)],
        schema=SENT_ROWS,
    )  # fmt: skip
    lift = law("thank_you", "email", "vip") * readiness(crowd.people, who)
    most = np.zeros((N_DAYS, len(who)))
    most[1:] = lift
    bound = float((weights(chances(crowd, who), most, SLOW_DAYS)[0, :, -1] * lift).sum())
    added = []
    for seed in range(40):
        here = replace(crowd, start=crowd.start._replace(seed=seed))
        days = [messages.slice(0, 0), messages, *[messages.slice(0, 0)] * (N_DAYS - 2)]
        added.append(added_orders(here, days))
    error = np.std(added) / len(added) ** 0.5
    assert np.mean(added) - 2 * error < bound < 2.5 * (np.mean(added) + 2 * error)


def test_lift_is_bounded_by_caps_and_by_dulling() -> None:
    """Three messages of strength 1, one a week at most: the third has two weeks on the first."""
    found = most_lift(np.array([[1.0, 1.0, 1.0]]), np.array([False, False, False]), (1, 1))
    assert found[0, 0] == 0.0 and found[1, 0] == pytest.approx(1.0)
    assert found[60, 0] == pytest.approx(1 + np.exp(-1) + np.exp(-2))
    assert most_lift(np.full((1, 30), 1.0), np.zeros(30, dtype=np.bool_), (7, 7))[80, 0] < 4
    assert LOADS[0] == 0.0 and (np.diff(LOADS) > 0).all()


def test_one_message_to_everybody_nets_less_than_the_bound(crowd: Crowd, context: PlanContext, asked: Asked) -> None:
    class First:
        """Sends each person their cohort's one message on the first day."""

        def options(self, day: int) -> tuple[Option, ...]:
            return only if day == 0 else ()

        def values(self, option: Option, who: np.ndarray, state: State) -> np.ndarray:
            return np.ones(len(who))

    only = tuple(one for one in asked.menu if one.kind == "thank_you" and one.channel == 0)
    assert len({one.cohort for one in only}) >= 2
    bound = net_bound(asked._replace(menu=only), crowd, n_rounds=4)
    nets = []
    for seed in range(40):
        here = replace(crowd, start=crowd.start._replace(seed=seed))
        lived = live(here, First(), {}, context.guardrails, holdout_rate=0.1, budget_minor=10**9)
        nets.append(lived.net_minor)
    error = np.std(nets) / len(nets) ** 0.5
    assert 0 < np.mean(nets) - 2 * error < bound


@pytest.mark.long
def test_dc_06_the_oracle_nets_less_than_the_bound_and_more_rounds_only_lower_it(
    crowd: Crowd, context: PlanContext, asked: Asked
) -> None:
    first, later = net_bound(asked, crowd, n_rounds=1), net_bound(asked, crowd, n_rounds=4)
    assert 0 < oracle_net(Brief(holdout_rate=0.1), crowd, context) < later <= first
    assert later < 4 * oracle_net(Brief(holdout_rate=0.1), crowd, context)
    assert net_bound(asked._replace(menu=()), crowd, n_rounds=1) == 0.0
