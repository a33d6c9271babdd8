"""Codes of offers over HTTP: a source, a pool, who has which, redemptions and alarms."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from agent.assembly import App, assemble
from agent.settings import load_settings
from api.http.app import create_api
from memory.domain.clock import ManualClock
from memory.domain.codes import SHOP_TOKEN
from tests.api.conftest import token_of
from tests.factories.coded import OFFER, POOL, SHOPIFY, CodedShop, a_coded_shop, coded_plan
from tests.servers.http import FaultServer
from tests.servers.shopify import TOKEN, Shopify

pytestmark = pytest.mark.slow
FILE = f"code,offer,expires_on\nNORD-0001,{OFFER},\nNORD-0001,{OFFER},\nNORD-0002,store_credits,\n".encode()


def coded_in(app: App, source: object) -> CodedShop:
    coded = a_coded_shop(app.store, source)  # type: ignore[arg-type]
    assert isinstance(app.clock, ManualClock)
    app.clock.set(coded.clock.now())
    coded.clock = app.clock
    return coded


def test_a_pool_is_imported_and_its_codes_leave(client: TestClient, installation: App) -> None:
    coded = coded_in(installation, POOL)
    mia, vic = (token_of(installation, *who, shop_id="nord") for who in (("mia", "marketer"), ("vic", "viewer")))
    sue = token_of(installation, "sue", "support", shop_id="nord")
    where, files = f"/api/codes/plans/{coded.plan.id[:12]}", {"file": ("codes.csv", FILE)}
    assert client.post(f"{where}/pool", files=files, headers=vic).status_code == 403
    dry = client.post(f"{where}/pool?dry_run=true", files=files, headers=mia).json()
    assert (dry["n_added"], dry["is_dry_run"]) == (1, True)
    done = client.post(f"{where}/pool", files=files, headers=mia).json()
    assert [(one["row"], one["problem"]) for one in done["refused"]] == [(3, "twice_in_file"), (4, "unknown_offer")]
    assert coded.run().n_sent == 1
    seen = client.get(where, headers=vic).json()
    (mine,) = [one for one in seen["offers"] if one["offer_id"] == OFFER]
    assert (mine["gives_code"], mine["n_confirmed"], mine["n_imported"], mine["n_free"]) == (True, 1, 1, 0)
    assert seen["words"].endswith("codes come from an imported pool.")
    assert client.get(f"{where}/grants", headers=mia).status_code == 403
    (grant,) = client.get(f"{where}/grants", headers=sue).json()
    assert (grant["code"], grant["state"]) == ("NORD-0001", "confirmed")
    assert client.get(f"{where}/redemptions", headers=vic).json() == []
    assert client.post("/api/codes/alarms/look", headers=mia).json() == []
    assert client.get("/api/codes/alarms?every=true", headers=vic).json() == []
    assert client.post(f"{where}/offers/{OFFER}/alarms/rate/settle", headers=mia).status_code == 404
    with installation.store.read() as uow:
        assert {entry.action for entry in uow.audit.entries()} >= {"codes.import", "codes.list"}


def test_a_person_sets_the_source_and_plans_follow_it(client: TestClient, installation: App) -> None:
    coded_in(installation, POOL)
    mia, vic = (token_of(installation, *who, shop_id="nord") for who in (("mia", "marketer"), ("vic", "viewer")))
    wanted = {"kind": "shopify", "shopify_shop": "nord.myshopify.com", "gives": ["discount"]}
    assert client.put("/api/codes/source", json=wanted, headers=vic).status_code == 403
    assert client.put("/api/codes/source", json={"kind": "shopify"}, headers=mia).status_code == 422
    assert client.put("/api/codes/source", json={**wanted, "shopify_shop": "evil.com"}, headers=mia).status_code == 422
    assert client.put("/api/codes/source", json=wanted, headers=mia).json()["set_by"] == "mia"
    assert client.get("/api/codes/source", headers=vic).json()["source"]["gives"] == ["discount"]
    assert client.delete("/api/codes/source", headers=mia).json()["source"]["kind"] == "shopify"
    assert client.get("/api/codes/source", headers=vic).json() is None
    assert client.delete("/api/codes/source", headers=mia).status_code == 404


@pytest.fixture
def shopify() -> Iterator[tuple[Shopify, FaultServer]]:
    shop = Shopify()
    server = FaultServer(shop)
    yield shop, server
    server.stop()


def test_shopify_is_asked_with_the_shops_own_token(
    home: Path, clock: ManualClock, shopify: tuple[Shopify, FaultServer]
) -> None:
    shop, server = shopify
    app = assemble(load_settings(home=home, shopify_url=server.url, channels_allow_loopback=True), clock)
    coded = coded_in(app, SHOPIFY)
    mia = token_of(app, "mia", "marketer", shop_id="nord")
    with TestClient(create_api(app), raise_server_exceptions=False) as client:
        assert client.post("/api/codes/ask", headers=mia).json()["n_waiting"] == 0
        coded.run()
        refused = client.post("/api/codes/ask", headers=mia)
        assert refused.status_code == 409 and SHOP_TOKEN in refused.json()["message"]
        with app.store.unit_of_work() as uow:
            uow.secrets.put("nord", SHOP_TOKEN, TOKEN, "mia", clock.now())
        shop.create_error = "INVALID"
        assert client.post("/api/codes/ask", headers=mia).json()["n_refused"] == 4
        shop.create_error = ""
        again = client.post(f"/api/codes/plans/{coded.plan.id}/offers/{OFFER}/retry", headers=mia)
        assert again.json() == {"n": 4}
        client.post("/api/codes/ask", headers=mia)
        assert client.post("/api/codes/ask", headers=mia).json()["n_confirmed"] == 3
    coded.later(minutes=1)
    assert coded.run().n_sent == 4
    app.close()


def test_plans_say_per_offer_whether_a_code_is_given(client: TestClient, installation: App) -> None:
    without, with_pool, with_shopify = (coded_plan(source) for source in (None, POOL, SHOPIFY))
    assert not any(offer.gives_code for offer in without.offers)
    assert "gives_code" not in without.model_dump_json()
    given = {offer.incentive.kind for offer in with_pool.offers if offer.gives_code}
    assert given == {"store_credit", "free_expedited_shipping"}
    limited = [offer for offer in with_shopify.offers if offer.gives_code]
    assert {offer.incentive.kind for offer in limited} == {"store_credit"}
    assert all(not offer.limits.categories for offer in limited)
    assert without.id != with_pool.id
