"""Planned looks: what they say, and the clock of people who were all assigned on one day."""

import numpy as np
import pytest

from memory.domain.errors import InvalidInput
from memory.domain.evidence import PlannedReadout
from memory.domain.experiment import ArmSums
from memory.domain.outcome import NotEstimable
from tools.experiments.arms import ArmMean, margin, repeats, revenue
from tools.experiments.planned import Look, planned, window_information

LOOKS = [Look(1.0, 0.25), Look(2.0, 0.5)]


def read(treated: ArmMean, control: ArmMean, looks: list[Look] = LOOKS) -> PlannedReadout:
    found = planned(treated, control, looks)
    assert isinstance(found, PlannedReadout)
    return found


def test_the_same_difference_is_enough_at_the_end_and_not_halfway() -> None:
    arms = ArmMean.of_share(14_000, 1_810), ArmMean.of_share(14_000, 1_680)
    halfway, end = read(*arms), read(*arms, [*LOOKS, Look(4.0, 1.0)])
    assert halfway.z == pytest.approx(end.z)
    assert (halfway.crosses, end.crosses) == (False, True)
    assert halfway.boundary > 2.9 > 2.1 > end.boundary
    assert end.n_looks == 3
    assert end.alpha_spent == pytest.approx(0.05)


def test_the_interval_leaves_out_zero_exactly_where_the_boundary_is_reached() -> None:
    for n_treated in range(1_700, 1_900, 10):
        found = read(ArmMean.of_share(14_000, n_treated), ArmMean.of_share(14_000, 1_680))
        assert found.crosses == (found.difference.low > 0)
        assert found.difference.high - found.difference.low == pytest.approx(
            found.welch.high - found.welch.low, rel=0.01
        )


def test_one_look_at_the_end_is_the_pooled_test_of_the_textbook() -> None:
    found = read(ArmMean.of_share(1_000, 150), ArmMean.of_share(500, 50), [Look(1.0, 1.0)])
    pooled = 200 / 1_500
    assert found.boundary == pytest.approx(1.959964, abs=1e-5)
    assert found.z == pytest.approx(0.05 / np.sqrt(pooled * (1 - pooled) * (1 / 1_000 + 1 / 500)), rel=1e-3)


def test_a_small_arm_is_not_read() -> None:
    found = planned(ArmMean.of_share(900, 200), ArmMean.of_share(100, 49), LOOKS)
    assert isinstance(found, NotEstimable)
    assert found.code == "too_few_buyers"


def test_the_odds_of_buying_are_the_clock_of_people_assigned_on_one_day() -> None:
    """Correlation of z early and late equals sqrt(information early / late) within 0.01 over 20,000 experiments."""
    rng = np.random.default_rng(8)
    n, early, late = 2_000, 0.1, 0.4
    z = []
    for share in (rng.multinomial(n, [early, late - early, 1 - late], 20_000) for _ in range(2)):
        z.append(np.cumsum(share[:, :2], axis=1) / n)
    gaps = z[0] - z[1]
    found = np.corrcoef(gaps[:, 0], gaps[:, 1])[0, 1]
    clock = [window_information(*[ArmMean.of_share(n, round(n * share))] * 2) for share in (early, late)]
    assert found == pytest.approx((clock[0] / clock[1]) ** 0.5, abs=0.01)


def test_sums_of_an_arm_become_its_mean_over_everyone_assigned() -> None:
    """900 of the 1,000 bought nothing, messaged or not: they count (intention to treat)."""
    amounts = np.concatenate([np.full(60, 5_000), np.full(40, 9_000), np.zeros(900)])
    sums = ArmSums(
        arm="treated", n_people=1_000, n_repeat=100, n_orders=120, revenue_minor=int(amounts.sum()),
        revenue_squared=float((amounts**2).sum()), margin_minor=int(amounts.sum() / 2),
        margin_squared=float((amounts**2).sum() / 4),
    )  # fmt: skip
    assert repeats(sums).mean == 0.1
    assert revenue(sums)[:2] == (1_000, amounts.mean())
    assert revenue(sums).variance == pytest.approx(amounts.var(ddof=1))
    half = margin(sums)
    assert half is not None and half.variance == pytest.approx(amounts.var(ddof=1) / 4)
    assert margin(sums.model_copy(update={"margin_minor": None})) is None


def test_everyone_buying_or_nobody_is_still_a_number() -> None:
    everyone, nobody = ArmMean.of_share(100, 100), ArmMean.of_share(100, 0)
    assert window_information(everyone, everyone) == 200.0
    assert window_information(nobody, nobody) == 0.0


def test_a_look_at_which_nothing_new_came_in_is_refused() -> None:
    arms = ArmMean.of_share(900, 90), ArmMean.of_share(900, 90)
    with pytest.raises(InvalidInput, match="nothing new"):
        planned(*arms, [Look(1.0, 0.25), Look(1.0, 0.5)])
