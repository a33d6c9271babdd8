"""What channels and hours bring more: known truths come back, noise is drawn away, too little is refused."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from memory.domain.experiment import Interval
from memory.domain.outcome import NotEstimable
from memory.domain.response import Response
from tools.timing.response import PRIOR_LABEL, best_hours, contrast, draw_together, responses
from tools.timing.response_log import WITHIN_DAYS

pytestmark = pytest.mark.slow

COHORTS = ("vip", "first_time", "discount_sensitive")
CHOICES = [0, 1, 3]


def of_hours(n: int, seed: int, rate: float, more: Callable[[str, int], float], best: int = 0) -> pa.Table:
    """Messages whose hour was drawn: `rate` evenly among the planned hour, 1 and 3, the others at `best`."""
    rng = np.random.default_rng(seed)
    cohort = rng.integers(0, len(COHORTS), n)
    number = np.where(rng.random(n) < rate, rng.choice(CHOICES, n), best)
    extra = np.array([[more(name, hour) for hour in range(4)] for name in COHORTS])
    has_order = rng.random(n) < 0.04 + 0.02 * cohort + extra[cohort, number]
    return pa.table(
        {
            "person_id": [f"p{each}" for each in rng.integers(0, n, n)],
            "cohort": [COHORTS[each] for each in cohort],
            "channel": ["email"] * n,
            "first_channel": ["email"] * n,
            "channels": pa.array([["email"]] * n, pa.list_(pa.string())),
            "propensity": np.ones(n),
            "hour_no": pa.array(number.astype(np.int32)),
            "hour_propensity": rate / 3 + (1 - rate) * (number == best),
            "hour_choices": pa.array([CHOICES] * n, pa.list_(pa.int32())),
            "has_order": has_order,
        }
    )


def of_channels(n: int, seed: int, more: float) -> pa.Table:
    """Keen people mostly get a mail, the others mostly a push: without weights the mail looks better than it is."""
    rng = np.random.default_rng(seed)
    is_keen = rng.random(n) < 0.5
    mail_chance = np.where(is_keen, 0.9, 0.1)
    is_mail = rng.random(n) < mail_chance
    has_order = rng.random(n) < np.where(is_keen, 0.2, 0.05) + np.where(is_mail, 0.0, more)
    channels = pa.array([["email", "push"]] * n, pa.list_(pa.string()))
    return pa.table(
        {
            "person_id": [f"p{each}" for each in range(n)], "cohort": ["vip"] * n,
            "channel": np.where(is_mail, "email", "push"), "first_channel": ["email"] * n, "channels": channels,
            "propensity": np.where(is_mail, mail_chance, 1 - mail_chance), "hour_no": pa.nulls(n, pa.int32()),
            "hour_propensity": pa.nulls(n, pa.float64()), "hour_choices": pa.nulls(n, pa.list_(pa.int32())),
            "has_order": has_order,
        }
    )  # fmt: skip


def evening(_: str, hour: int) -> float:
    return 0.04 if hour == 3 else 0.0


def read(one: Any) -> Interval:
    assert isinstance(one, Interval), one
    return one


def test_a_better_evening_comes_back_for_every_cohort_and_the_noon_that_changes_nothing_does_not() -> None:
    found = {(one.cohort, one.hour_no): one for one in responses(of_hours(60_000, 1, 0.5, evening))}
    assert set(found) == {(cohort, hour) for cohort in COHORTS for hour in (1, 3)}
    for (_, hour), one in found.items():
        assert one.is_sure == (hour == 3)
        assert read(one.difference).low <= (0.04 if hour == 3 else 0.0) <= read(one.difference).high
    assert best_hours(found.values()) == {f"{cohort}:email": 3 for cohort in COHORTS}


def test_a_best_hour_that_most_messages_take_is_still_measured_against_the_planned_one() -> None:
    found = responses(of_hours(60_000, 2, 0.3, evening, best=3))
    for one in (each for each in found if each.hour_no == 3):
        assert read(one.difference).estimate == pytest.approx(0.04, abs=0.015)


def test_intervals_of_a_contrast_hold_the_truth_about_as_often_as_they_say() -> None:
    rows = [responses(of_hours(4_000, seed, 0.8, evening)) for seed in range(60)]
    held = [
        own.low <= evening(one.cohort, one.hour_no) <= own.high
        for each in rows
        for one in each
        if isinstance(own := one.difference, Interval)
    ]
    assert len(held) > 300
    assert 0.92 <= np.mean(held) <= 0.98


def test_where_hours_change_nothing_hardly_any_is_called_sure() -> None:
    rows = [one for seed in range(60) for one in responses(of_hours(4_000, seed, 0.8, lambda *_: 0.0))]
    assert np.mean([one.is_sure for one in rows]) < 0.03


def test_a_channel_is_judged_by_inverse_propensity_where_plain_shares_mislead() -> None:
    rows = of_channels(40_000, 3, 0.03)
    [one] = responses(rows)
    assert (one.channel, one.against, one.hour_no) == ("push", "email", 0)
    assert read(one.difference).estimate == pytest.approx(0.03, abs=0.012)
    has_order, is_push = rows["has_order"].to_numpy(), rows["channel"].to_numpy() == "push"
    plain = has_order[is_push].mean() - has_order[~is_push].mean()
    assert plain < -0.05, "the planted bug: without weights push looks worse"


def test_a_channel_that_had_no_chance_in_a_decision_takes_no_part_in_it() -> None:
    rows = of_channels(4_000, 4, 0.0)
    alone = pa.array([["email"]] * 4_000, pa.list_(pa.string()))
    sure = rows.set_column(rows.schema.get_field_index("channels"), "channels", alone)
    assert responses(sure.filter(pa.array(rows["channel"].to_numpy() == "email"))) == ()


def test_messages_to_the_same_people_are_no_new_evidence() -> None:
    rng = np.random.default_rng(5)
    other, ordered, people = rng.random(4_000) < 0.5, rng.random(4_000) < 0.1, np.arange(4_000)
    one = read(contrast(other, ordered, np.full(4_000, 2.0), people))
    three = [np.tile(each, 3) for each in (other, ordered, np.full(4_000, 2.0), people)]
    again = read(contrast(three[0], three[1], three[2], three[3]))
    assert (one.estimate, one.low) == pytest.approx((again.estimate, again.low))


@pytest.mark.parametrize(("n", "n_orders", "code"), [(300, 30, "low_ess"), (900, 9, "too_few_buyers"), (900, 60, None)])
def test_too_few_messages_or_orders_say_nothing(n: int, n_orders: int, code: str | None) -> None:
    other = np.arange(n) % 2 == 0
    ordered = np.arange(n) < n_orders
    found = contrast(other, ordered, np.ones(n), np.arange(n))
    assert (found.code if isinstance(found, NotEstimable) else None) == code
    few = responses(of_hours(300, 6, 0.5, evening))
    assert {one.difference.kind for one in few} == {one.shrunk.kind for one in few} == {"not_estimable"}
    assert best_hours(few) == {}


def test_cohorts_are_drawn_together_and_towards_no_difference() -> None:
    errors = np.array([0.004, 0.004, 0.004])
    apart = draw_together(np.array([0.012, 0.0, 0.006]), errors)
    assert 0.0 < apart.effects[1] < apart.effects[2] < apart.effects[0] < 0.012
    assert (apart.errors < errors).all()
    alone = draw_together(np.array([0.012]), np.array([0.004]))
    assert 0.0 < alone.effects[0] < 0.012, "a single cohort is drawn towards no difference, too"
    strong = draw_together(np.array([0.05]), np.array([0.0005]))
    assert strong.effects[0] == pytest.approx(0.05, rel=0.02)
    noisy = draw_together(np.array([0.05]), np.array([0.1]))
    assert abs(noisy.effects[0]) < 0.01


def test_only_a_surely_better_hour_is_best_and_the_prior_has_a_name() -> None:
    def one(hour: int, low: float, high: float) -> Response:
        told = Interval(estimate=(low + high) / 2, low=low, high=high, method="test")
        return Response(cohort="vip", channel="email", against="", hour_no=hour, n=1, difference=told, shrunk=told)

    assert best_hours([one(1, -0.01, 0.05), one(2, -0.03, -0.01)]) == {}
    assert best_hours([one(1, 0.01, 0.02), one(2, 0.01, 0.05), one(3, -0.01, 0.3)]) == {"vip:email": 2}
    [drawn, *_] = responses(of_hours(20_000, 7, 0.5, evening))
    assert PRIOR_LABEL in read(drawn.shrunk).method
    assert WITHIN_DAYS == 7
