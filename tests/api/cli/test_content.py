"""`secondorder content`, from a file to a list."""

import json
from pathlib import Path

import pytest

from agent.assembly import assemble
from agent.settings import load_settings
from tests.factories.content import an_item

from .conftest import Run

pytestmark = pytest.mark.slow


def test_s1_38_items_come_from_files_and_a_dry_run_writes_nothing(run: Run, shop: str, tmp_path: Path) -> None:
    app = assemble(load_settings(home=tmp_path / "home"))
    with app.store.read() as uow:
        web = uow.shops.get(shop).website + "/run"
    app.close()
    item = an_item(links={"web": web}).model_dump(mode="json")
    path, rows = tmp_path / "item.yaml", tmp_path / "items.csv"
    path.write_text(json.dumps(item))
    rows.write_text(
        f"id,type,language,title,text,web\ndyes,guide,en,How we dye,Wool at 40 degrees.,{web}\n"
        f"deal,story,en,Our story,A discount for you.,{web}\n"
    )
    assert "first_run is in the library, in de, en" in run("content", "set", str(path)).out
    tried = run("content", "import", str(rows), "--dry-run")
    assert "dry run" in tried.out and "rejected" in tried.out
    assert len(run("content", "list", "--json").json) == 1
    assert run("content", "import", str(rows), "--json").json["n_added"] == 1
    assert [one["item"]["id"] for one in run("content", "list", "--json").json] == ["dyes", "first_run"]
    assert run("content", "end", "dyes").code == 0
    assert "ended" in run("content", "list").out
