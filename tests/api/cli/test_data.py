from pathlib import Path

import pytest

from api.cli.data import KINDS
from tools.ingest import IMPORT_KINDS

from .conftest import Run


@pytest.fixture
def stock(tmp_path: Path) -> Path:
    path = tmp_path / "stock.csv"
    path.write_text("sku,quantity,at\nA-1,5,2026-01-10T00:00:00Z\nA-2,many,2026-01-10T00:00:00Z\n", encoding="utf-8")
    return path


def test_a_dry_run_writes_nothing_and_the_same_file_twice_changes_nothing(run: Run, shop: str, stock: Path) -> None:
    dry = run("import", "stock", str(stock), "--dry-run", "--json").json
    assert (dry["is_dry_run"], dry["n_new"], dry["n_rejected"], dry["data_version"]) == (True, 1, 1, 0)
    done = run("import", "stock", str(stock), "--json").json
    assert (done["n_new"], done["data_version"]) == (1, 1)
    assert done["rejected"][0]["line"] == 3
    assert run("import", "stock", str(stock), "--json").json["n_new"] == 0


def test_an_unknown_kind_a_missing_file_and_no_file_are_wrong_input(run: Run, shop: str, stock: Path) -> None:
    assert run("import", "horoscopes", str(stock)).code == 2
    assert run("import", "stock", str(stock) + ".gone").code == 2
    assert run("import", "stock").code == 2


def test_the_help_names_every_kind_of_file(run: Run) -> None:
    assert set(KINDS.split()) == {kind.id for kind in IMPORT_KINDS}


def test_somebody_answers_by_name_for_a_missing_suppression_list(run: Run, shop: str) -> None:
    assert run("suppression", "declare", "pigeon").code == 2
    assert run("suppression", "declare", "email", "--json").json["declared_by"] == "ann"
    ready = {row["channel"]: row["is_ready"] for row in run("suppression", "list", "--json").json}
    assert ready == {"email": True, "sms": False, "push": False}


def test_readiness_says_which_file_would_help(run: Run, shop: str) -> None:
    found = run("readiness", "--json").json
    assert all(one["fix"] for one in found if one["status"] == "cannot")
    assert run("readiness", "--language", "zh").code == 0
