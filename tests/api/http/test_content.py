"""S1-38: the content library over HTTP: a person sets items, words that sell and foreign links are refused."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from agent.assembly import App
from memory.domain.principal import Grant, Principal
from tests.api.conftest import SHOP, token_of

pytestmark = pytest.mark.slow
COLUMNS = "id,type,language,title,text,audience,web"


def item(app: App, **changes: object) -> dict[str, object]:
    with app.store.read() as uow:
        website = uow.shops.get(SHOP).website
    words = {"en": {"title": "Your first run", "text": "Three easy runs."}}
    return {"id": "first_run", "type": "course", "words": words, "links": {"web": f"{website}/run"}, **changes}


def test_s1_38_an_item_is_set_listed_and_ended(client: TestClient, installation: App) -> None:
    mia, vic = token_of(installation, "mia", "marketer"), token_of(installation, "vic", "viewer")
    wanted = item(installation)
    assert client.put("/api/content", json=wanted, headers=vic).status_code == 403
    made = client.put("/api/content", json=wanted, headers=mia).json()
    assert (made["item"]["non_promotional"], made["set_by"], made["ended_at"]) == (True, "mia", None)
    assert [one["item"]["id"] for one in client.get("/api/content", headers=vic).json()] == ["first_run"]
    assert client.post("/api/content/first_run/end", headers=vic).status_code == 403
    assert client.post("/api/content/first_run/end", headers=mia).json()["ended_at"]
    assert client.post("/api/content/second_run/end", headers=mia).status_code == 404
    with installation.store.read() as uow:
        assert {entry.action for entry in uow.audit.entries()} >= {"content.set", "content.end"}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"words": {"en": {"title": "Run", "text": "Use the coupon RUN for 20% off."}}}, "coupon"),
        ({"words": {"zh": {"title": "跑步", "text": "下单立减50元"}}}, "立减"),
        ({"words": {"it": {"title": "Corsa", "text": "Tre corse."}}}, "nobody can check"),
        ({"links": {"web": "https://elsewhere.example.com/a"}}, "elsewhere.example.com"),
        ({"links": {"ios": "nord://a", "android": "nord://a"}}, "SECONDORDER_APP_SCHEME"),
        ({"audience": "members", "min_tier": "gold"}, "loyalty programme"),
        ({"non_promotional": False}, "non_promotional"),
        ({"links": {"web": "javascript:alert(1)"}}, "links.web"),
    ],
)
def test_s1_38_what_sells_leads_astray_or_is_for_nobody_is_refused(
    client: TestClient, installation: App, changes: dict[str, object], said: str
) -> None:
    mia = token_of(installation, "mia", "marketer")
    refused = client.put("/api/content", json=item(installation, **changes), headers=mia)
    assert refused.status_code in (409, 422) and said in refused.text.replace('","', ".")
    assert client.get("/api/content", headers=mia).json() == []


def test_s1_38_a_file_is_taken_item_by_item_and_a_dry_run_writes_nothing(client: TestClient, installation: App) -> None:
    mia = token_of(installation, "mia", "marketer")
    web = item(installation)["links"]["web"]  # type: ignore[index]
    rows = (
        f"run,course,en,Your first run,Three easy runs.,members,{web}",
        "run,,de,Dein erster Lauf,Drei ruhige Läufe.,,",
        f"deal,story,en,Our story,A discount for you.,,{web}",
        f"dyes,guide,en,How we dye,Wool at 40 degrees.,,{web}",
        "dyes,guide,en,How we dye,Twice.,,",
    )
    text = "\n".join((COLUMNS, *rows))
    for dry_run in (True, False):
        found = client.post(
            f"/api/content/import?dry_run={str(dry_run).lower()}", json={"text": text}, headers=mia
        ).json()
        assert (found["n_added"], found["n_rejected"], found["is_dry_run"]) == (1, 2, dry_run)
        told = {one["row"]: (one["id"], one["outcome"]) for one in found["rows"]}
        assert told == {2: ("run", "added"), 3: ("run", "added"), 4: ("deal", "rejected"), 5: ("dyes", "rejected"),
                        6: ("dyes", "rejected")}  # fmt: skip
        why = {one["row"]: one["why"] for one in found["rows"]}
        assert "discount" in why[4] and "twice" in why[6] and not why[2]
        kept = client.get("/api/content", headers=mia).json()
        assert [sorted(one["item"]["words"]) for one in kept] == ([] if dry_run else [["de", "en"]])
    again = client.post("/api/content/import", json={"text": text}, headers=mia).json()
    assert (again["n_added"], again["n_unchanged"]) == (0, 1)
    for wrong, said in (("id,type", "no column"), (f"{COLUMNS},colour", "colour")):
        refused = client.post("/api/content/import", json={"text": wrong}, headers=mia)
        assert refused.status_code == 422 and said in refused.text


def test_s1_38_no_machine_writes_what_customers_read(client: TestClient, installation: App) -> None:
    grant = Grant(shop_id=SHOP, role="marketer")
    with installation.store.unit_of_work() as uow:
        uow.principals.add(Principal(id="bot", name="bot", kind="system", grants=(grant,)), installation.clock.now())
        token = uow.principals.create_token(
            "bot", installation.clock.now() + timedelta(days=3), at=installation.clock.now()
        )
    refused = client.put("/api/content", json=item(installation), headers={"Authorization": f"Bearer {token}"})
    assert refused.status_code == 403
