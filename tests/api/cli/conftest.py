import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from typer import testing
from typer.main import get_command
from typer.testing import CliRunner

from agent.assembly import App
from api.cli.main import app
from memory.domain.principal import Grant, Principal
from tests.api.conftest import STOCKED


@dataclass
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The whole of stdout as one JSON document."""
        return json.loads(self.out)


Run = Callable[..., Said]
testing.__dict__["_get_command"] = cache(get_command)  # the tree of commands is the same each time, and takes 0.1 s


def _runner(home: Path, first: str) -> Run:
    def command(*words: str, as_id: str = first, stdin: str = "") -> Said:
        shared = ["--home", str(home), "--as", as_id]
        result = CliRunner().invoke(app, [*words, *shared], input=stdin)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Said(result.exit_code, result.stdout, result.stderr)

    return command


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run a command in a home folder of the test's own; `as_id` selects the principal."""
    return _runner(tmp_path / "home", "ann")


@pytest.fixture
def run_at(stocked: App) -> Run:
    """Run a command in a stocked home."""
    return _runner(stocked.settings.home, "mia")


@pytest.fixture
def so(stocked: App, run_at: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run commands as mia the marketer (or `as_id`) on the morning of day 0."""
    with stocked.store.unit_of_work() as uow:
        for name, role in (("mia", "marketer"), ("ari", "approver"), ("vic", "viewer")):
            grant = Grant.model_validate({"shop_id": STOCKED, "role": role})
            uow.principals.add(Principal(id=name, name=name, grants=(grant,)), stocked.clock.now())
    monkeypatch.setattr("memory.domain.clock.SystemClock.now", lambda _self: stocked.clock.now())
    return run_at


@pytest.fixture
def shop(home: Path, run: Run) -> str:
    """A shop whose admin is ann."""
    words = ("--name", "Nord", "--currency", "EUR", "--zone", "Europe/Berlin")
    assert run("shop", "create", "nord", *words).code == 0
    return "nord"
