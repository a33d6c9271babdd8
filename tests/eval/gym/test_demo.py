import io
from pathlib import Path

import pytest

from eval.gym.demo import DemoReport, run_demo
from eval.gym.installation import HomeInUse, fresh_home

pytestmark = [pytest.mark.slow, pytest.mark.long]


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[DemoReport, str]:
    from rich.console import Console

    text = io.StringIO()
    home = tmp_path_factory.mktemp("demo") / "home"
    report = run_demo(home, n_customers=1000, fast=True, console=Console(file=text, width=110))
    return report, text.getvalue()


def test_dc_06_the_interval_of_the_lift_holds_the_truth(ran: tuple[DemoReport, str]) -> None:
    report, _ = ran
    assert report.lift_low_pp is not None and report.lift_high_pp is not None
    assert report.lift_low_pp <= report.truth.effect_pp <= report.lift_high_pp
    assert report.covers_truth
    assert report.truth.effect_pp > 0
    assert report.truth.n_people > 50


def test_i5_what_was_promised_is_counted_in_the_files(ran: tuple[DemoReport, str]) -> None:
    report, _ = ran
    files = list((Path(report.home) / "mailbox").rglob("*.eml"))
    assert len(files) == report.n_sent > 300
    assert len(report.invariants) == 5
    assert all(invariant.holds for invariant in report.invariants)


def test_dc_03_a_plan_that_wants_too_much_is_refused_with_its_reasons(ran: tuple[DemoReport, str]) -> None:
    report, text = ran
    assert {"discount_ceiling", "price_floor", "holdout"} <= {reason.rule for reason in report.refused}
    assert "refused discount_ceiling" in text


def test_the_demo_is_short_and_honest(ran: tuple[DemoReport, str]) -> None:
    report, text = ran
    assert len(text.splitlines()) < 110
    assert text.count("synthetic") >= 2
    assert "true effect" in text
    assert "secondorder serve --home" in text
    assert {path.name for path in (Path(report.home) / "reports").iterdir()} == {
        "look-back.en.html", "look-back.zh.html", "plan.json", "lift.json", "truth.json",
    }  # fmt: skip


def test_a_second_run_starts_over_and_a_foreign_folder_is_left_alone(tmp_path: Path) -> None:
    home = tmp_path / "home"
    fresh_home(home)
    (home / "left.txt").write_text("x", encoding="utf-8")
    fresh_home(home)
    assert [path.name for path in home.iterdir()] == ["demo.json"]
    foreign = tmp_path / "mine"
    foreign.mkdir()
    (foreign / "letter.txt").write_text("x", encoding="utf-8")
    with pytest.raises(HomeInUse, match="holds something that is no demo"):
        fresh_home(foreign)
    assert (foreign / "letter.txt").is_file()
