import pytest

from eval.looks.withheld import main, withheld


@pytest.mark.slow
def test_s2_66_parts_without_effect_are_left_alone_19_times_in_20_by_share_and_margin_together() -> None:
    found = withheld(500, seed=9)
    assert found.any_false < 0.05 + 2 * 0.01 < found.any_uncorrected
    assert found.margin_covered > 0.93


@pytest.mark.slow
def test_s2_66_a_part_that_works_is_found_and_the_others_are_still_left_alone() -> None:
    found = withheld(300, seed=10, effect=0.04)
    assert found.any_false < 0.05 + 2 * 0.0126
    assert found.any_false + 0.3 < found.found < found.found_uncorrected


@pytest.mark.slow
def test_the_command_prints_a_line_per_case(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--runs", "60"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 6
