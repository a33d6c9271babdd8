import pytest

from memory.domain.outcome import NotEstimable
from tools.metrics.interval import mean, too_few, wilson


def test_wilson_gives_the_published_interval() -> None:
    found = wilson(81, 263)  # Newcombe 1998, Statistics in Medicine 17, table I: 0.2553 to 0.3662
    assert found.low == pytest.approx(0.2553, abs=5e-5)
    assert found.high == pytest.approx(0.3662, abs=5e-5)


def test_wilson_keeps_its_ends() -> None:
    assert wilson(0, 20).low == 0.0
    assert wilson(20, 20).high == 1.0


def test_mean_is_that_of_a_small_sample_by_hand() -> None:
    found = mean(4, 10.0, 30.0)  # 1, 2, 3, 4: variance 5/3
    assert found.estimate == 2.5
    assert found.high - 2.5 == pytest.approx(1.959964 * (5 / 3 / 4) ** 0.5)


def test_too_few_says_how_many() -> None:
    assert too_few(30, "people") is None
    refusal = too_few(29, "people")
    assert isinstance(refusal, NotEstimable)
    assert "29 people" in refusal.message
