import numpy as np

from tools.effects.monotone import ladders, monotone

from .logs import treatment


def test_effects_rise_with_the_discount_whatever_the_order_of_arms() -> None:
    treatments = [treatment(ladder="d", discount_rate=rate) for rate in (0.2, 0.1, 0.3)]
    effect = np.array([[0.5, 0.1, 0.3], [0.2, 0.4, 0.1]])
    held = monotone(effect, np.ones((2, 3)), treatments)
    assert np.allclose(held[0], [0.4, 0.1, 0.4])
    assert np.allclose(held[1], [0.7 / 3, 0.7 / 3, 0.7 / 3])
    assert (np.diff(held[:, [1, 0, 2]], axis=1) >= -1e-12).all()


def test_what_obeys_already_is_left_alone() -> None:
    treatments = [treatment(ladder="d", discount_rate=rate) for rate in (0.1, 0.2)]
    effect = np.array([[0.1, 0.2]])
    assert np.allclose(monotone(effect, np.ones((1, 2)), treatments), effect)


def test_the_surer_of_two_moves_less() -> None:
    treatments = [treatment(ladder="d", discount_rate=rate) for rate in (0.1, 0.2)]
    held = monotone(np.array([[0.4, 0.1]]), np.array([[0.01, 0.09]]), treatments)
    assert np.allclose(held, 0.37)


def test_arms_of_no_ladder_and_of_others_do_not_hold_each_other() -> None:
    treatments = [treatment(), treatment(ladder="a", discount_rate=0.1), treatment(ladder="b", discount_rate=0.2)]
    assert ladders(treatments) == []
    effect = np.array([[0.3, 0.2, 0.1]])
    assert (monotone(effect, np.ones((1, 3)), treatments) == effect).all()
