"""Hindsight beside the truth: the gym lives through every policy, so what each would have done is known."""

import numpy as np
import pytest

from eval.hindsight import gym_worlds
from eval.hindsight.policies import POLICIES
from tools.offpolicy import agreement

pytestmark = pytest.mark.slow


@pytest.mark.long
def test_the_interval_holds_what_policies_with_support_truly_do() -> None:
    """`python -m eval.hindsight.gym_worlds` has more worlds and prints the shares."""
    n_held = n_told = 0
    for seed in range(4):
        log = gym_worlds.make_log(seed, 6_000, exploration_rate=0.4)
        told, true = gym_worlds.estimates(log), gym_worlds.truths(log)
        assert told["cheapest"] is None or true["cheapest"] > true["do-nothing"]
        for name in ("do-nothing", "as-decided", "highest-value"):
            interval = told[name]
            assert interval is not None
            assert interval.high - interval.low < 0.12
            n_held += interval.low <= true[name] <= interval.high
            n_told += 1
    assert n_held >= n_told - 1
    assert true["do-nothing"] + 0.02 < true["highest-value"]


def test_weights_that_forget_the_chance_miss_the_truth() -> None:
    """The planted bug: to take those who agree as they are compares other people."""
    log = gym_worlds.make_log(1, 3_000, exploration_rate=0.4)
    trail = log.trail
    wanted = {policy.id: policy.wanted for policy in POLICIES}["highest-value"]
    assert wanted is not None
    agrees = wanted(trail) == trail.taken
    both = np.bincount(trail.person, ~agrees, trail.n_people) == 0
    plain = (both & (log.treated > 0)).mean()
    weighted = agreement(trail, wanted(trail)).weights[log.treated > 0].mean()
    assert plain < 0.7
    assert weighted == pytest.approx(1.0, abs=0.1)


def test_without_chance_in_the_log_only_what_was_done_can_be_told() -> None:
    log = gym_worlds.make_log(2, 4_000, exploration_rate=0.0)
    told = gym_worlds.estimates(log)
    assert told["highest-value"] is not None
    assert told["send-to-all"] is None
    assert told["cheapest"] is None
