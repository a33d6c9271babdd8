"""Boundaries against published tables and against simulation."""

import numpy as np
import pytest

from memory.domain.errors import InvalidInput
from tools.experiments.boundaries import boundaries, crossing
from tools.experiments.spending import obrien_fleming

FIFTHS = [0.2, 0.4, 0.6, 0.8, 1.0]


def walks(information: list[float], drift: float = 0.0, n_runs: int = 200_000) -> np.ndarray:
    """Simulate z at each look; its mean at the last one is `drift`."""
    rng = np.random.default_rng(4)
    steps = np.diff([0.0, *information])
    slope = drift / information[-1] ** 0.5
    sums = np.cumsum(rng.normal(slope * steps, np.sqrt(steps), (n_runs, len(steps))), axis=1)
    return np.abs(sums) / np.sqrt(information)


def test_boundaries_equal_the_published_ones_of_obrien_fleming_spending() -> None:
    """Five equal looks, two-sided .05 (Reboussin, DeMets, Kim, Lan 2000, Controlled Clinical Trials 21)."""
    found = boundaries(FIFTHS, FIFTHS)
    assert found.z == pytest.approx((4.8769, 3.3569, 2.6803, 2.2898, 2.0310), abs=2e-4)
    assert found.spent[-1] == pytest.approx(0.05)
    assert found.error < 1e-10


@pytest.mark.parametrize(("n_looks", "pocock_z", "obrien_fleming_z"), [(2, 2.178, 1.977), (5, 2.413, 2.040)])
def test_crossing_meets_the_constants_of_jennison_and_turnbull(
    n_looks: int, pocock_z: float, obrien_fleming_z: float
) -> None:
    """Group Sequential Methods (2000), tables 2.1 and 2.3, alpha .05."""
    shares = [(index + 1) / n_looks for index in range(n_looks)]
    assert crossing(shares, [pocock_z] * n_looks).sum() == pytest.approx(0.05, abs=1e-4)
    falling = [obrien_fleming_z / share**0.5 for share in shares]
    assert crossing(shares, falling).sum() == pytest.approx(0.05, abs=1e-4)


@pytest.mark.parametrize(("n_looks", "errs"), [(2, 0.083), (5, 0.142), (10, 0.193)])
def test_looking_with_1_96_each_time_errs_as_often_as_armitage_found(n_looks: int, errs: float) -> None:
    """Armitage, McPherson, Rowe 1969, table 2: what the recursion was made for."""
    shares = [(index + 1) / n_looks for index in range(n_looks)]
    assert crossing(shares, [1.959964] * n_looks).sum() == pytest.approx(errs, abs=6e-4)


def test_uneven_looks_spend_exactly_what_was_allowed() -> None:
    information = [3.0, 4.0, 11.0, 11.5, 20.0]
    elapsed = [0.1, 0.3, 0.4, 0.9, 1.0]
    found = boundaries(information, elapsed)
    reached = np.cumsum(crossing(information, found.z))
    assert reached == pytest.approx([obrien_fleming(share, 0.05) for share in elapsed], abs=1e-9)
    simulated = (walks(information) >= np.array(found.z)).any(axis=1).mean()
    assert simulated == pytest.approx(0.05, abs=0.0015)


def test_power_equals_that_of_simulated_paths() -> None:
    shares = [(index + 1) / 28 for index in range(28)]
    z = boundaries(shares, shares).z
    for drift in (1.0, 3.0):
        simulated = (walks(shares, drift, 50_000) >= np.array(z)).any(axis=1).mean()
        assert crossing(shares, z, drift).sum() == pytest.approx(simulated, abs=0.007)


def test_an_experiment_that_ends_early_spends_all_of_alpha_at_its_last_look() -> None:
    found = boundaries([10.0, 18.0], [0.5, 1.0])
    assert found.spent[-1] == pytest.approx(0.05)
    assert crossing([10.0, 18.0], found.z).sum() == pytest.approx(0.05, abs=1e-9)


def test_later_looks_leave_earlier_boundaries_alone() -> None:
    assert boundaries(FIFTHS[:3], FIFTHS[:3]).z == pytest.approx(boundaries(FIFTHS, FIFTHS).z[:3], abs=1e-9)


def test_hardly_anything_is_spent_early() -> None:
    assert obrien_fleming(0.25, 0.05) < 1e-4
    assert obrien_fleming(1.0, 0.05) == pytest.approx(0.05)


@pytest.mark.parametrize(("information", "elapsed"), [
    ([], []), ([1.0, 1.0], [0.5, 1.0]), ([1.0, 1.00001], [0.5, 1.0]), ([1.0, 2.0], [0.5]), ([1.0, 2.0], [0.6, 0.5]),
    ([1.0], [1.2]), ([-1.0], [1.0]),
])  # fmt: skip
def test_looks_that_do_not_advance_are_refused(information: list[float], elapsed: list[float]) -> None:
    with pytest.raises(InvalidInput, match="Leave out looks"):
        boundaries(information, elapsed)
