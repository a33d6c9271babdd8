"""A day chosen together: people, steps and channels become decisions with caps, grants and money."""

import numpy as np

from eval.gym.catalogue import Ints
from eval.scoreboard.choosing import Room, Wanted, chosen_together, planned_choice
from eval.scoreboard.options import Option
from tools.allocation import Options

EMAIL, SMS = 0, 1


def an_option(step: str, channel: int = EMAIL, cost: float = 1.0, message_class: str = "promotional") -> Option:
    return Option(step, 1, 0, "discount_offer", message_class, channel, "", cost, cost, only_away=False)


def wanted(option: Option, who: list[int], net: list[float]) -> Wanted:
    return Wanted(option, np.array(who), np.array(net))


def room(n: int, slots: int = 1, budget: int = 10**6) -> Room:
    return Room({name: np.full(n, slots) for name in ("service", "promotional", "transactional")}, {}, budget)


def plan(options: Options, budget_millis: int) -> Ints:
    return planned_choice(options, budget_millis).option


def test_channels_of_a_step_are_one_decision_and_caps_count_over_steps() -> None:
    offered = [
        wanted(an_option("a", EMAIL), [2, 0], [5.0, 4.0]),
        wanted(an_option("a", SMS), [0, 1], [6.0, 1.0]),
        wanted(an_option("b", EMAIL), [0, 1], [7.0, -1.0]),
    ]
    found = [(option.step, option.channel, who.tolist()) for option, who in chosen_together(offered, room(3), plan)]
    assert found == [("a", EMAIL, [2]), ("a", SMS, [1]), ("b", EMAIL, [0])]
    both = [who.tolist() for _, who in chosen_together(offered, room(3, slots=2), plan)]
    assert both == [[2], [0, 1], [0]]


def test_what_is_barred_is_never_chosen_and_money_is_kept() -> None:
    offered = [wanted(an_option("a"), [0, 1, 2], [9.0, -np.inf, 8.0])]
    assert [who.tolist() for _, who in chosen_together(offered, room(3), plan)] == [[0, 2]]
    assert [who.tolist() for _, who in chosen_together(offered, room(3, budget=1_500), plan)] == [[0]]


def test_nobody_to_choose_for_is_nothing_chosen() -> None:
    assert chosen_together([wanted(an_option("a"), [], [])], room(1), plan) == []
