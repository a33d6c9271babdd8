"""Lift against hand-made sums and against simulated worlds with known truth."""

import numpy as np
import pytest

from memory.domain.experiment import ArmSums, Interval
from memory.domain.outcome import NotEstimable
from tools.experiments import lift


def sums(arm: str, n: int, repeat: int, **more: object) -> ArmSums:
    values = {"n_orders": repeat, "revenue_minor": repeat * 5000, "revenue_squared": repeat * 5000.0**2} | more
    return ArmSums.model_validate({"arm": arm, "n_people": n, "n_repeat": repeat, **values})


def simulate(rng: np.random.Generator, arm: str, n: int, rate: float) -> ArmSums:
    buys = rng.random(n) < rate
    orders = np.where(buys, 1 + rng.poisson(0.2, n), 0)
    revenue = np.where(buys, np.round(orders * rng.lognormal(8.3, 0.6, n)), 0.0)
    return ArmSums(
        arm="treated" if arm == "treated" else "control",
        n_people=n,
        n_repeat=int(buys.sum()),
        n_orders=int(orders.sum()),
        revenue_minor=int(revenue.sum()),
        revenue_squared=float((revenue**2).sum()),
        orders_squared=float((orders**2).sum()),
        revenue_orders=float((revenue * orders).sum()),
        margin_minor=int((revenue * 0.4).sum()),
        margin_squared=float(((revenue * 0.4) ** 2).sum()),
        cost_minor=10_000,
    )


def test_s2_58_22_percent_minus_16_percent_is_plus_6_percentage_points() -> None:
    report = lift(sums("treated", 10_000, 2_200), sums("control", 10_000, 1_600))
    assert isinstance(report.rpr_difference_pp, Interval)
    assert report.rpr_difference_pp.estimate == pytest.approx(6.0)
    assert isinstance(report.rpr_relative_lift, Interval)
    assert report.rpr_relative_lift.estimate == pytest.approx(0.375)
    assert report.rpr_difference_pp.low > 4.8
    assert report.rpr_difference_pp.high < 7.2


def test_newcombe_interval_equals_the_published_example() -> None:
    """Newcombe 1998, table II, case (a): 56/70 against 48/80 gives 0.0524 to 0.3339."""
    report = lift(sums("treated", 70, 56), sums("control", 80, 48))
    interval = report.rpr_difference_pp
    assert isinstance(interval, Interval)
    assert (round(interval.low / 100, 4), round(interval.high / 100, 4)) == (0.0524, 0.3339)


def test_s2_16_roi_is_incremental_margin_over_cost_with_an_interval() -> None:
    rng = np.random.default_rng(5)
    report = lift(simulate(rng, "treated", 20_000, 0.22), simulate(rng, "control", 20_000, 0.16))
    assert isinstance(report.roi, Interval)
    assert isinstance(report.incremental_margin_minor, Interval)
    assert report.roi.estimate == pytest.approx(report.incremental_margin_minor.estimate / 10_000)
    assert report.roi.low < report.roi.estimate < report.roi.high


def test_figures_that_would_mean_nothing_say_why() -> None:
    report = lift(sums("treated", 100, 20), sums("control", 0, 0))
    assert isinstance(report.rpr_difference_pp, NotEstimable)
    assert report.rpr_difference_pp.code == "no_control_group"
    assert isinstance(report.revenue_difference_minor, NotEstimable)
    few = lift(sums("treated", 100, 20), sums("control", 100, 10))
    assert isinstance(few.revenue_difference_minor, NotEstimable)
    assert few.revenue_difference_minor.code == "too_few_buyers"
    assert isinstance(few.roi, NotEstimable)


def coverage(treated_rate: float, control_rate: float, n_sims: int = 600, bug: float = 0.0) -> dict[str, float]:
    """Share of simulated worlds whose interval covers the truth; `bug` adds buyers to the treated arm only."""
    rng = np.random.default_rng(20)
    hits = {"rpr": 0, "revenue": 0, "aov": 0}
    mean_order = float(np.exp(8.3 + 0.18))
    truth_rpr = 100 * (treated_rate - control_rate)
    truth_revenue = (treated_rate - control_rate) * 1.2 * mean_order
    for _ in range(n_sims):
        report = lift(simulate(rng, "treated", 4_500, treated_rate + bug), simulate(rng, "control", 500, control_rate))
        for name, interval, truth in (
            ("rpr", report.rpr_difference_pp, truth_rpr),
            ("revenue", report.revenue_difference_minor, truth_revenue),
            ("aov", report.aov_difference_minor, 0.0),
        ):
            assert isinstance(interval, Interval)
            hits[name] += interval.low <= truth <= interval.high
    return {name: count / n_sims for name, count in hits.items()}


@pytest.mark.parametrize(("treated", "control"), [(0.2, 0.2), (0.26, 0.2)])
def test_s2_66_intervals_cover_the_truth_in_95_of_100_worlds(treated: float, control: float) -> None:
    """600 worlds, 10 % holdout: three standard errors of a 95 % share are 2.7 points."""
    found = coverage(treated, control)
    assert all(0.92 <= share <= 0.98 for share in found.values()), found


def test_a_planted_bias_of_three_points_is_caught() -> None:
    assert coverage(0.2, 0.2, n_sims=300, bug=0.06)["rpr"] < 0.5


def clustered(rng: np.random.Generator, arm: str, n: int, extra: float = 0.0) -> tuple[ArmSums, float]:
    """People whose baskets differ from each other more than from themselves, big spenders ordering more often.

    Give their sums and the squared standard error one would get by taking orders for independent.
    """
    taste = rng.normal(0.0, 0.5, n)
    orders = rng.poisson(0.5 * np.exp(0.6 * taste))
    person = np.repeat(np.arange(n), orders)
    baskets = np.round(5000 * np.exp(taste[person] + rng.normal(0.0, 0.2, len(person)))) + extra
    revenue = np.bincount(person, baskets, n)
    sums = ArmSums(
        arm="treated" if arm == "treated" else "control",
        n_people=n,
        n_repeat=int((orders > 0).sum()),
        n_orders=int(orders.sum()),
        revenue_minor=int(revenue.sum()),
        revenue_squared=float((revenue**2).sum()),
        orders_squared=float((orders.astype(float) ** 2).sum()),
        revenue_orders=float((revenue * orders).sum()),
    )
    return sums, float(baskets.var(ddof=1) / len(baskets))


def test_s2_57_aov_and_clv_intervals_cover_the_truth_where_a_person_orders_often() -> None:
    """500 worlds of 1,500 against 700 people. AOV differs by 300 and CLV by 300 times orders per person.

    Taking orders for independent would cover the AOV's difference in clearly fewer than 95 of 100 worlds.
    """
    rng = np.random.default_rng(57)
    n_worlds, extra = 500, 300.0
    orders_per_person = 0.5 * np.exp(0.6**2 * 0.5**2 / 2)
    hits = {"aov": 0, "clv": 0, "naive": 0}
    for _ in range(n_worlds):
        (treated, naive), (control, other) = clustered(rng, "treated", 1_500, extra), clustered(rng, "control", 700)
        report = lift(treated, control)
        aov, clv = report.aov_difference_minor, report.revenue_difference_minor
        assert isinstance(aov, Interval) and isinstance(clv, Interval)
        assert "Deng et al. 2018" in aov.method and "Welch" in clv.method
        hits["aov"] += aov.low <= extra <= aov.high
        hits["clv"] += clv.low <= extra * orders_per_person <= clv.high
        hits["naive"] += abs(aov.estimate - extra) <= 1.96 * np.sqrt(naive + other)
    shares = {name: count / n_worlds for name, count in hits.items()}
    assert 0.92 <= shares["aov"] <= 0.98, shares
    assert 0.92 <= shares["clv"] <= 0.98, shares
    assert shares["naive"] < 0.92, shares
