"""The shop's own fields, and what of the first run is done."""

from pathlib import Path

import pytest

from agent.assembly import App
from api.verbs import guardrails, imports, shops
from memory.domain.errors import InvalidInput, NotPermitted, NotReady
from tests.api.verbs.acting import as_


def _import(app: App, folder: Path) -> None:
    path = folder / "costs.csv"
    path.write_text("sku,cost,currency\nA-1,5.00,EUR\n", encoding="utf-8")
    imports.import_path(as_(app, "importer", "marketer"), "costs", path)


def test_an_admin_changes_what_customers_see_and_nobody_else_does(installation: App) -> None:
    olga = as_(installation, "olga", "admin")
    changed = shops.change(olga, {"sender_email": " hi@nord.shop ", "postal_address": "Nord, Weg 1, Kiel"})
    assert (changed.sender_email, changed.postal_address, changed.name) == (
        "hi@nord.shop",
        "Nord, Weg 1, Kiel",
        "Alpha",
    )
    assert olga.shop() == changed
    with pytest.raises(NotPermitted):
        shops.change(as_(installation, "mia", "marketer"), {"name": "Mine"})


@pytest.mark.parametrize(
    "values",
    [
        {"sender_email": "nobody"},
        {"sender_email": "a b@nord.shop"},
        {"website": "nord.shop"},
        {"website": "javascript:alert(1)"},
        {"name": " "},
        {"zone": "Mars/Olympus"},
        {"currency": "euro"},
        {"shop_id": "other"},
        {"postal_address": "x" * 301},
    ],
)
def test_a_wrong_field_is_named_and_nothing_changes(installation: App, values: dict[str, str]) -> None:
    olga = as_(installation, "olga", "admin")
    before = olga.shop()
    with pytest.raises(InvalidInput):
        shops.change(olga, values)
    assert olga.shop() == before


def test_currency_zone_and_market_are_settled_with_the_first_file(installation: App, tmp_path: Path) -> None:
    olga = as_(installation, "olga", "admin")
    assert shops.change(olga, {"currency": "CNY", "zone": "Asia/Shanghai", "home_market": "CN"}).currency == "CNY"
    assert guardrails.show(olga).guardrails.plan_budget.currency == "CNY"
    assert shops.change(olga, {"currency": "EUR"}).currency == "EUR"
    assert not shops.has_facts(olga)
    _import(installation, tmp_path)
    assert shops.has_facts(olga)
    for values in ({"currency": "USD"}, {"zone": "Europe/Paris"}, {"home_market": "FR"}):
        with pytest.raises(NotReady):
            shops.change(olga, values)
    assert shops.change(olga, {"currency": "EUR", "name": "Nord"}).name == "Nord"


def test_the_first_run_shows_what_is_done(installation: App, tmp_path: Path) -> None:
    olga = as_(installation, "olga", "admin")
    found = shops.first_run(olga)
    steps = ("files", "market", "guardrails", "connect", "none")
    assert [found.is_done(step) for step in steps] == [False] * 5
    _import(installation, tmp_path)
    shops.change(olga, {"sender_email": "hi@nord.shop"})
    guardrails.put(olga, guardrails.starting(olga), "looked at them")
    found = shops.first_run(olga)
    assert [found.is_done(step) for step in steps] == [True, True, True, False, False]
    assert (found.n_files, found.n_live, found.has_llm) == (1, 0, False)
