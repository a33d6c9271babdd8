"""Reports on the command line: predictions beside what was, from the facts that everything else reads."""

import csv
from pathlib import Path

import pyarrow as pa
import pytest

from agent.assembly import App
from memory.domain.facts import LAKE_SCHEMAS
from tests.api.conftest import STOCKED
from tests.factories.facts import Facts
from tools.facts import commit_facts

from .conftest import Run

pytestmark = pytest.mark.slow
BOUGHT = "id: bought\ntitle: {en: Bought, zh: 买过}\nrule: {op: compare, attribute: n_orders, test: ge, value: 1}\n"


def test_s2_18_segment_prediction_plan_and_report_read_one_import(so: Run, stocked: App, tmp_path: Path) -> None:
    rule = tmp_path / "bought.yaml"
    rule.write_text(BOUGHT, encoding="utf-8")

    def state() -> tuple[int, int, dict[str, int]]:
        with stocked.store.read() as uow:
            newest = uow.versions.latest()
            return len(uow.imports.all(STOCKED)), newest.number, newest.tables

    def buyers() -> tuple[int, int, int]:
        """Give buyers by the segment, buyers by the prediction, and the data version it names."""
        segment = so("segment", "size", str(rule), "--json").json
        predicted = so("report", "predictions", "--json").json
        return segment["n_people"], predicted["clv"]["n_people"], predicted["data_version"]

    before = state()
    by_segment, by_prediction, version = buyers()
    assert by_segment == by_prediction > 100
    plan = so("plan", "draft", "--json").json
    assert plan["journeys"]
    assert so("report", "look-back", "--out", str(tmp_path / "l.html"), "--json").json["n_buyers"] > 0
    assert version == plan["data_version"] == before[1]
    assert state() == before  # nobody imported anything a second time

    facts = Facts()
    facts.order("p-new", stocked.clock.now(), {}, shop_id=STOCKED, order_ref="new")
    rows = {name: pa.Table.from_pylist(each, LAKE_SCHEMAS[name]) for name, each in facts.rows.items()}
    commit_facts(stocked.store, stocked.lake, rows, "one order", stocked.clock.now())
    assert buyers() == (by_segment + 1, by_prediction + 1, before[1] + 1)  # one fact, and all of them know it


def test_s1_49_predictions_are_shown_apart_from_history_to_whoever_may_read(so: Run, tmp_path: Path) -> None:
    page, people = tmp_path / "p.html", tmp_path / "p.csv"
    said = so("report", "predictions", "--out", str(page), "--people", str(people), "--language", "zh", as_id="vic")
    assert said.code == 0, said.err
    assert "历史客户价值" in said.out
    assert "预测客户价值" in said.out
    html = page.read_text("utf-8")
    assert html.count("<svg") >= 1
    assert "预测客户价值" in html
    rows = list(csv.DictReader(people.read_text("utf-8").splitlines()))
    assert len(rows) > 100
    assert {"historic_minor", "expected_minor", "repeat_band"} <= set(rows[0])
    assert "@" not in people.read_text("utf-8")
    assert so("report", "predictions", "--window", "1").code == 2
    assert so("report", "predictions", as_id="nobody").code == 2


def test_s1_05_s1_06_costs_and_advocacy_on_the_command_line(so: Run, tmp_path: Path) -> None:
    chart = tmp_path / "costs.svg"
    assert len(so("report", "costs", "--periods", "4", "--out", str(chart), "--json").json["periods"]) == 4
    assert chart.read_text("utf-8").startswith("<svg")
    assert "a second order" in so("report", "costs").out
    assert "has no source" in so("report", "advocacy").out
    assert so("report", "advocacy", "--json").json["claimed_multiple"] == 9.0


def test_a_month_is_closed_on_the_command_line(so: Run, stocked: App, tmp_path: Path) -> None:
    month = f"{stocked.clock.now():%Y-%m}"
    files = {name: tmp_path / f"{name}.csv" for name in ("sums", "orders")}
    found = so("report", "close", month, "--out", str(files["sums"]))
    assert "The month is not over" in found.out
    assert files["sums"].read_bytes().startswith(b"\xef\xbb\xbf")
    assert so("report", "close", month, "--json").json["zone"]
    assert so("report", "close", "soon").code == 2
    files["sums"].unlink()
    refused = so("report", "close", month, "--out", str(files["sums"]), "--orders", str(files["orders"]))
    assert (refused.code, "may not contact" in refused.err) == (2, True)
    assert not any(path.exists() for path in files.values())  # both files or none
