"""Policies beside each other: the same shop and arms, measured by the product and known by the gym."""

import io
from pathlib import Path

import pytest

from eval.harness import EvalReport, PolicyResult, run_policies
from eval.policies import policies_named
from memory.domain.experiment import Interval

pytestmark = [pytest.mark.slow, pytest.mark.long]
N_CUSTOMERS = 1_000
N_DAYS = 21
"""One tick decides them all, so that the test is short; `secondorder eval run` lives through 90."""


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[EvalReport, str, Path]:
    from rich.console import Console

    text, home = io.StringIO(), tmp_path_factory.mktemp("eval") / "home"
    console = Console(file=text, width=80)
    report = run_policies(home, n_customers=N_CUSTOMERS, stride=N_DAYS, n_days=N_DAYS, console=console)
    return report, text.getvalue(), home


def by_id(report: EvalReport) -> dict[str, PolicyResult]:
    return {one.policy: one for one in report.results}


def test_dc_06_every_policy_has_its_effect_with_an_interval_beside_the_truth(ran: tuple[EvalReport, str, Path]) -> None:
    report, text, _ = ran
    assert [one.policy for one in report.results] == ["planned", "random", "silent"]
    lines = text.splitlines()
    for one in report.results:
        assert isinstance(one.lift_pp, Interval)
        assert one.covers_truth == (one.lift_pp.low <= one.truth.effect_pp <= one.lift_pp.high)
        (line,) = [line for line in lines if line.strip().startswith(f"{one.policy} ")]
        for part in (one.lift_pp.estimate, one.lift_pp.low, one.lift_pp.high):
            assert f"{part:+.2f}" in line
        assert f"{one.n_treated}/{one.n_control}" in line
    assert "synthetic" in text


def test_dc_06_policies_share_shop_and_control_group(ran: tuple[EvalReport, str, Path]) -> None:
    """What people would have done without any message is one number; the control group is the same people."""
    report, _, _ = ran
    assert {(one.n_treated, one.n_control) for one in report.results} == {
        (report.results[0].n_treated, report.results[0].n_control)
    }
    assert report.results[0].n_control > 30
    assert len({one.truth.n_repeat_without for one in report.results}) == 1
    assert all(one.truth.n_people == one.n_treated for one in report.results)


def test_dc_06_silence_is_an_a_a_check_whose_truth_is_zero(ran: tuple[EvalReport, str, Path]) -> None:
    report, _, home = ran
    silent = by_id(report)["silent"]
    assert (silent.n_sent, silent.cost_minor, silent.truth.effect_pp) == (0, 0, 0.0)
    assert silent.covers_truth
    assert silent.chosen["best_value"] > 0
    assert not list((home / "silent").rglob("*.eml"))


def test_dc_06_chance_decides_alone_under_random_and_the_product_under_planned(
    ran: tuple[EvalReport, str, Path],
) -> None:
    report, _, home = ran
    found = by_id(report)
    assert found["planned"].chosen["best_value"] > found["planned"].chosen["explored"] > 0
    assert "best_value" not in found["random"].chosen
    assert found["random"].chosen["explored"] > 0
    for name in ("planned", "random"):
        assert found[name].n_sent == len(list((home / name / "mailbox").rglob("*.eml"))) > 0
    assert found["planned"].truth.effect_pp > 0


def test_dc_06_the_same_seed_gives_the_same_figures(ran: tuple[EvalReport, str, Path], tmp_path: Path) -> None:
    from rich.console import Console

    again = run_policies(
        tmp_path / "home",
        policies_named("planned"),
        n_customers=N_CUSTOMERS,
        stride=N_DAYS,
        n_days=N_DAYS,
        console=Console(quiet=True),
    )
    was = by_id(ran[0])["planned"].model_copy(update={"seconds": 0.0})
    assert again.results[0].model_copy(update={"seconds": 0.0}) == was
