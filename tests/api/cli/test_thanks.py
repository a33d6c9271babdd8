"""`secondorder thanks`: set, prepare, open, show, use the code, list rewards."""

from pathlib import Path

import ibis
import pytest
from sqlmodel import select

from agent.assembly import App
from memory.domain.principal import Grant, Principal
from memory.store.contacts import ContactRow
from tests.api.cli.conftest import Run
from tests.api.conftest import STOCKED


def latest(app: App) -> dict[str, int]:
    with app.store.read() as uow:
        return dict(uow.versions.latest().tables)


pytestmark = pytest.mark.slow
SETTINGS = """
socials:
  DE:
    - {network: instagram, name: "@shop", url: "https://instagram.example.invalid/shop"}
code: {hours: 24, off: {amount_minor: 200, currency: EUR}, min_spend: {amount_minor: 5000, currency: EUR}}
share: {DE: {points: 100}}
plain_rate: 0.0
"""


@pytest.fixture
def ann(so: Run, stocked: App) -> Run:
    with stocked.store.unit_of_work() as uow:
        grants = (Grant(shop_id=STOCKED, role="admin"),)
        uow.principals.add(Principal(id="ann", name="ann", grants=grants), stocked.clock.now())
    return so


def test_s1_09_the_page_is_set_prepared_opened_and_shown(ann: Run, tmp_path: Path) -> None:
    file = tmp_path / "thanks.yaml"
    file.write_text(SETTINGS)
    assert ann("thanks", "set", str(file)).code == 0
    assert ann("thanks", "settings", "--json").json["code"]["hours"] == 24
    made = ann("thanks", "prepare", "--json").json
    assert made["n_goods"] > 0 and made["n_pairs"] > 0
    words = ("thanks", "open", "#9001", "--sku", "any", "--market", "DE", "--email", "ann@example.com")
    opened = ann(*words, "--json", as_id="ann").json
    assert opened["url"].endswith(opened["token"])
    shown = ann("thanks", "show", "#9001", "--json").json
    assert shown["goods"] and shown["goods"][0]["rule"] == "bestseller"
    assert [one["network"] for one in shown["socials"]] == ["instagram"]
    assert "bestseller" in ann("thanks", "show", "#9001").out
    code = shown["code"]["code"]
    use = ("thanks", "code", code, "--order", "#9002", "--email", "ann@example.com")
    assert ann(*use, "--check", "--json", as_id="ann").json["is_valid"] is True
    assert "2.00 EUR off" in ann(*use, as_id="ann").out
    assert "refused: other_customer" in ann(*use[:-1], "bob@example.com", as_id="ann").out
    rewards = ann("thanks", "rewards", "--json").json
    assert {one["points"] for one in rewards if one["status"] in ("earned", "waiting")} <= {100}
    assert {one["status"] for one in rewards if one["market"] != "DE"} <= {"blocked", "clawed_back"}

    found = ann("thanks", "effect", "--json").json
    assert found["n_open"] == 1 and found["against_plain"][0]["second_order_pp"]["kind"] == "not_estimable"
    assert "Against the plain page" in ann("thanks", "effect").out


def test_s1_27_s1_43_links_are_imported_and_rules_are_looked_at(ann: Run, stocked: App, tmp_path: Path) -> None:
    with stocked.lake.open(latest(stocked), [STOCKED]) as view:
        lines, stock = view.table("order_lines"), view.table("stock")
        bought = lines.filter(~lines.is_gift)
        sold = bought.group_by("sku").agg(n=bought.count()).order_by(ibis.desc("n"), "sku")
        skus = sold.semi_join(stock.filter(stock.quantity > 0), "sku").limit(60).to_pyarrow()["sku"].to_pylist()
        rows = view.table("products").select("sku", "url").to_pyarrow().to_pylist()
    pages = {row["sku"]: row["url"] for row in rows}
    first = skus[0]
    second = next(sku for sku in skus if pages[sku] != pages[first])
    third = next(sku for sku in skus if pages[sku] not in (pages[first], pages[second]))
    file = tmp_path / "links.csv"
    file.write_text(
        f"kind,sku,to_sku,min_days,active\nupgrade,{first},{second},0,\nowners,{first},{third},,yes\nodd,a,b,,\n"
        f"upgrade,{first},{first},,\nupgrade,{first},x,soon,\n"
    )
    report = ann("import", "goods-links", str(file), "--json").json
    assert report["n_rejected"] == 3 and report["changes"]["goods_links"]["n_new"] == 2
    for rule, sku in (("upgrade", second), ("refill", third)):
        looked = ann("goods", "show", rule, "--json").json
        assert looked["n_served"] > 0 and {one["sku"] for one in looked["examples"]} <= {sku}
    assert "upgrade:" in ann("goods", "show", "upgrade").out
    stranger = ("goods", "may-buy", third, "--email", "nobody@example.com")
    assert ann(*stranger, "--json", as_id="ann").json["reasons"][0]["code"] == "owns_no_component"
    with stocked.store.read() as uow:
        people = {row.subject_id: row.email for row in uow.session.exec(select(ContactRow)) if row.email}
    with stocked.lake.open(latest(stocked), [STOCKED]) as view:
        bought = view.table("order_lines")
        owners = bought.filter(bought.sku == first, ~bought.is_gift).to_pyarrow()["person_id"].to_pylist()
    verdicts = {
        ann("goods", "may-buy", third, "--email", people[who], as_id="ann").out.strip()
        for who in owners[:5] if who in people
    }  # fmt: skip
    assert "yes" in verdicts
    assert ann("goods", "show", "nothing").code == 2


def test_s1_10_wrong_settings_are_one_clear_line(ann: Run, tmp_path: Path) -> None:
    file = tmp_path / "thanks.yaml"
    file.write_text(SETTINGS.replace("amount_minor: 200", "amount_minor: 2000"))
    refused = ann("thanks", "set", str(file))
    assert refused.code == 2 and "discount ceiling" in refused.err
    file.write_text("code: {hours: 0}\nreturn_days: -1")
    refused = ann("thanks", "set", str(file))
    assert refused.code == 2 and "code.hours" in refused.err and "return_days" in refused.err, "every wrong field"
    file.write_text("[1]")
    assert "names and values" in ann("thanks", "set", str(file)).err
    assert ann("thanks", "show", "#none").code == 2
    assert ann("thanks", "open", "#1", "--sku", "x", "--market", "Germany", as_id="ann").code == 2
