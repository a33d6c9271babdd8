"""Greedy against today's allocation: almost the same where no money is short, less where it is; no rule broken."""

import pytest

from eval.allocation import SETTINGS, Now, Pair, World, compare, measure, spent_freely, world_of
from eval.scoreboard.board import FIRST_SEED
from eval.scoreboard.greedy_choice import greedy_choice

pytestmark = pytest.mark.slow
BY_ID = {setting.id: setting for setting in SETTINGS}


@pytest.fixture(scope="module")
def world() -> World:
    return world_of(FIRST_SEED, 1_000)


def compared(world: World, name: str) -> Pair:
    return compare(world, BY_ID[name], spent_freely(world, BY_ID[name].policy))


def test_where_no_money_is_short_both_net_almost_the_same(world: World) -> None:
    pair = compared(world, "plan, money for all")
    assert pair.n_short == 0
    # grants and caps of an offer may still be short, so single people may differ
    assert abs(pair.before_minor - pair.now_minor) < 0.005 * pair.oracle_minor
    assert pair.n_violations == 0


def test_where_offers_compete_for_little_money_greedy_nets_less(world: World) -> None:
    pair = compared(world, "contest, a tenth")
    assert pair.n_short > 0
    assert pair.before_minor < pair.now_minor <= pair.oracle_minor
    assert pair.n_violations == 0


@pytest.mark.parametrize("name", ["plan", "contest", "known"])
def test_neither_spends_more_than_there_is(world: World, name: str) -> None:
    policy, gifts = world.policy(name)
    now = Now()
    world.lived(policy, gifts, 50, now)
    assert 0 < now.spent_millis <= 50_000
    before = world.lived(policy, gifts, 0, greedy_choice)
    assert before.sends_minor == 0


def test_two_worlds_are_paired_by_seed() -> None:
    [found] = measure((FIRST_SEED, FIRST_SEED + 1), 600, [BY_ID["contest of true values, a tenth"]])
    assert [pair.seed for pair in found.pairs] == [FIRST_SEED, FIRST_SEED + 1]
    total = sum(pair.oracle_minor for pair in found.pairs)
    gain = sum(pair.now_minor - pair.before_minor for pair in found.pairs)
    assert found.gain.estimate == pytest.approx(gain / total)
    assert found.gain.estimate == pytest.approx(found.now.estimate - found.before.estimate)
