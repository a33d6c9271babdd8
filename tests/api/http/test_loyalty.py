"""Loyalty over HTTP: what the command shows, by roles."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from agent.assembly import App
from memory.domain.early_access import Drop
from memory.domain.loyalty import BirthdayGift, EarlyPurchase, Tier, TierRule
from memory.lake.lake import Lake
from memory.lake.view import LakeView
from memory.store.unit_of_work import UnitOfWork
from tests.agent.loyalty.credit_shop import CREDIT, a_credit_plan
from tests.api.conftest import SHOP, token_of
from tests.factories.facts import SHOP as SHOP_OF_FACTS
from tests.factories.facts import Facts
from tests.factories.loyal_shop import settle
from tests.factories.sends import a_send
from tests.tools.loyalty.programme import a_programme, eur
from tests.tools.loyalty.test_birthdays import with_gift

pytestmark = pytest.mark.slow


@pytest.fixture
def stood(installation: App) -> App:
    """The shop with a programme and one member who has 120 points."""
    now, facts = installation.clock.now(), Facts()
    facts.add("memberships", now - timedelta(days=9), subject_id="ann", is_member=True)
    facts.order("ann", now - timedelta(days=3), subtotal_minor=12_000)
    settle(installation.store, installation.lake, facts, now, a_programme(), shop_id=SHOP)
    return installation


def test_s1_21_a_till_redeems_and_an_analyst_reads(client: TestClient, stood: App) -> None:
    till, reader = token_of(stood, "till", "intake"), token_of(stood, "vic", "viewer")
    asked = {"id": "q1", "reward_id": "ten-back"}
    assert client.post("/api/loyalty/people/ann/redemptions", json=asked, headers=reader).status_code == 403
    made = client.post("/api/loyalty/people/ann/redemptions", json=asked, headers=till).json()
    assert (made["code"], made["balance"], made["redemption"]["by"]) == ("redeemed", 20, "till")
    refused = client.post("/api/loyalty/people/ann/redemptions", json={**asked, "id": "q2"}, headers=till).json()
    assert (refused["code"], refused["redemption"]) == ("too_few_points", None)
    account = client.get("/api/loyalty/people/ann", headers=reader).json()
    assert (account["balance"], [one["kind"] for one in account["movements"]]) == (20, ["earned", "redeemed"])
    assert client.get("/api/loyalty/people/ann", headers=till).status_code == 403
    assert client.get("/api/loyalty/expiring", headers=reader).json() == {
        "n_all": 0,
        "n_points": 0,
        "start": 0,
        "members": [],
    }


def test_s1_21_only_who_sets_limits_sets_the_programme(client: TestClient, stood: App) -> None:
    mia, reader = token_of(stood, "mia", "marketer"), token_of(stood, "vic", "viewer")
    example = client.get("/api/loyalty/programme/example", headers=reader).json()
    assert client.put("/api/loyalty/programme", json=example, headers=reader).status_code == 403
    assert client.put("/api/loyalty/programme", json=example, headers=mia).status_code == 200
    found = client.get("/api/loyalty/programme", headers=reader).json()
    assert (found["programme"], found["set_by"]) == (example, "mia")
    assert len(client.get("/api/loyalty/programmes", headers=reader).json()) == 2
    wrong = client.put("/api/loyalty/programme", json={**example, "earn": []}, headers=mia)
    assert wrong.status_code == 422 and "earn" in wrong.text


def test_s1_21_the_programme_in_force_is_told_from_the_one_that_comes(client: TestClient, stood: App) -> None:
    mia, reader = token_of(stood, "mia", "marketer"), token_of(stood, "vic", "viewer")
    now = client.get("/api/loyalty/programme/now", headers=reader).json()
    assert (now["current"]["programme"]["starts_on"], now["coming"], now["n_set"]) == ("2026-01-01", None, 1)
    later = client.get("/api/loyalty/programme/example", headers=reader).json()
    later["starts_on"] = (stood.clock.now() + timedelta(days=40)).date().isoformat()
    assert client.put("/api/loyalty/programme", json=later, headers=mia).status_code == 200
    now = client.get("/api/loyalty/programme/now", headers=reader).json()
    assert now["current"]["programme"]["starts_on"] == "2026-01-01"
    assert (now["coming"]["programme"]["starts_on"], now["n_set"]) == (later["starts_on"], 2)


def test_s1_23_who_may_have_what_is_read_by_privilege(client: TestClient, stood: App) -> None:
    mia = token_of(stood, "mia", "marketer")
    found = {one["tier"]: one["n_members"] for one in client.get("/api/loyalty/tiers", headers=mia).json()}
    assert found == {"bronze": 0, "silver": 1, "gold": 0, "diamond": 0}
    assert client.get("/api/loyalty/privileges/early_access", headers=mia).json()["members"] == []
    assert client.get("/api/loyalty/privileges/yacht", headers=mia).status_code == 422


@pytest.mark.parametrize("path", ["expiring", "privileges/early_access"])
def test_a_list_says_how_many_there_are_and_goes_on_where_it_ended(client: TestClient, stood: App, path: str) -> None:
    now, facts = stood.clock.now(), Facts()
    for person in ("ann", "ben", "cleo"):
        facts.add("memberships", now - timedelta(days=9), subject_id=person, is_member=True)
        facts.order(person, now - timedelta(days=2), subtotal_minor=12_000)
    held = (EarlyPurchase(hours=48, cost=eur(0)),)
    rule = TierRule(tiers=(Tier(id="all", min_spend_minor=0, min_orders=0, privileges=held),))
    settle(stood.store, stood.lake, facts, now, a_programme(tier_rule=rule, warn_days=365), shop_id=SHOP)
    reader, found = token_of(stood, "vic", "viewer"), list[str]()
    for start, n_listed in ((0, 2), (2, 1), (3, 0)):
        page = client.get(f"/api/loyalty/{path}?start={start}&limit=2", headers=reader).json()
        assert (page["n_all"], page["start"], len(page["members"])) == (3, start, n_listed)
        found += [one["person_id"] for one in page["members"]]
    assert found == ["ann", "ben", "cleo"]


def test_s1_37_birthdays_are_given_once_by_who_may_send(client: TestClient, stood: App) -> None:
    facts = Facts()
    facts.add("people", stood.clock.now(), subject_id="ann", birth_month=1, birth_day=15)
    programme = with_gift(BirthdayGift(gives="gift", sku="mug", cost=eur(300)))
    settle(stood.store, stood.lake, facts, stood.clock.now(), programme, shop_id=SHOP)
    mia, reader = token_of(stood, "mia", "marketer"), token_of(stood, "vic", "viewer")
    assert len(client.get("/api/loyalty/birthdays", headers=reader).json()) == 1
    assert client.post("/api/loyalty/birthdays", headers=reader).status_code == 403
    (given,) = client.post("/api/loyalty/birthdays", headers=mia).json()
    assert (given["person_id"], given["sku"]) == ("ann", "mug")
    assert client.post("/api/loyalty/birthdays", headers=mia).json() == []


def test_s1_24_a_shop_front_asks_for_members_and_nobody_else_is_served(client: TestClient, stood: App) -> None:
    now, facts = stood.clock.now(), Facts()
    facts.add("products", now, sku="coat", unreleased_until=(now + timedelta(days=1)).date())
    held = (EarlyPurchase(hours=48, cost=eur(0)),)
    tier = Tier(id="all", min_spend_minor=0, min_orders=0, privileges=held)
    programme = a_programme(tier_rule=TierRule(tiers=(tier,)))
    settle(stood.store, stood.lake, facts, now, programme, shop_id=SHOP)
    mia, front = token_of(stood, "mia", "marketer"), token_of(stood, "front", "intake")
    day = (now + timedelta(days=1)).date().isoformat()
    drop = {"id": "coat", "sku": "coat", "hours": 48, "public_on": day, "n_total": 1}
    assert client.post("/api/loyalty/early-access", json=drop, headers=front).status_code == 403
    assert client.post("/api/loyalty/early-access", json=drop, headers=mia).status_code == 200
    assert client.post("/api/loyalty/early-access", json=drop, headers=mia).status_code == 422
    found = [
        client.post("/api/loyalty/early-access/coat/claims", json={"person_id": person}, headers=front).json()
        for person in ("stranger", "ann", "ann")
    ]
    assert [(one["code"], one["n_left"]) for one in found] == [
        ("not_a_member", 1), ("claimed", 0), ("already_claimed", 0),
    ]  # fmt: skip
    assert client.get("/api/loyalty/early-access", headers=mia).json()[0]["n_taken"] == 1
    asked = client.post("/api/loyalty/early-access/coat/claims", json={"person_id": "ann"}, headers=mia)
    assert asked.status_code == 403


def test_s1_35_the_page_after_an_order_asks_whether_to_invite(client: TestClient, stood: App) -> None:
    facts = Facts()
    facts.rows["orders"] = []
    facts.order("new", stood.clock.now(), order_ref="#new")
    facts.rows["orders"][0]["fact_id"] = "new"
    settle(stood.store, stood.lake, facts, stood.clock.now(), shop_id=SHOP)
    front, mia = token_of(stood, "front", "intake"), token_of(stood, "mia", "marketer")
    asked = {"order_ref": "#new", "language": "de"}
    assert client.post("/api/loyalty/invitations", json=asked, headers=mia).status_code == 403
    found = [client.post("/api/loyalty/invitations", json=asked, headers=front).json() for _ in range(2)]
    assert [one["code"] for one in found] == ["show", "already_invited"]
    assert found[0]["words"]["button"] and found[1]["words"] is None
    member = client.post("/api/loyalty/invitations", json={"order_ref": "#0"}, headers=front).json()
    assert member["code"] == "is_member"
    assert client.post("/api/loyalty/invitations", json={"order_ref": "#9"}, headers=front).status_code == 404


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/loyalty/birthdays", None),
        ("/api/loyalty/invitations", {"order_ref": "#0"}),
        ("/api/loyalty/early-access/coat/claims", {"person_id": "ann"}),
    ],
)
def test_facts_are_read_while_nobody_waits_for_the_store(
    client: TestClient, stood: App, monkeypatch: pytest.MonkeyPatch, path: str, body: dict[str, str] | None
) -> None:
    """At a million customers reading takes seconds, in which no other till could write."""
    writing, reading, whole, opened = [0], list[int](), stood.store.unit_of_work, Lake.open
    headers = token_of(stood, "all", "marketer", "intake")
    with stood.store.unit_of_work() as uow:
        day = stood.clock.now().date()
        uow.early_access.add(SHOP, Drop(id="coat", sku="coat", hours=48, public_on=day, n_total=1))

    @contextmanager
    def watched(**how: bool) -> Iterator[UnitOfWork]:
        with whole(**how) as uow:
            writing[0] += 1
            yield uow
            writing[0] -= 1

    def noted(lake: Lake, *args: Any, **values: Any) -> LakeView:
        reading.append(writing[0])
        return opened(lake, *args, **values)

    monkeypatch.setattr(stood.store, "unit_of_work", watched)
    monkeypatch.setattr(Lake, "open", noted)
    assert client.post(path, json=body, headers=headers).status_code == 200
    assert reading and not any(reading)


def test_s2_36_missions_of_a_person_are_read(client: TestClient, stood: App) -> None:
    reader = token_of(stood, "vic", "viewer")
    assert client.get("/api/loyalty/people/ann/missions", headers=reader).json() == []
    assert client.get("/api/loyalty/missions", headers=reader).json() == []


def test_s2_35_credit_is_used_by_the_till_and_what_is_owed_is_read(client: TestClient, stood: App) -> None:
    shop = SHOP_OF_FACTS.model_copy(update={"shop_id": SHOP})
    plan = a_credit_plan(shop)
    with stood.store.unit_of_work() as uow:
        at = stood.clock.now()
        uow.plans.put(plan, created_by="mia", touched_by=("mia",), at=at, session_id="", status="live")
        a_send(uow, SHOP, "k", "ann", "email", at, plan_id=plan.id, offer_id=CREDIT.id)
    till, reader = token_of(stood, "till", "intake"), token_of(stood, "vic", "viewer")
    spend = CREDIT.limits.min_spend.model_dump()
    asked = {"id": "#1001", "plan_id": plan.id, "offer_id": CREDIT.id, "spend": spend}
    assert client.post("/api/loyalty/people/ann/credits", json=asked, headers=reader).status_code == 403
    found = client.post("/api/loyalty/people/ann/credits", json=asked, headers=till).json()
    assert (found["code"], found["opens_on"]) == ("too_early", "2027-01-01")
    owed = client.get("/api/loyalty/liability", headers=reader).json()
    assert owed["credits"][0]["outstanding"] == owed["credits"][0]["not_open_yet"] != spend
    assert owed["points"]["points"] == 120 and "assumption" in owed["points"]["breakage_label"]


def test_s1_25_the_member_report_has_no_effect_without_a_holdout(client: TestClient, stood: App) -> None:
    reader = token_of(stood, "vic", "viewer")
    found = client.get("/api/loyalty/report", headers=reader).json()
    assert "not an effect" in found["raw"]["label"]
    assert found["effect"]["code"] == "no_control_group"
    for begins_on, ends_on in (
        ("2026-01-10", "2026-01-09"),
        ("0001-01-01", "2026-01-09"),
        ("2026-01-01", "9999-12-31"),
    ):
        days = {"begins_on": begins_on, "ends_on": ends_on}
        assert client.get("/api/loyalty/report", params=days, headers=reader).status_code == 422
