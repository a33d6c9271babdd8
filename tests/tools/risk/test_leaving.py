import pytest

from tools.risk import leaving, leaving_table
from tools.risk.leaving import PRIOR_RATE, shrunk


def row(kind: str, n_sent: int, n_left: int, step: str = "vip.x") -> dict[str, object]:
    return {"message_kind": kind, "step_id": step, "n_sent": n_sent, "n_left": n_left}


def test_s2_65_a_small_count_moves_little_and_a_large_one_much() -> None:
    assert shrunk(0, 0) == pytest.approx(PRIOR_RATE)
    assert shrunk(1, 10) == pytest.approx(2 / 510)
    assert shrunk(30, 1_000) == pytest.approx(31 / 1_500)
    assert shrunk(3, 0) <= 1


def test_s2_65_groups_are_summed_and_the_worst_comes_first() -> None:
    found = leaving(
        [row("cross_sell", 100, 0), row("discount_offer", 400, 8), row("cross_sell", 100, 1)], "message_kind"
    )
    assert [(one.group, one.n_sent, one.n_left) for one in found] == [
        ("discount_offer", 400, 8),
        ("cross_sell", 200, 1),
    ]


def test_s2_65_only_what_lies_above_the_prior_lowers_a_value() -> None:
    rows = leaving_table([row("cross_sell", 5_000, 0), row("discount_offer", 1_000, 30)]).to_pylist()
    excess = {one["message_kind"]: one["excess_rate"] for one in rows}
    assert excess["cross_sell"] == 0
    assert excess["discount_offer"] == pytest.approx(31 / 1_500 - PRIOR_RATE)
