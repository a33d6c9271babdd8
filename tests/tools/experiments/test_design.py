"""What a design can show, against simulation at planned looks."""

import numpy as np
import pytest

from memory.domain.errors import InvalidInput
from memory.domain.experiment import Interval
from memory.domain.outcome import NotEstimable
from tools.experiments.boundaries import boundaries
from tools.experiments.design import Design, designs, level_alike


def test_the_lift_named_for_planned_looks_is_found_in_80_of_100_experiments() -> None:
    row = designs(28_000, 0.12, [0.5])[0]
    assert isinstance(row.planned_pp, Interval) and isinstance(row.fixed_pp, Interval)
    assert 1 < row.planned_pp.estimate / row.fixed_pp.estimate < 1.05
    rng, days = np.random.default_rng(5), np.arange(1, 29) / 28
    rate = 0.12 + row.planned_pp.estimate / 100
    treated, control = (np.cumsum(rng.binomial(500, one, (4_000, 28)), axis=1) for one in (rate, 0.12))
    n = 500 * np.arange(1, 29)
    pooled = (treated + control) / (2 * n)
    z = (treated - control) / n / np.sqrt(pooled * (1 - pooled) * 2 / n)
    bounds = np.array(boundaries(days.tolist(), days.tolist()).z)
    assert (np.abs(z) >= bounds).any(axis=1).mean() == pytest.approx(0.8, abs=0.02)


def test_one_look_costs_nothing_and_more_looks_little() -> None:
    assert level_alike(Design(n_looks=1)) == pytest.approx(0.05, abs=1e-6)
    assert 0.035 < level_alike(Design(n_looks=28)) < level_alike(Design(n_looks=4)) < 0.05


def test_three_thousand_buyers_with_a_tenth_withheld_show_nothing() -> None:
    tenth, half = designs(3_000, 0.12, [0.1, 0.5])
    assert isinstance(tenth.planned_pp, NotEstimable) and tenth.planned_pp.code == "too_few_buyers"
    assert (tenth.n_control, tenth.n_control_buyers) == (300, 36.0)
    assert isinstance(half.planned_relative, Interval) and isinstance(half.planned_pp, Interval)
    assert half.planned_relative.estimate == pytest.approx(half.planned_pp.estimate / 12)


@pytest.mark.parametrize(("n", "share"), [(1, 0.1), (100, 0.0), (100, 1.0)])
def test_a_design_without_two_arms_is_refused(n: int, share: float) -> None:
    with pytest.raises(InvalidInput, match="holdouts between 0 and 1"):
        designs(n, 0.1, [share])
