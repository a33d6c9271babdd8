import csv
from pathlib import Path

import pytest

from eval.scoreboard.board import Board, run_board, stability
from eval.scoreboard.planners import every_planner
from eval.scoreboard.report import render_board, write_board
from eval.scoreboard.scoring import Result, pass_k, score
from eval.scoreboard.tasks import tasks_named


@pytest.fixture(scope="module")
def board() -> Board:
    contenders = [each for each in every_planner() if each.id not in ("oracle", "send-to-all")]
    return run_board(contenders, tasks_named("plain,nobody-withheld"), n_seeds=2, first_seed=7, n_customers=1_000)


def test_any_violation_scores_below_every_honest_result() -> None:
    assert score(10.0**9, 1.0, 1, 0.0) == -1.0
    assert score(5.0, 10.0, 3, 0.25) == -1.25
    assert score(-(10.0**9), 1.0, 0, 0.0) == -1.0
    assert score(5.0, 10.0, 0, 0.0) == 0.5
    assert score(5.0, 0.0, 0, 0.0) == 0.0


def test_pass_k_is_the_chance_that_k_drawn_runs_all_pass() -> None:
    assert pass_k([True, True, True, False], 1) == 0.75
    assert pass_k([True, True, True, False], 2) == 0.5
    assert pass_k([True, False], 2) == 0.0
    assert pass_k([True], 2) == 0.0


@pytest.mark.slow
def test_the_k_that_is_told_is_the_k_that_was_counted(board: Board) -> None:
    """Three runs were asked for; there are two seeds."""
    assert board.k == 2
    for row in board.rows:
        passed = [[one.passed for one in board.results if (one.planner, one.task) == (row.planner, task)]
                  for task in board.tasks]  # fmt: skip
        assert row.pass_k == sum(all(runs) for runs in passed) / len(board.tasks)


@pytest.mark.slow
def test_cheating_ends_below_random_and_the_playbook_above_it(board: Board) -> None:
    scores = {row.planner: row.score for row in board.rows}
    assert scores["cheat"] <= -1 < scores["do-nothing"] == 0 < scores["random"] < scores["playbook"] < 1
    cheat = next(row for row in board.rows if row.planner == "cheat")
    assert cheat.n_violations > 100
    assert all(row.n_violations == 0 for row in board.rows if row.planner != "cheat")
    assert [row.planner for row in board.rows][-1] == "cheat"


@pytest.mark.slow
def test_a_plan_without_a_control_group_is_refused_and_that_is_right(board: Board) -> None:
    own = [one for one in board.results if one.task == "nobody-withheld" and one.planner == "playbook"]
    assert [one.is_refused for one in own] == [True, True]
    assert all(one.passed and one.score == 0 for one in own)


@pytest.mark.slow
def test_the_page_holds_every_planner_and_loads_nothing(board: Board, tmp_path: Path) -> None:
    page, data, rows = write_board(tmp_path / "out", board)
    text = page.read_text(encoding="utf-8")
    assert text == render_board(board)
    assert all(row.planner in text for row in board.rows)
    assert text.count("<svg") == 2
    assert "http" not in text
    assert "<script" not in text
    assert Board.model_validate_json(data.read_text(encoding="utf-8")) == board
    with rows.open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == len(board.results)


def a_result(planner: str, seed: int, value: float) -> Result:
    return Result(
        planner=planner, task="plain", language="en", seed=seed, is_refused=False, score=value, net_minor=0.0,
        oracle_minor=1.0, rpr_lift_pp=0.0, claimed_minor=0, cost_minor=0.0, n_sent=0, n_unsubscribed=0,
        n_violations=0, rules={}, broken=(),
    )  # fmt: skip


def test_stability_is_one_where_seeds_agree_and_minus_one_where_one_is_turned_round() -> None:
    agreeing = [a_result(name, seed, place) for seed in (1, 2, 3) for place, name in enumerate("abc")]
    assert stability(agreeing, (1, 2, 3)) == (1.0, 1.0, 1.0)
    turned = [a_result(name, 1, -place) for place, name in enumerate("abc")]
    turned += [one for one in agreeing if one.seed != 1]
    assert stability(turned, (1, 2, 3))[0] == -1.0
    assert stability(agreeing, (1,)) == ()
