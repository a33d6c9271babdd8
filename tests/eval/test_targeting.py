"""Plans from learned effects in a few small worlds of known truth; `python -m eval.targeting` runs the full set."""

import numpy as np
import pytest

from eval.targeting import TargetingReport, main, measure, world_of
from memory.domain.errors import InvalidInput

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def found() -> TargetingReport:
    """Four worlds of one message."""
    return measure(n_worlds=4, n_rows=15_000)


def test_small_logs_plan_better_than_nothing_and_claim_what_comes(found: TargetingReport) -> None:
    assert found.realised_share > 0.45
    assert found.n_below_floor == 0
    assert found.learners == {"ridge": 4}
    assert found.claimed_over_realised.low < 1.0 < found.claimed_over_realised.high
    assert found.covered.estimate > 0.6


def test_a_deeper_discount_does_more_in_the_invented_law() -> None:
    law = world_of(0, "discounts")
    told = law.chances(np.random.default_rng(1).standard_normal((20_000, 20))).mean(axis=0)
    assert (np.diff(told) > 0).all()


def test_discounts_are_planned_too() -> None:
    found = measure(n_worlds=2, n_rows=8_000, kind="discounts")
    assert 0 < found.realised_share <= 1


def test_missed_goals_are_named(found: TargetingReport) -> None:
    worse = found.model_copy(update={"n_rows": 1_000_000, "n_below_floor": 1})
    assert worse.misses() == ("share below 90%", "below the floor")


def test_claims_are_judged_from_fifty_worlds_on(found: TargetingReport) -> None:
    wrong = found.model_copy(update={"covered": found.covered.model_copy(update={"estimate": 0.5})})
    assert "coverage" in wrong.model_copy(update={"n_worlds": 50}).misses()
    assert "coverage" not in wrong.misses()


def test_one_world_has_no_spread() -> None:
    with pytest.raises(InvalidInput, match="two or more"):
        measure(n_worlds=1, n_rows=2_000)


def test_the_command_says_a_line_per_size_and_ends_by_what_misses(capsys: pytest.CaptureFixture[str]) -> None:
    missed = main(["--rows", "1000", "2000", "--worlds", "2", "2", "--floor"])
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[0] for line in lines] == ["message", "message"]
    assert bool(missed) == any("misses: " in line for line in lines)
