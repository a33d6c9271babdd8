import ibis
import numpy as np
import pyarrow as pa
import pytest

from memory.domain.fatigue import Fatigue, FatigueCell
from tools.effects.fatigue import assumed_fatigue
from tools.effects.long_run import long_run_minor, lost_orders

LOADS = np.array([0, 1, 2, 5, 9])
CALM = np.zeros(5, dtype=bool)
ORDER = np.full(5, 4_300.0)


def known(*rates: float) -> Fatigue:
    cells = [
        FatigueCell(load_from=start, is_at_risk=risky, n_sent=1, rate=rate * (1 + risky), low=0.0, high=1.0)
        for risky in (False, True)
        for start, rate in zip((0, 2, 7), rates, strict=True)
    ]
    return Fatigue(label="x", ordinary_rate=0.002, cells=tuple(cells))


def test_s2_68_a_send_pays_for_the_orders_it_loses_beyond_the_ordinary() -> None:
    costs = long_run_minor(known(0.002, 0.012, 0.022), LOADS, CALM, ORDER)
    assert costs.tolist() == [0, 0, 43, 43, 86]


def test_s2_64_people_at_risk_cost_more_to_send_to() -> None:
    calm, risky = (long_run_minor(assumed_fatigue(), LOADS, flags, ORDER) for flags in (CALM, ~CALM))
    assert (risky > calm).all()


def test_fewer_lost_than_usual_earns_nothing() -> None:
    assert long_run_minor(known(0.0, 0.001, 0.0015), LOADS, CALM, ORDER).tolist() == [0] * 5


@pytest.mark.parametrize("is_at_risk", [False, True])
def test_the_expression_says_what_the_arrays_say(is_at_risk: bool) -> None:
    rows = ibis.memtable(pa.table({"load": LOADS, "risk": np.full(5, is_at_risk)}))
    found = known(0.002, 0.012, 0.022)
    told = rows.select(lost=lost_orders(found, rows.load, rows.risk)).to_pyarrow()["lost"].to_numpy()
    costs = long_run_minor(found, LOADS, np.full(5, is_at_risk), np.full(5, 1e6))
    assert told * 1e6 == pytest.approx(costs.astype(float))


def test_people_of_whom_nothing_is_known_have_heard_nothing() -> None:
    rows = ibis.memtable(pa.table({"load": pa.array([None], pa.int64()), "risk": pa.array([None], pa.bool_())}))
    assert rows.select(lost=lost_orders(known(0.5, 0.5, 0.5), rows.load, rows.risk)).to_pyarrow()["lost"][
        0
    ].as_py() == pytest.approx(0.498)
