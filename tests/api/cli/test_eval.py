from pathlib import Path

import pytest

from agent.assembly import App
from memory.domain.principal import Grant, Principal
from tests.api.conftest import STOCKED

from .conftest import Run


def test_a_policy_nobody_knows_is_refused_before_anything_runs(run: Run, tmp_path: Path) -> None:
    said = run("eval", "run", "--policies", "planned,loud")
    assert said.code == 2
    assert "loud is no policy" in said.err
    assert not (tmp_path / "home").exists()


@pytest.mark.slow
@pytest.mark.long
def test_dc_06_eval_run_prints_json_and_works_in_a_folder_of_its_own(run: Run, tmp_path: Path) -> None:
    said = run("eval", "run", "--customers", "500", "--policies", "silent", "--seed", "7", "--days", "15", "--json")
    assert said.code == 0
    assert [one["policy"] for one in said.json["results"]] == ["silent"]
    assert said.json["seed"] == 7
    assert "synthetic" in said.json["label"]
    assert "silent" in said.err
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["eval"]


def test_a_planner_or_a_task_nobody_knows_is_refused_before_anything_runs(run: Run) -> None:
    said = run("eval", "run", "--planner", "playbook,clever")
    assert said.code == 2
    assert "clever is no planner" in said.err
    said = run("eval", "run", "--planner", "playbook", "--tasks", "spring")
    assert said.code == 2
    assert "spring is no task" in said.err
    said = run("eval", "run", "--planner", "llm:tiny")
    assert said.code == 2
    assert "SECONDORDER_LLM_BASE_URL" in said.err


@pytest.mark.slow
def test_dc_06_eval_run_holds_planners_against_the_best_achievable_and_writes_the_page(
    run: Run, tmp_path: Path
) -> None:
    out = tmp_path / "board"
    words = ("eval", "run", "--planner", "do-nothing,cheat", "--seeds", "1", "--customers", "500", "--out", str(out))
    said = run(*words, "--json")
    assert said.code == 0
    assert [row["planner"] for row in said.json["rows"]] == ["do-nothing", "cheat"]
    assert said.json["rows"][1]["n_violations"] > 0
    assert sorted(path.name for path in out.iterdir()) == ["board.html", "board.json", "results.csv"]
    shown = run(*words)
    assert "cheat" in shown.out
    assert "synthetic" in shown.out


def test_eval_experiment_prints_the_lift_of_a_table_and_its_json(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("arm,bought\n" + "mail,1\n" * 22 + "mail,0\n" * 78 + "control,1\n" * 16 + "control,0\n" * 84)
    words = ("eval", "experiment", str(path), "--treatment", "arm", "--outcome", "bought")
    said = run(*words)
    assert said.code == 0
    assert "+6.000" in said.out
    assert "+37.5%" in said.out
    (one,) = run(*words, "--json").json["arms"][0]["outcomes"]
    assert round(one["difference"]["estimate"], 6) == 6
    wrong = run("eval", "experiment", str(path), "--treatment", "arm", "--outcome", "sold")
    assert wrong.code == 2
    assert "no column sold" in wrong.err


def test_eval_data_names_the_sets_there_are_and_the_files_it_needs(run: Run, tmp_path: Path) -> None:
    unknown = run("eval", "data", "titanic", "--data", str(tmp_path))
    assert unknown.code == 2
    assert "open-bandit" in unknown.err
    missing = run("eval", "data", "cdnow", "--data", str(tmp_path))
    assert missing.code == 2
    assert "cdnow_sample.parquet" in missing.err


def test_dc_09_eval_policy_is_for_evaluators_and_for_plans_that_went_live(so: Run, stocked: App) -> None:
    grants = (Grant(shop_id=STOCKED, role="evaluator"),)
    with stocked.store.unit_of_work() as uow:
        uow.principals.add(Principal(id="eva", name="Eva", grants=grants), stocked.clock.now())
    refused = so("eval", "policy", "--plan", "nothing")
    assert refused.code == 2
    assert "may not evaluate" in refused.err
    unknown = so("eval", "policy", "--plan", "nothing", "--policy", "loud", as_id="eva")
    assert "loud is no policy of the log" in unknown.err
    missing = so("eval", "policy", "--plan", "nothing", as_id="eva")
    assert missing.code == 2
