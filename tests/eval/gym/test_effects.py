"""Money off: it moves some people more than others, deeper cuts move all of them more, and they cost more."""

import numpy as np
import pyarrow as pa
import pytest

from eval.gym.effects import SENT_ROWS, USUAL_DEPTH, Attention, appeal
from eval.gym.people import LATENT, make_people
from eval.gym.reactions import Terms, depths


def test_deeper_discounts_raise_the_chance_of_everybody_ever_less() -> None:
    people = make_people(7, 400)
    everyone = np.arange(people.n)
    found = np.array([appeal(people, everyone, depth) for depth in (0.02, 0.05, 0.1, 0.2, 0.4)])
    assert (np.diff(found, axis=0) > 0).all()
    assert (np.diff(found, axis=0)[-1] / 0.2 < np.diff(found, axis=0)[0] / 0.03).all()


def test_people_differ_in_how_much_money_moves_them_and_hunters_most() -> None:
    people = make_people(7, 20_000)
    at_usual = appeal(people, np.arange(people.n), USUAL_DEPTH)
    assert at_usual.mean() == pytest.approx(1.0, abs=0.05)
    assert np.quantile(at_usual, 0.9) > 1.5 * np.quantile(at_usual, 0.1)
    means = [at_usual[people.latent == place].mean() for place in range(len(LATENT))]
    assert max(means) == means[LATENT.index("bargain")] and min(means) == means[LATENT.index("loyal")]


def test_messages_without_money_off_move_everybody_as_their_kind_says() -> None:
    people = make_people(7, 50)
    assert (appeal(people, np.arange(people.n), 0.0) == 1.0).all()


def test_a_deeper_offer_lifts_more_and_takes_more_off() -> None:
    people = make_people(7, 300)
    terms = {name: Terms(rate, 0, 0, ships_free=False) for name, rate in (("small", 0.05), ("deep", 0.3))}
    lifts = {}
    for name in terms:
        attention = Attention(people, depths(terms))
        attention.read(discount(people.n, name))
        lifts[name] = attention.lift
    assert (lifts["deep"] > lifts["small"]).all()
    assert depths(terms) == {"small": 0.05, "deep": 0.3}
    assert Terms(0.0, 650, 3_000, ships_free=False).depth == pytest.approx(0.1)


def discount(n: int, offer: str) -> pa.Table:
    return pa.table(
        [np.arange(n), np.zeros(n, dtype=np.int64), ["discount_offer"] * n, ["email"] * n, ["first_time"] * n,
         [offer] * n, [""] * n],
        schema=SENT_ROWS,
    )  # fmt: skip
