"""The change that an explanation names flips every sampled decision."""

import pytest

from eval.why import measure

pytestmark = pytest.mark.slow


def test_s2_23_every_sampled_decision_flips_by_the_change_that_is_named() -> None:
    found = measure(300, seed=3)
    assert found.n_decisions == 300
    assert found.flipped.estimate == 1.0
    assert found.n_whole == 10
    assert found.flipped_whole.estimate == 1.0
