"""`secondorder loyalty`, from the empty programme to redeemed points."""

from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from agent.assembly import App, assemble
from agent.settings import load_settings
from tests.factories.facts import Facts
from tests.factories.loyal_shop import settle

from .conftest import Run

pytestmark = pytest.mark.slow


def buyers(app: App, *people: str) -> None:
    now = app.clock.now()
    facts = Facts()
    for person in people:
        facts.add("memberships", now - timedelta(days=9), subject_id=person, is_member=True)
        facts.order(person, now - timedelta(minutes=1), subtotal_minor=40_000)
    settle(app.store, app.lake, facts, now, shop_id="nord")


@pytest.fixture
def programme(run: Run, shop: str, tmp_path: Path) -> Path:
    """An example programme that started a month ago, in force, and a member who bought for 400 euros."""
    raw = run("loyalty", "example", "--json").json
    app = assemble(load_settings(home=tmp_path / "home"))
    raw["starts_on"] = (app.clock.now() - timedelta(days=30)).date().isoformat()
    buyers(app, "ann")
    app.close()
    path = tmp_path / "programme.yaml"
    path.write_text(yaml.safe_dump(raw))
    assert run("loyalty", "set", str(path)).code == 0
    return path


def test_s1_21_points_are_seen_and_redeemed_from_the_command_line(run: Run, programme: Path) -> None:
    account = run("loyalty", "account", "ann", "--json").json
    assert (account["balance"], account["is_member"], account["standing"]["tier"]) == (400, True, "silver")
    assert "earned" in run("loyalty", "account", "ann").out
    said = run("loyalty", "redeem", "ann", "coupon", "--id", "till-1")
    assert said.code == 0 and "150 points are left" in said.out
    again = run("loyalty", "redeem", "ann", "coupon", "--id", "till-1", "--json").json
    assert (again["code"], again["balance"]) == ("repeated", 150)
    refused = run("loyalty", "redeem", "ann", "coupon", "--id", "till-2")
    assert refused.code == 1 and "too few points" in refused.out
    assert "loyalty.redeem" in run("audit", "list", "--json").out


def test_s1_21_what_expires_soon_is_listed(run: Run, programme: Path) -> None:
    assert run("loyalty", "expiring", "--json").json["members"] == []
    raw = yaml.safe_load(programme.read_text())
    shorter = {**raw, "valid_days": 20, "starts_on": run("loyalty", "example", "--json").json["starts_on"]}
    programme.write_text(yaml.safe_dump(shorter))
    assert run("loyalty", "set", str(programme)).code == 0
    assert run("loyalty", "show", "--json").json["programme"]["valid_days"] == 20


def test_s1_21_a_later_programme_cannot_reach_into_the_past_nor_be_in_other_money(run: Run, programme: Path) -> None:
    refused = run("loyalty", "set", str(programme))
    assert refused.code == 2 and "change what members have" in refused.err
    raw = yaml.safe_load(programme.read_text())
    raw["rewards"][0]["worth"]["currency"] = "USD"
    programme.write_text(yaml.safe_dump(raw))
    assert "USD" in run("loyalty", "set", str(programme)).err
    programme.write_text("earn: []")
    assert "earn" in run("loyalty", "set", str(programme)).err


def test_s1_21_a_shop_without_a_programme_says_how_to_set_one(run: Run, shop: str) -> None:
    said = run("loyalty", "account", "ann")
    assert said.code == 2 and "secondorder loyalty set" in said.err


def test_s1_23_tiers_and_who_may_have_what_are_listed(run: Run, programme: Path) -> None:
    found = {one["tier"]: one for one in run("loyalty", "tiers", "--json").json}
    assert [one["n_members"] for one in found.values()] == [0, 1, 0, 0]
    assert found["silver"]["cost_at_most"] == [{"amount_minor": 300, "currency": "EUR"}]
    listed = run("loyalty", "eligible", "birthday_gift", "--json").json
    assert listed == {"n_all": 1, "start": 0, "members": [{"person_id": "ann", "tier": "silver"}]}
    assert run("loyalty", "eligible", "dedicated_service", "--json").json["n_all"] == 0
    assert run("loyalty", "eligible", "yacht").code == 2
    assert "silver" in run("loyalty", "tiers").out


def test_a_list_that_is_cut_says_so_and_how_to_go_on(run: Run, programme: Path, tmp_path: Path) -> None:
    app = assemble(load_settings(home=tmp_path / "home"))
    buyers(app, "ann", "bob")
    app.close()
    first = run("loyalty", "eligible", "birthday_gift", "--limit", "1")
    assert "ann" in first.out and "1 of 2 were listed; --start 1 goes on" in first.err
    last = run("loyalty", "eligible", "birthday_gift", "--limit", "1", "--start", "1")
    assert "bob" in last.out and "listed" not in last.err


def test_s1_37_birthdays_of_a_day_are_listed_and_given(run: Run, programme: Path) -> None:
    assert run("loyalty", "birthdays", "--json").json == []
    assert run("loyalty", "birthdays", "--give").code == 0
    assert run("loyalty", "birthdays", "--on", "2999-01-01").code == 2


def test_s1_24_goods_are_set_aside_and_claimed_from_the_command_line(run: Run, programme: Path, tmp_path: Path) -> None:
    app = assemble(load_settings(home=tmp_path / "home"))
    now, facts = app.clock.now(), Facts()
    day = (now + timedelta(days=2)).date()
    facts.add("products", now, sku="coat", unreleased_until=day)
    facts.add("memberships", now - timedelta(days=9), subject_id="rich", is_member=True)
    facts.order("rich", now - timedelta(minutes=1), subtotal_minor=900_000)
    settle(app.store, app.lake, facts, now, shop_id="nord")
    app.close()
    words = ("--sku", "coat", "--public-on", day.isoformat(), "--n", "1", "--hours", "336")
    assert run("loyalty", "set-aside", "drop", *words).code == 0
    assert run("loyalty", "set-aside", "Drop!", *words).code == 2
    assert run("loyalty", "early-access", "--json").json[0]["n_total"] == 1
    assert run("loyalty", "claim", "drop", "ann").code == 1
    said = run("loyalty", "claim", "drop", "rich", "--json").json
    assert said["code"] in ("claimed", "too_early")
    assert "coat" in run("loyalty", "early-access").out


def test_s1_35_the_invitation_is_asked_for_from_the_command_line(run: Run, programme: Path) -> None:
    assert "is member" in run("loyalty", "invite", "#0").out
    assert run("loyalty", "invite", "#9").code == 2
    assert run("loyalty", "invite", "#0", "--language", "xx").code == 2


def test_s2_35_what_is_owed_and_s2_36_how_far_somebody_is_are_shown(run: Run, programme: Path) -> None:
    owed = run("loyalty", "liability", "--json").json
    assert (owed["points"]["points"], owed["credits"]) == (400, [])
    assert "Outstanding" in run("loyalty", "liability").out
    assert run("loyalty", "missions", "ann", "--json").json == []
    assert run("loyalty", "missions", "--json").json == []
    words = ("loyalty", "credit", "a" * 64, "vip.wallet_credit", "ann", "--spend", "50.00", "--id", "q1")
    assert "no plan" in run(*words).err


def test_s1_25_the_member_report_says_that_the_difference_is_raw(run: Run, programme: Path) -> None:
    said = run("loyalty", "report")
    assert said.code == 0
    assert "not an effect" in " ".join(said.out.split())
    assert "holdout" in said.out
