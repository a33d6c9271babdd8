from pathlib import Path

import pytest

from .conftest import Run


def test_a_policy_nobody_knows_is_refused_before_anything_runs(run: Run, tmp_path: Path) -> None:
    said = run("eval", "run", "--policies", "planned,loud")
    assert said.code == 2
    assert "loud is no policy" in said.err
    assert not (tmp_path / "home").exists()


@pytest.mark.slow
def test_dc_06_eval_run_prints_json_and_works_in_a_folder_of_its_own(run: Run, tmp_path: Path) -> None:
    said = run("eval", "run", "--customers", "500", "--policies", "silent", "--seed", "7", "--days", "15", "--json")
    assert said.code == 0
    assert [one["policy"] for one in said.json["results"]] == ["silent"]
    assert said.json["seed"] == 7
    assert "synthetic" in said.json["label"]
    assert "silent" in said.err
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["eval"]
