"""Calibration: habits are counted alike for all sets, and the gym's lie between or close to those of real shops."""

from pathlib import Path

import numpy as np
import pytest

from eval.gym import calibration
from eval.gym.calibration import Habits, by_day, habits, main, of_gym, of_real
from eval.gym.history import order_history
from eval.gym.people import make_people
from eval.gym.shelves import make_catalogue

DATA = Path(__file__).parents[4] / "shared" / "data"
BACK = {30: (0.174, 0.195), 90: (0.274, 0.291), 180: (0.376, 0.379), 273: (0.426, 0.426)}
"""Lowest and highest of CDNOW and of Online Retail II's peak of 2010, as `of_real` measures them."""
COUNTS = ((0.621, 0.624), (0.187, 0.207), (0.084, 0.095), (0.030, 0.039), (0.047, 0.066))
GAPS = ((9, 13), (24, 24), (55, 60))
SPREAD, TOP = (1.12, 1.57), (6.74, 7.95)


@pytest.fixture(scope="module")
def gym() -> tuple[Habits, ...]:
    people, goods = make_people(20251202, 20_000), make_catalogue(20251202)
    return of_gym(people, order_history(20251202, people, goods))


def beyond(value: float | None, low: float, high: float) -> float:
    assert value is not None
    return max(low - value, value - high, 0.0)


def far_off(found: Habits) -> list[float]:
    """Give by how much each share back lies outside what real shops have."""
    return [beyond(value, *BACK[within]) for value, within in zip(found.back, BACK, strict=True)]


def test_people_come_back_as_those_of_real_shops_do(gym: tuple[Habits, ...]) -> None:
    assert max(far_off(gym[0])) < 0.025
    assert all(beyond(value, *band) < 0.02 for value, band in zip(gym[0].counts, COUNTS, strict=True))
    assert all(beyond(value, *band) <= 4 for value, band in zip(gym[0].gaps, GAPS, strict=True))


def test_the_rates_of_before_the_fit_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    from eval.gym import people as laws

    monkeypatch.setattr(laws, "DAILY_RATE", laws.DAILY_RATE * 0.6)
    people, goods = make_people(7, 6_000), make_catalogue(7)
    assert max(far_off(of_gym(people, order_history(7, people, goods))[0])) > 0.05


def test_new_buyers_of_the_peak_come_back_less_than_others(gym: tuple[Habits, ...]) -> None:
    _, peak, ordinary = gym
    for here, elsewhere in zip(peak.back, ordinary.back, strict=True):
        assert here is not None and elsewhere is not None
        assert here < 0.85 * elsewhere


def test_baskets_are_as_unequal_as_real_ones(gym: tuple[Habits, ...]) -> None:
    assert beyond(gym[0].spread, *SPREAD) < 0.15
    assert beyond(gym[0].baskets[-1], *TOP) < 1.5


def test_habits_of_a_few_people_are_counted_by_hand() -> None:
    person = np.array([0, 0, 0, 1, 1, 2, 3])
    day = np.array([0, 0, 20, 10, 300, 5, 400])
    money = np.array([1.0, 2.0, 5.0, 4.0, 4.0, 8.0, 6.0])
    bought = by_day(person, day, money)
    assert bought.money.tolist() == [3.0, 5.0, 4.0, 4.0, 8.0, 6.0]
    found = habits("few", bought, np.array([True, True, True, True]))
    assert found.back == (1 / 3, 1 / 3, 1 / 3, 1 / 3)
    assert found.counts == (2 / 3, 1 / 3, 0.0, 0.0, 0.0)
    assert found.gaps == (20.0, 20.0, 20.0)


def test_without_data_the_gym_stands_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--customers", "1500", "--seed", "7"]) == 0
    told = capsys.readouterr().out
    assert told.count("the gym") == 9 and "CDNOW" not in told


@pytest.mark.shared_data
def test_the_bands_are_those_of_the_real_sets() -> None:
    if not (DATA / calibration.RETAIL).is_file():
        pytest.skip("the real tables are not in ../shared/data")
    peak, _, cdnow = of_real(DATA)
    for place, (low, high) in enumerate(BACK.values()):
        known = [one.back[place] for one in (peak, cdnow) if one.back[place] is not None]
        assert (round(min(known), 3), round(max(known), 3)) == (low, high)  # type: ignore[type-var, arg-type]
    assert peak.n_people == 401 and cdnow.n_people == 2_357
