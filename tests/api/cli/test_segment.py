from pathlib import Path

from .conftest import Run

RULE = """
id: two-orders
title: {en: Bought twice, zh: 买过两次}
rule: {op: compare, attribute: n_orders, test: ge, value: 2}
"""


def test_a_segment_from_a_file_is_kept_listed_described_and_sized(run: Run, shop: str, tmp_path: Path) -> None:
    path = tmp_path / "two.yaml"
    path.write_text(RULE, encoding="utf-8")
    assert run("segment", "size", str(path), "--json").json["n_people"] == 0
    assert run("segment", "define", str(path)).code == 0
    listed = {one["segment"]["id"]: one for one in run("segment", "list", "--json", "--language", "zh").json}
    assert listed["two-orders"]["origin"] == "shop"
    assert len(listed) > 3
    assert run("segment", "describe", "two-orders").out.strip()


def test_a_wrong_rule_is_refused_with_its_path(run: Run, shop: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(RULE.replace("n_orders", "shoe_size"), encoding="utf-8")
    said = run("segment", "define", str(path))
    assert said.code == 2
    assert "attribute" in said.err


def test_a_missing_file_is_named(run: Run, shop: str) -> None:
    assert "nowhere.yaml" in run("segment", "define", "nowhere.yaml").err


def test_s2_08_context_attributes_are_listed_with_definition_and_freshness(run: Run, shop: str) -> None:
    listed = run("segment", "attributes", "--json").json
    assert [one["context"] for one in listed] == ["price_sensitivity", "stock_state", "category", "device"]
    assert all(one["definition"]["zh"] and one["freshness"]["en"] for one in listed)
    assert "价格敏感度" in run("segment", "attributes", "--language", "zh").out
