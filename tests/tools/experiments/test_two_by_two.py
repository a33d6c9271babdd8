"""The 2x2 e-process: its expectation by enumeration, not by simulation."""

from itertools import product
from math import comb

import numpy as np
import pytest

from memory.domain.evidence import ExactReadout
from memory.domain.outcome import NotEstimable
from tools.experiments import two_by_two
from tools.experiments.two_by_two import exact, log_e

Pair = tuple[np.ndarray, np.ndarray]
N: Pair = (np.array([4.0, 7.0]), np.array([2.0, 1.0]))
"""Two days of uneven size in arms of uneven size."""


def expectation(treated: float, control: float, gap: float) -> float:
    """Sum the e value after two days over every outcome, weighted by its chance under these shares."""
    total = 0.0
    for hits in product(*(range(int(n) + 1) for n in (*N[0], *N[1]))):
        sizes = [int(n) for n in (*N[0], *N[1])]
        shares = (treated, treated, control, control)
        chance = np.prod([comb(n, k) * p**k * (1 - p) ** (n - k) for n, k, p in zip(sizes, hits, shares, strict=True)])
        buyers = np.array(hits[:2], dtype=float), np.array(hits[2:], dtype=float)
        total += float(chance) * float(np.exp(log_e(N, buyers, gap)[-1]))
    return total


@pytest.mark.parametrize("share", [0.05, 0.3, 0.5, 0.9])
def test_under_equal_shares_the_e_value_is_at_most_one_on_average(share: float) -> None:
    assert 0.0 < expectation(share, share, 0.0) <= 1 + 1e-9


@pytest.mark.parametrize(("treated", "gap"), [(0.3, 0.2), (0.9, 0.05), (0.1, -0.4)])
def test_under_any_difference_the_e_value_against_it_is_at_most_one_on_average(treated: float, gap: float) -> None:
    assert expectation(treated, treated - gap, gap) <= 1 + 1e-9


def test_a_null_at_the_plain_mean_of_both_guesses_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """The nearest point weighs arms by size; forgetting that breaks the promise for uneven arms."""

    def plain(n: Pair, guess: Pair) -> Pair:
        return (guess[0] + guess[1]) / 2, (guess[0] + guess[1]) / 2

    monkeypatch.setattr(two_by_two, "_common", plain)
    assert max(expectation(share, share, 0.0) for share in (0.05, 0.3, 0.5, 0.9)) > 1.01


def read(n: Pair, buyers: Pair) -> ExactReadout:
    found = exact(n, buyers)
    assert isinstance(found, ExactReadout)
    return found


def simulated(lift: float) -> tuple[Pair, Pair]:
    rng = np.random.default_rng(6)
    n = np.full(28, 500.0), np.full(28, 500.0)
    return n, (rng.binomial(500, 0.12 + lift, 28).astype(float), rng.binomial(500, 0.12, 28).astype(float))


def test_a_large_lift_is_found_and_its_interval_leaves_out_zero() -> None:
    found = read(*simulated(0.04))
    assert found.crosses and found.e_value > 20 and found.p_value == pytest.approx(1 / found.e_value)
    assert 0 < found.difference.low < 0.04 < found.difference.high


def test_without_a_lift_the_interval_holds_zero() -> None:
    found = read(*simulated(0.0))
    assert not found.crosses
    assert found.difference.low < 0 < found.difference.high
    assert found.difference.high - found.difference.low < 0.05


def test_the_ends_of_the_interval_are_where_evidence_reaches_the_level() -> None:
    n, buyers = simulated(0.02)
    found = read(n, buyers)
    for end, inward in ((found.difference.low, 1), (found.difference.high, -1)):
        inside = float(log_e(n, buyers, end + inward * 2e-4).max())
        outside = float(log_e(n, buyers, end - inward * 2e-4).max())
        assert inside < np.log(20) < outside


def test_days_without_anyone_in_an_arm_add_nothing_impossible() -> None:
    n = np.array([10.0, 0.0, 0.0, 5.0]), np.array([0.0, 10.0, 0.0, 5.0])
    found = read(n, (np.array([2.0, 0.0, 0.0, 1.0]), np.array([0.0, 3.0, 0.0, 1.0])))
    assert 0 < found.e_value < 20


def test_an_empty_arm_says_why() -> None:
    found = exact((np.array([5.0]), np.array([0.0])), (np.array([1.0]), np.array([0.0])))
    assert isinstance(found, NotEstimable)
    assert found.code == "no_control_group"
