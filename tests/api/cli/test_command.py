from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.main import get_command

from api.cli.command import with_errors
from api.cli.desk import Desk
from api.cli.main import app

from .conftest import Run


def _commands(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, one in group.commands.items():
        if hasattr(one, "commands"):
            yield from _commands(one, (*path, name))
        else:
            yield (*path, name), one


def test_every_command_takes_the_shared_options_and_says_what_it_does() -> None:
    found = list(_commands(get_command(app)))
    assert len(found) > 30
    for path, one in found:
        options = {option for parameter in one.params for option in parameter.opts}
        assert {"--json", "--as", "--shop", "--home"} <= options, path
        assert one.help, path


def test_an_unknown_principal_gets_one_line_and_the_code_of_wrong_input(run: Run, shop: str) -> None:
    said = run("shop", "list", as_id="eve")
    assert said.code == 2
    assert said.err.count("\n") == 1
    assert "secondorder shop create" in said.err
    assert said.out == ""


def test_an_error_is_json_too_where_json_is_asked_for(run: Run, shop: str) -> None:
    said = run("segment", "describe", "unheard-of", "--json")
    assert said.code == 2
    assert said.json["code"] == "NotFound"
    assert set(said.json) == {"code", "message", "details"}


def test_bad_settings_are_one_line(run: Run, shop: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECONDORDER_PORT", "many")
    said = run("shop", "list")
    assert said.code == 2
    assert "SECONDORDER_PORT" in said.err


@pytest.mark.parametrize("place", ["nowhere/sums.csv", "."])
def test_a_named_file_that_cannot_be_written_is_one_line(run: Run, shop: str, tmp_path: Path, place: str) -> None:
    said = run("report", "close", "2020-01", "--out", str(tmp_path / place))
    assert (said.code, said.err.count("\n")) == (2, 1)
    assert str(tmp_path / place) in said.err and "Name a file" in said.err


def test_another_file_that_cannot_be_read_is_not_called_somebody_s_input(tmp_path: Path) -> None:
    def work() -> None:
        (tmp_path / "ours").read_bytes()

    with pytest.raises(FileNotFoundError):
        with_errors(Desk({}, is_json=False), work, [tmp_path / "theirs"])


def test_a_broken_store_is_one_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "secondorder.db").write_bytes(b"no database at all" * 100)
    said = run("shop", "list")
    assert said.code == 2
    assert said.err.startswith("error: The database cannot be opened")


def test_every_group_shows_its_help_when_called_bare() -> None:
    for info in app.registered_groups:
        assert isinstance(info.typer_instance, typer.Typer)
        assert info.typer_instance.info.no_args_is_help is True
