"""Precision of the pairing on held-out baskets: a shop whose baskets are pairs, and one whose baskets are chance."""

import random
from pathlib import Path

import pytest

from eval.pairing import PairingReport, measure
from tests.factories.facts import Facts, ago

pytestmark = pytest.mark.slow


def report(folder: Path, paired: bool) -> PairingReport:
    """Six pairs of articles, 40 orders each; the later third is held out. Unpaired, the second article is drawn."""
    rng, facts = random.Random(3), Facts()
    for number in range(240):
        first = number % 6
        second = first if paired else rng.randrange(6)
        lines = [{"sku": f"left{first}"}, {"sku": f"right{second}"}]
        facts.order(f"p{number % 50}", ago(90 - number * 0.25), *lines)
    with facts.open(folder) as view:
        return measure(view, k=1, days=20)


def test_s1_26_paired_baskets_are_foreseen_and_bestsellers_are_not(tmp_path: Path) -> None:
    found = report(tmp_path, paired=True)
    assert found.n_baskets == 80
    assert found.pairing.estimate == found.served_rate == 1.0
    assert found.bestsellers.high < 0.5
    assert found.difference.low > 0


def test_s1_26_in_baskets_of_chance_the_pairing_shows_no_gain(tmp_path: Path) -> None:
    found = report(tmp_path, paired=False)
    assert found.pairing.estimate < 0.5
    assert found.difference.low < 0.25


def test_s1_26_the_figure_is_the_same_again(tmp_path: Path) -> None:
    assert report(tmp_path / "a", paired=True) == report(tmp_path / "b", paired=True)
