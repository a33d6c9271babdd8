from pathlib import Path

import pytest

from agent.assembly import assemble
from agent.settings import load_settings
from api.verbs.acting import Acting
from api.verbs.notes import recalled

from .conftest import Run

pytestmark = pytest.mark.slow


def test_a_note_is_kept_recalled_with_its_source_and_forgotten(run: Run, shop: str, tmp_path: Path) -> None:
    assert run("note", "add", "voice", "Warm and plain, never loud.", "--source", "brand book").code == 0
    app = assemble(load_settings(home=tmp_path / "home"))
    with app.store.read() as uow:
        acting = Acting(app, uow.principals.get("ann"), shop)
    assert recalled(acting, "how loud is our voice") == (("Warm and plain, never loud.", "brand book"),)
    app.close()
    assert [one["id"] for one in run("note", "list", "--json").json] == ["voice"]
    assert run("note", "forget", "voice").code == 0
    assert run("note", "list", "--json").json == []


def test_c7_a_note_with_an_address_is_refused(run: Run, shop: str) -> None:
    said = run("note", "add", "leak", "Write to ann@example.invalid first.")
    assert said.code == 2
    assert "personal data" in said.err


def test_dc_07_a_lesson_is_never_told_by_hand(run: Run, shop: str) -> None:
    said = run("note", "add", "hearsay", "Discounts always work.", "--kind", "lesson")
    assert said.code == 2
    assert "only a measured lift becomes one" in said.err and "plan learn" in said.err


def test_where_nothing_was_measured_there_are_no_lessons(run: Run, shop: str) -> None:
    assert run("plan", "lessons", "--json").json == []
    assert "Nothing has been measured yet." in run("plan", "lessons").out
