import pytest

from eval.faults.__main__ import LONG, main
from tests.house.tree import ROOT


def test_every_long_form_is_a_command_of_its_own_and_every_command_is_listed() -> None:
    folder = ROOT / "eval" / "faults"
    commands = {path.stem for path in folder.glob("*.py") if '__name__ == "__main__"' in path.read_text()}
    assert commands - {"__main__"} == set(LONG)


def test_an_unknown_figure_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["luck"]) == 2
    assert "no figure luck; there are kills" in capsys.readouterr().err
