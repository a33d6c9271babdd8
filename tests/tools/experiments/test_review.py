"""The review's rules, one by one, and their order."""

from collections.abc import Mapping

import pytest

from memory.domain.experiment import Estimate, Interval
from memory.domain.outcome import NotEstimable
from memory.domain.review import CohortHealth
from tools.experiments.review import propose

EARLY: Estimate = NotEstimable(code="too_few_buyers", message="Too few.")


def health(of: str = "", counts: Mapping[str, int] | None = None, **more: int) -> CohortHealth:
    given = {"n_sent": 1_000, "n_delivered": 990, "n_bounced": 0, "n_complained": 0, "n_left": 0}
    return CohortHealth(cohort=of, **{**given, **(counts or {}), **more})


def lift(low: float, high: float) -> Interval:
    return Interval(estimate=(low + high) / 2, low=low, high=high, method="test")


def test_a_plan_that_breaks_nothing_goes_on_though_nothing_can_be_read_yet() -> None:
    assert propose((health(), health("vip")), 0, EARLY, 1_000, 1_000).proposal == "continue"


@pytest.mark.parametrize(
    ("counts", "leaked", "found", "spent", "expected"),
    [
        ({}, 1, EARLY, 0, ("stop", "withheld_people_messaged")),
        ({"n_complained": 4}, 0, EARLY, 0, ("stop", "complaints")),
        ({}, 0, lift(-4, -1), 0, ("stop", "lift_below_zero")),
        ({"n_bounced": 31}, 0, EARLY, 0, ("reduce", "bounces")),
        ({"n_left": 21}, 0, EARLY, 0, ("reduce", "unsubscribes")),
        ({}, 0, lift(-4, 1), 1_101, ("reduce", "overspent")),
        ({"n_complained": 3, "n_bounced": 30, "n_left": 20}, 0, lift(-4, 0.1), 1_100, ("continue", "none_broken")),
        ({"n_bounced": 31, "n_complained": 4}, 2, lift(-4, -1), 9_999, ("stop", "withheld_people_messaged")),
    ],
)
def test_each_rule_breaks_at_its_bound(
    counts: dict[str, int], leaked: int, found: Estimate, spent: int, expected: tuple[str, str]
) -> None:
    judged = propose((health(counts=counts),), leaked, found, spent, 1_000)
    assert (judged.proposal, judged.rule) == expected


def test_harm_in_one_cohort_reduces_and_is_named() -> None:
    judged = propose((health(n_complained=2), health("vip", n_sent=200, n_complained=2)), 0, EARLY, 0, 0)
    assert judged == ("reduce", "complaints", "2/200", "vip")


def test_few_messages_show_no_harm() -> None:
    assert propose((health(n_sent=49, n_complained=5),), 0, EARLY, 0, 0).proposal == "continue"
