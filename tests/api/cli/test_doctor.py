from pathlib import Path

import pytest

from .conftest import Run

PARTS = [
    "python",
    "settings",
    "store",
    "audit log",
    "lake",
    "fonts",
    "language model",
    "channels",
    "disk",
    "open files",
]


def test_the_doctor_looks_at_every_part_and_names_remedies(run: Run, shop: str) -> None:
    found = run("doctor", "--json")
    assert found.code == 0, found.out
    by_part = {one["part"]: one for one in found.json}
    assert list(by_part) == PARTS
    assert by_part["store"]["state"] == "good"
    assert "write-ahead" in by_part["store"]["found"]
    assert by_part["lake"]["remedy"].startswith("secondorder import")
    assert all(one["remedy"] for one in found.json if one["state"] != "good")


def test_the_doctor_says_bad_where_the_model_does_not_answer(
    run: Run, shop: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECONDORDER_LLM_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("SECONDORDER_LLM_MODEL", "small")
    monkeypatch.setenv("SECONDORDER_LLM_MODLE", "typo")
    found = run("doctor", "--json")
    assert found.code == 1
    by_part = {one["part"]: one for one in found.json}
    assert by_part["language model"]["state"] == "bad"
    assert "SECONDORDER_LLM_MODLE" in by_part["settings"]["found"]


def test_the_doctor_says_bad_where_the_audit_log_was_cut(run: Run, shop: str, tmp_path: Path) -> None:
    anchor = tmp_path / "home" / "audit.head"
    anchor.write_text(anchor.read_text().replace("1 ", "2 ", 1))
    found = run("doctor", "--json")
    assert found.code == 1
    assert {one["part"]: one["state"] for one in found.json}["audit log"] == "bad"


def test_a7_the_doctor_names_a_low_limit_of_open_files(run: Run, shop: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def limited(n_files: int) -> dict[str, str]:
        monkeypatch.setattr("resource.getrlimit", lambda _: (n_files, n_files))
        found: dict[str, str] = {one["part"]: one for one in run("doctor", "--json").json}["open files"]
        return found

    assert limited(4_096)["state"] == "good"
    few = limited(64)
    assert (few["state"], few["found"]) == ("note", "64 may be open at once")
    assert "ulimit -n" in few["remedy"]
