"""Adversarial plans (C3), the short form; the long one is `python -m eval.faults.adversarial_plans 100000 1000`."""

from typing import Any

import pytest

from eval.faults import adversarial_plans
from eval.faults.adversarial_plans import judge_plans, main
from eval.faults.spoils import SPOILS
from memory.domain.outcome import Allowed


@pytest.mark.slow
def test_c3_no_spoiled_plan_passes_either_checker_and_every_honest_one_does() -> None:
    report = judge_plans(120, seed=7)
    assert report.holds, report.passed
    assert report.n_plans == 120
    assert report.n_refused_by_schema < 40
    assert report.n_controls == 3


def test_c3_a_checker_that_is_blind_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted bugs: each checker in turn says yes to everything."""

    def nothing(*_: Any) -> tuple[()]:
        return ()

    def allowed(*_: Any) -> Allowed:
        return Allowed()

    monkeypatch.setattr(adversarial_plans, "check_plan", nothing)
    assert judge_plans(len(SPOILS), seed=7).n_passed_first > 10
    monkeypatch.undo()
    monkeypatch.setattr(adversarial_plans, "verify_plan", allowed)
    report = judge_plans(len(SPOILS), seed=7)
    assert report.n_passed_second > 10
    assert not report.holds


@pytest.mark.slow
def test_c3_the_command_says_what_came_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["10", "2", "--seed", "3"]) == 0
    assert '"n_passed_first":0' in capsys.readouterr().out
