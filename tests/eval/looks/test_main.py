import pytest

from eval.looks.__main__ import FIGURES, main
from tests.house.tree import ROOT


def test_every_figure_is_listed_and_the_one_that_needs_a_file_stands_alone() -> None:
    folder = ROOT / "eval" / "looks"
    commands = {path.stem for path in folder.glob("*.py") if '__name__ == "__main__"' in path.read_text()}
    assert commands - {"__main__", "cdnow"} == set(FIGURES)


def test_an_unknown_figure_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["luck"]) == 2
    assert "no figure luck; there are grid" in capsys.readouterr().err


def test_one_missed_goal_makes_the_whole_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FIGURES, "grid", lambda _: 0)
    monkeypatch.setitem(FIGURES, "ratio", lambda _: 1)
    assert main(["grid", "ratio"]) == 1
    assert main(["grid"]) == 0
