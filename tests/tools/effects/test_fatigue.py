import numpy as np
import pytest

from memory.domain.errors import InvalidInput
from memory.domain.fatigue import Fatigue
from tools.effects.fatigue import LOADS, DoseLog, assumed_fatigue, learn_fatigue
from tools.risk.leaving import PRIOR_RATE


def dose(
    n: int, rates: tuple[float, ...], *, background: float = 0.0, sent_rate: float = 0.9, seed: int = 1
) -> DoseLog:
    """A log in which each band of load loses so many of those sent to."""
    rng = np.random.default_rng(seed)
    band = rng.integers(0, len(LOADS), n)
    is_sent = rng.random(n) < sent_rate
    left = rng.random(n) < background + np.where(is_sent, np.array(rates)[band], 0.0)
    chance = np.where(is_sent, sent_rate, 1 - sent_rate)
    return DoseLog(np.array(LOADS)[band], np.zeros(n, dtype=bool), is_sent, left, chance)


def rates_of(found: Fatigue, *, at_risk: bool = False) -> list[float]:
    return [cell.rate for cell in found.cells if cell.is_at_risk == at_risk]


def test_s2_68_assumed_leaving_rises_with_the_load_and_starts_at_the_ordinary_rate() -> None:
    calm = rates_of(assumed_fatigue())
    assert calm[0] == pytest.approx(PRIOR_RATE)
    assert calm == sorted(calm)
    assert assumed_fatigue().label.startswith("assumption:")


def test_s2_64_people_at_risk_are_taken_to_leave_sooner() -> None:
    found = assumed_fatigue()
    assert all(risky > calm for risky, calm in zip(rates_of(found, at_risk=True), rates_of(found), strict=True))


def test_s2_68_leaving_by_load_is_learned_from_dose_and_chance() -> None:
    truth = (0.002, 0.004, 0.01, 0.03)
    found = learn_fatigue(dose(200_000, truth, background=0.005), "learned:1")
    assert rates_of(found) == pytest.approx(truth, rel=0.12, abs=0.0015)
    assert all(cell.low < cell.rate < cell.high for cell in found.cells)
    assert found.label == "learned:1"


def test_people_who_leave_anyway_are_not_laid_to_messages() -> None:
    found = learn_fatigue(dose(200_000, (0.0, 0.0, 0.0, 0.0), background=0.01), "learned:1")
    assert max(rates_of(found)) < 0.0015


def test_thin_data_stay_near_what_is_assumed() -> None:
    found = learn_fatigue(dose(40, (0.1, 0.1, 0.1, 0.1)), "learned:1")
    assert max(rates_of(found)) < 0.012
    assert rates_of(found, at_risk=True) == rates_of(assumed_fatigue(), at_risk=True)


def test_rates_never_fall_with_the_load() -> None:
    found = rates_of(learn_fatigue(dose(100_000, (0.02, 0.001, 0.01, 0.001)), "learned:1"))
    assert found == sorted(found)


def test_nothing_sent_leaves_the_assumption() -> None:
    assert learn_fatigue(dose(100, (0.0, 0.0, 0.0, 0.0), sent_rate=1e-9), "learned:1") == assumed_fatigue()


def test_a_log_of_uneven_columns_is_refused() -> None:
    log = dose(10, (0.0, 0.0, 0.0, 0.0))
    with pytest.raises(InvalidInput, match="differ in length"):
        DoseLog(log.load[:5], log.is_at_risk, log.is_sent, log.has_left, log.propensity).check()
