import pytest

from .conftest import Run


def test_power_says_what_three_thousand_buyers_can_show_without_a_shop(run: Run) -> None:
    said = run("report", "power", "--people", "3000", "--baseline", "0.12", "--holdouts", "0.1,0.5")
    assert said.code == 0, said.err
    assert "not readable" in said.out and "About 36 buyers are expected" in " ".join(said.out.split())
    assert "3.6 pp" in said.out and "30%" in said.out


def test_power_prints_every_row_as_json(run: Run) -> None:
    said = run("report", "power", "--people", "50000", "--holdouts", "0.1,0.2", "--looks", "12", "--json")
    assert [row["n_control"] for row in said.json] == [5_000, 10_000]
    for row in said.json:
        assert row["planned_pp"]["estimate"] > row["fixed_pp"]["estimate"]


@pytest.mark.parametrize(
    "given", [("--holdouts", "0.1,most"), ("--holdouts", "1"), ("--people", "1"), ("--looks", "0")]
)
def test_power_refuses_a_design_that_is_none(run: Run, given: tuple[str, str]) -> None:
    said = run("report", "power", *given)
    assert said.code == 2
    assert given[1] in said.err or f"Invalid value for '{given[0]}'" in said.err
