"""S1-33: who recommends, beside people like them or beside who was withheld at random, with interval, n and window."""

from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from memory.domain.loyalty import TierRule
from memory.domain.outcome import NotEstimable
from memory.store.assignments import ARMS_SCHEMA
from tests.factories.facts import AS_OF, SHOP, Facts, ago
from tests.tools.loyalty.programme import tiers
from tools.metrics.belonging import (
    NOT_CAUSAL,
    RANDOMISED,
    ReferralDifference,
    matched_difference,
    randomised_difference,
)

pytestmark = pytest.mark.slow
PERIOD = (ago(120), ago(60))
WINDOW = (ago(60), ago(30))


@pytest.fixture
def facts() -> Facts:
    """40 joined and 80 others with one order, 10 others with three; 20 joined and 20 others recommended.

    Of those with three orders all recommended: they are like nobody who joined.
    """
    found = Facts()
    for number in range(130):
        name = f"p{number:03d}"
        for day in range(3 if number >= 120 else 1):
            found.order(name, ago(200 + day))
        if number < 40:
            found.add("community_memberships", ago(90), subject_id=name, community_id="c", is_member=True)
        if number < 20 or 40 <= number < 60 or number >= 120:
            found.referral(name, f"f{number}", ago(50))
    return found


def read(
    facts: Facts, root: Path, within_days: int = 30, rule: TierRule | None = None
) -> ReferralDifference | NotEstimable:
    with facts.open(root) as view:
        told = view.table("community_memberships")
        joined = told.group_by("person_id").agg(joined_at=told.event_at.min())
        return matched_difference(view, SHOP, joined, rule, PERIOD, within_days, AS_OF)


def test_s1_33_people_are_compared_with_people_like_them_and_it_is_called_no_effect(
    facts: Facts, tmp_path: Path
) -> None:
    found = read(facts, tmp_path)
    assert isinstance(found, ReferralDifference)
    assert (found.kind, found.label, found.n, found.n_others, found.n_left_out) == ("matched", NOT_CAUSAL, 40, 80, 0)
    assert (found.rate, found.others_rate) == (0.5, 0.25)
    assert found.difference_pp.estimate == pytest.approx(25.0)
    assert found.difference_pp.low < 25 < found.difference_pp.high
    assert found.difference_pp.low == pytest.approx(25 - 196 * (0.25 / 40 + 0.1875 / 80) ** 0.5, abs=0.4)
    assert (found.window_begins_at, found.window_ends_at) == WINDOW


def test_s1_33_who_is_like_nobody_is_counted_and_left_out(facts: Facts, tmp_path: Path) -> None:
    for day in range(2):
        facts.order("p000", ago(180 + day))
        facts.order("p001", ago(300))  # first bought in a month of its own
    found = read(facts, tmp_path)
    assert isinstance(found, ReferralDifference)
    assert (found.n, found.n_left_out) == (39, 1)


def test_s1_33_people_of_one_tier_are_compared_with_people_of_that_tier(facts: Facts, tmp_path: Path) -> None:
    for number in range(8):
        facts.add("memberships", ago(150), subject_id=f"p{number:03d}", is_member=True)
    found = read(facts, tmp_path, rule=TierRule(tiers=tiers()))
    assert isinstance(found, ReferralDifference)
    assert (found.n, found.n_left_out, found.rate) == (32, 8, 12 / 32)


def test_s1_33_joining_or_ordering_later_moves_nobody(facts: Facts, tmp_path: Path) -> None:
    """Who joins after the period stays among the others, and orders within it make nobody alike."""
    facts.add("community_memberships", ago(40), subject_id="p050", community_id="c", is_member=True)
    facts.order("p000", ago(80))
    found = read(facts, tmp_path)
    assert isinstance(found, ReferralDifference) and (found.n, found.n_others) == (40, 80)


def test_s1_33_a_window_that_is_open_or_a_group_that_is_small_has_no_figure(facts: Facts, tmp_path: Path) -> None:
    still = read(facts, tmp_path / "open", 61)
    assert isinstance(still, NotEstimable) and still.code == "window_open"
    del facts.rows["community_memberships"][29:]
    few = read(facts, tmp_path / "few")
    assert isinstance(few, NotEstimable) and few.code == "too_few_people"


def test_s1_33_a_random_control_counts_everybody_drawn(facts: Facts, tmp_path: Path) -> None:
    """p000 to p059 are invited (40 of them recommended), p060 to p099 withheld; one has records of both arms."""
    drawn = [
        {"person_id": f"p{number:03d}", "cohort": "vip", "arm": "treated" if number < 60 else "control"}
        for number in range(100)
    ]
    twice = [{"person_id": "old", "cohort": "vip", "arm": "control"}]
    arms = pa.Table.from_pylist(drawn + twice, ARMS_SCHEMA)
    with facts.open(tmp_path, (("old", "p000"),)) as view:
        found = randomised_difference(view, SHOP, arms, WINDOW, AS_OF)
        still = randomised_difference(view, SHOP, arms, (ago(60), AS_OF + timedelta(days=1)), AS_OF)
    assert isinstance(found, ReferralDifference) and isinstance(still, NotEstimable)
    assert (found.kind, found.label, found.n, found.n_others) == ("randomised", RANDOMISED, 59, 40)
    assert found.rate == pytest.approx(39 / 59) and found.others_rate == 0.0
    assert 0 < found.difference_pp.low < found.difference_pp.estimate < found.difference_pp.high
