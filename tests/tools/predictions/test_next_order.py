"""When the next order is due: the wait of BG/NBD while somebody still buys."""

from datetime import UTC, date, datetime

import numpy as np
import pytest

from tools.predictions.bgnbd import Types
from tools.predictions.next_order import next_order, wait_weeks

CDNOW = np.array([0.243, 4.414, 0.793, 2.426])
AS_OF = datetime(2026, 11, 27, tzinfo=UTC)


def types(x: float, recency: float, age: float) -> Types:
    return Types(*(np.array([value]) for value in (x, recency, age, 1.0)))


@pytest.mark.parametrize("share", [0.25, 0.5, 0.75])
def test_so_many_of_simulated_buyers_have_ordered_by_then(share: float) -> None:
    """People of one history that still buy: rates drawn from their gamma, waits from the rates."""
    rng = np.random.default_rng(3)
    x, age = 4.0, 30.0
    rate = rng.gamma(CDNOW[0] + x, 1 / (CDNOW[1] + age), 200_000)
    waits = rng.exponential(1 / rate)
    weeks = float(wait_weeks(CDNOW, types(x, 28.0, age), share)[0])
    assert np.mean(waits <= weeks) == pytest.approx(share, abs=0.005)


def test_who_buys_often_is_due_sooner_and_the_quarters_are_in_order() -> None:
    both = Types(*(np.array(pair) for pair in ((9.0, 2.0), (30.0, 30.0), (32.0, 32.0), (1.0, 1.0))))
    found = next_order(CDNOW, both, np.array([0, 1, 0]), AS_OF)
    often, seldom, same = found.on.to_pylist()
    assert often == same < seldom
    assert date(2026, 11, 27) < found.early_on[0].as_py() < often < found.late_on[0].as_py()


def test_a_wait_beyond_two_years_has_no_date() -> None:
    once = next_order(CDNOW, types(0.0, 0.0, 40.0), np.array([0]), AS_OF)
    assert once.on.to_pylist() == [None]
    assert once.late_on.to_pylist() == [None]
