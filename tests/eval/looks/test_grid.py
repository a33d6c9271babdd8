"""The short form of the grid: goals on every case, and rivals that would be caught."""

import pytest

from eval.looks.grid import Row, coverage, main, measure, too_many
from eval.looks.worlds import CASES, FROZEN, Case

N_RUNS = 2_000
SHARES = [case for case in (*CASES, *FROZEN) if case.sigma is None]


@pytest.mark.parametrize("case", SHARES, ids=lambda case: case.name)
def test_s2_66_daily_looks_keep_their_goals_for_shares(case: Case) -> None:
    row = measure(case, N_RUNS, seed=1)
    assert not too_many(row)
    assert row.rejected["daily"] > 0.2


@pytest.mark.slow
@pytest.mark.parametrize("case", [CASES[4], CASES[6]], ids=lambda case: case.name)
def test_daily_looks_keep_their_goals_for_capped_revenue(case: Case) -> None:
    assert not too_many(measure(case, N_RUNS, seed=2))


def test_a_tenth_withheld_breaks_the_formula_that_counts_all_people() -> None:
    """What stands beside ours is far beyond 5 % here, so the grid can tell a bad rule from a good one."""
    row = measure(CASES[2], N_RUNS, seed=3)
    assert row.rejected["gbstats"] > 0.08
    as_if_ours = row._replace(rejected=row.rejected | {"anytime": row.rejected["gbstats"]})
    assert too_many(as_if_ours) == ["anytime"]


def test_seventy_buyers_are_read_and_seven_are_not() -> None:
    seen, unseen = measure(CASES[2], 500, seed=4, lift=1.0), measure(CASES[3], 500, seed=4, lift=1.0)
    assert seen.rejected["planned"] > 0.9
    assert unseen.rejected["planned"] == unseen.rejected["anytime"] == 0.0


@pytest.mark.parametrize("case", [CASES[1], CASES[2], FROZEN[0]], ids=lambda case: case.name)
def test_intervals_hold_the_truth_at_all_looks_together(case: Case) -> None:
    shares = coverage(case, 1_000, seed=5)
    assert min(shares["anytime pooled"], shares["anytime welch"]) > 0.95
    assert min(shares["planned pooled"], shares["planned welch"]) > 0.93


def test_a_missed_goal_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def loud(case: Case, n_runs: int, seed: int, lift: float = 0.0, *, capped: bool = True) -> Row:
        return Row(case, n_runs, {"planned": 0.2}, {})

    monkeypatch.setattr("eval.looks.grid.measure", loud)
    monkeypatch.setattr("eval.looks.grid.coverage", lambda case, n_runs, seed: dict.fromkeys(NAMES, 0.96))
    assert main(["--runs", "1000"]) == 1
    assert f"missed: planned on {CASES[0].name}" in capsys.readouterr().out


NAMES = ("anytime pooled", "anytime welch", "planned pooled", "planned welch")
