"""The public block over HTTP: a signed link alone opens it, caches may hold it, clicks count once."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from agent.assembly import App
from agent.runs.worker import RunWorker
from api.http.app import create_api
from memory.domain.clock import ManualClock
from memory.domain.thanks import PARTS, PageVariant
from tests.api.conftest import token_of
from tests.factories.doing import learn
from tests.factories.facts import SHOP, Facts
from tests.factories.thanks import SETTINGS, SHOES, SOCKS, open_shop
from tools.links.thanks import thanks_token
from tools.links.unsubscribe import token as unsubscribe_token
from tools.thanks.friends import bring_friends

pytestmark = pytest.mark.slow
ANN = {"email": "ann@example.com"}


@pytest.fixture
def shop(installation: App) -> App:
    open_shop(installation.store, installation.lake)
    return installation


@pytest.fixture
def served(shop: App) -> Iterator[TestClient]:
    with TestClient(create_api(shop), raise_server_exceptions=False) as client:
        client.headers.update(token_of(shop, "till", "intake", shop_id=SHOP.shop_id))
        yield client


def opened(client: TestClient, ref: str = "#1001", market: str = "DE", **more: Any) -> str:
    body = {"order_ref": ref, "skus": [SHOES], "market": market, "customer": ANN, **more}
    answer = client.post("/api/thanks/orders", json=body)
    assert answer.status_code == 200, answer.text
    return "/thanks/" + str(answer.json()["token"])


def test_s1_09_the_block_of_an_order_shows_a_complement_in_stock_with_its_rule(served: TestClient) -> None:
    path = opened(served)
    answer = served.get(path, headers={"Authorization": ""})
    assert answer.status_code == 200
    first = answer.json()["goods"][0]
    assert (first["sku"], first["rule"], first["n_together"]) == (SOCKS, "complement", 9)
    assert first["because"] == "Wird oft zusammen mit Ihrer Bestellung gekauft"
    assert SHOES not in {one["sku"] for one in answer.json()["goods"]}
    assert "ann@example.com" not in answer.text and "p0" not in answer.json()


def test_s1_09_an_imported_order_needs_no_articles(served: TestClient) -> None:
    path = opened(served, ref="#0", skus=[], customer={})
    assert served.get(path).status_code == 200
    assert served.post("/api/thanks/orders", json={"order_ref": "#none"}).status_code == 422


def test_s1_09_an_order_number_opens_nothing_and_neither_does_a_forged_or_foreign_link(
    served: TestClient, shop: App
) -> None:
    path = opened(served)
    token = path.removeprefix("/thanks/")
    wrong = (
        "%231001", "1001", token[:-3], "A" + token[1:], token + "AAAA", thanks_token(shop.key, SHOP.shop_id, "#1002"),
        thanks_token(b"another key of 32 bytes, not ours", SHOP.shop_id, "#1001"),
        thanks_token(shop.key, "alpha", "#1001"), unsubscribe_token(shop.key, SHOP.shop_id, "#1001", "email"),
    )  # fmt: skip
    assert {served.get("/thanks/" + one).status_code for one in wrong} == {404}
    assert {served.get("/thanks/" + one).json()["code"] for one in wrong} == {"NoSuchPage"}


def test_s1_09_a_cache_may_hold_it_and_asks_by_its_tag(served: TestClient) -> None:
    path = opened(served)
    first = served.get(path)
    assert first.headers["cache-control"] == "public, max-age=60"
    assert first.headers["access-control-allow-origin"] == "*" and "set-cookie" not in first.headers
    again = served.get(path, headers={"If-None-Match": f'"other", W/{first.headers["etag"]}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    assert served.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_s1_09_asked_again_an_order_keeps_its_page(served: TestClient) -> None:
    path = opened(served)
    code = served.get(path).json()["code"]["code"]
    assert opened(served, skus=[SOCKS], customer={}) == path
    assert served.get(path).json()["code"]["code"] == code


def test_s1_10_the_block_shows_the_code_until_it_is_used_or_expires(
    served: TestClient, shop: App, clock: ManualClock
) -> None:
    path, later = opened(served), opened(served, ref="#1002")
    found = served.get(path).json()
    code = found["code"]["code"]
    assert code.startswith("THX-") and "2.00 EUR" in found["words"]["code_more"]
    use = {"code": code.lower(), "order_ref": "#1002", "customer": ANN}
    stranger = {**use, "customer": {"email": "bob@example.com"}}
    assert served.post("/api/thanks/codes", json=stranger).json()["reason"] == "other_customer"
    assert served.post("/api/thanks/codes", json={**use, "order_ref": "#1001"}).json()["reason"] == "same_order"
    assert served.post("/api/thanks/codes", json={**use, "check_only": True}).json()["is_redeemed"] is False
    assert served.post("/api/thanks/codes", json=use).json()["is_redeemed"] is True
    assert served.post("/api/thanks/codes", json={**use, "order_ref": "#1003"}).json()["reason"] == "used"
    assert served.get(path).json()["code"] is None
    assert served.get(later).json()["code"] is not None
    clock.advance(timedelta(hours=48))
    assert served.get(later).json()["code"] is None


@pytest.mark.parametrize(
    ("market", "until"),
    [
        ("DE", "2026-01-17 13:00 (Europe/Berlin)"),
        ("JP", "2026-01-17 21:00 (Asia/Tokyo)"),
        ("US", "2026-01-17 07:00 (America/New York)"),
    ],
)
def test_s1_10_the_code_s_end_is_told_in_the_market_s_own_time_and_names_it(
    served: TestClient, market: str, until: str
) -> None:
    found = served.get(opened(served, market=market)).json()
    assert until in found["words"]["code_more"]


@pytest.mark.parametrize(
    ("market", "networks"),
    [("DE", ["instagram", "tiktok"]), ("CN", ["wechat", "xiaohongshu"]), ("FR", [])],
)
def test_s1_11_only_channels_of_the_order_s_market_are_listed(
    served: TestClient, market: str, networks: list[str]
) -> None:
    found = served.get(opened(served, market=market)).json()
    assert [one["network"] for one in found["socials"]] == networks
    assert found["language"] == {"DE": "de", "CN": "zh", "FR": "fr"}[market]


def test_s1_11_a_click_is_recorded_once_and_only_for_what_the_block_holds(served: TestClient, shop: App) -> None:
    path = opened(served)
    headers = {"Origin": "https://shop.example", "Sec-Fetch-Site": "cross-site", "Authorization": ""}
    for target in ("social:tiktok", "social:tiktok", f"goods:{SOCKS}", "share", "code"):
        assert served.post(f"{path}/clicks", params={"target": target}, headers=headers).status_code == 204
    for target in ("social:wechat", f"goods:{SHOES}"):
        assert served.post(f"{path}/clicks", params={"target": target}).status_code == 404
    assert served.post(f"{path}/clicks", params={"target": "<script>"}).status_code == 422
    with shop.store.read() as uow:
        clicks = uow.thanks.clicks(SHOP.shop_id)
    assert clicks["target"].to_pylist() == ["code", f"goods:{SOCKS}", "share", "social:tiktok"]
    assert len(set(clicks["person_id"].to_pylist())) == 1


def test_s1_12_the_link_to_share_says_what_it_earns_in_the_market_s_own_money_or_points(served: TestClient) -> None:
    german, chinese = (served.get(opened(served, ref=f"#{m}", market=m)).json() for m in ("DE", "CN"))
    assert german["share"]["url"].startswith("https://shop.example.invalid/?ref=R-")
    assert german["share"]["url"] == chinese["share"]["url"]
    assert "10.00 EUR" in german["words"]["share_more"] and "100积分" in chinese["words"]["share_more"]
    assert served.get(opened(served, ref="#FR", market="FR")).json()["share"] is None


def test_s1_12_a_friend_who_comes_by_the_link_and_pays_earns_the_one_who_shared(
    served: TestClient, shop: App, clock: ManualClock
) -> None:
    url = served.get(opened(served)).json()["share"]["url"]
    friend = {"email": "bob@example.com"}
    came = opened(served, ref="#2001", customer=friend, share_code=url.rpartition("=")[2])
    opened(served, ref="#2002", customer={"email": "eve@example.com"}, share_code="R-INVENTED")
    opened(served, ref="#2003", share_code=url.rpartition("=")[2])
    assert bring_friends(shop.store, shop.lake, clock, shop.key, SHOP.shop_id)
    with shop.store.read() as uow:
        order, own = (uow.thanks.get(SHOP.shop_id, ref) for ref in ("#2001", "#2003"))
    assert order is not None and own is not None and came
    facts = Facts()
    facts.order(order.person_id, clock.now(), order_ref="#2001")
    facts.order(own.person_id, clock.now(), order_ref="#2003")
    for rows in facts.rows.values():
        for row in rows:
            row["fact_id"] += "-later"
    learn(shop.store, shop.lake, facts, clock.now())
    headers = token_of(shop, "mia", "marketer", shop_id=SHOP.shop_id)
    read = served.get("/api/thanks/rewards", headers=headers).json()
    assert sorted((one["status"], one["reason"]) for one in read) == [("blocked", "self_referral"), ("waiting", "")]
    clock.advance(timedelta(days=30))
    headers = token_of(shop, "max", "marketer", shop_id=SHOP.shop_id)
    read = served.get("/api/thanks/rewards", headers=headers).json()
    assert [one["amount"] for one in read if one["status"] == "earned"] == [{"amount_minor": 1000, "currency": "EUR"}]


def test_s1_12_a_checkout_waits_for_no_import_and_a_friend_is_brought_by_a_worker(
    served: TestClient, shop: App, clock: ManualClock
) -> None:
    code = served.get(opened(served)).json()["share"]["url"].rpartition("=")[2]
    with shop.store.read() as uow:
        before = uow.versions.latest()
    for _ in range(2):
        opened(served, ref="#2001", customer={"email": "bob@example.com"}, share_code=code)
    with shop.store.read() as uow:
        assert uow.versions.latest() == before, "a data version waits for imports that run"
        order, waiting = (
            uow.thanks.get(SHOP.shop_id, "#2001"),
            uow.inbox.waiting(SHOP.shop_id, clock.now(), 9, lock=False),
        )
    assert order is not None and len(waiting) == 1
    RunWorker(shop).bring_friends()
    with shop.store.read() as uow, shop.lake.open(uow.versions.latest().tables, [SHOP.shop_id]) as view:
        rows = view.table("referrals").to_pyarrow().to_pylist()
    assert [row["subject_id"] for row in rows] == [order.person_id]
    assert rows[0]["event_at"] == clock.now() - timedelta(hours=1)
    assert not bring_friends(shop.store, shop.lake, clock, shop.key, SHOP.shop_id)


def test_s1_13_who_is_held_out_sees_a_plain_page(served: TestClient, shop: App) -> None:
    with shop.store.unit_of_work() as uow:
        uow.thanks.put_settings(SHOP.shop_id, SETTINGS.model_copy(update={"plain_rate": 1.0}), "mia", shop.clock.now())
    found = served.get(opened(served)).json()
    assert (found["goods"], found["code"], found["socials"], found["share"]) == ([], None, [], None)


def test_s1_11_the_script_sets_text_only_and_comes_from_here_alone(served: TestClient) -> None:
    answer = served.get("/thanks.js")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["access-control-allow-origin"] == "*"
    forbidden = ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function(", "cookie")
    assert not [word for word in forbidden if word in answer.text]


def test_s1_09_the_block_is_limited_per_address_as_other_public_pages(home: Any, clock: ManualClock) -> None:
    from agent.assembly import assemble
    from agent.settings import load_settings

    app = assemble(load_settings(home=home, requests_per_minute=3), clock)
    with TestClient(create_api(app), raise_server_exceptions=False) as client:
        looked = [client.get("/thanks/nothing").status_code for _ in range(4)]
        assert looked == [404, 404, 404, 429]
        assert client.post("/thanks/nothing/clicks?target=share").status_code == 429
    app.close()


def test_s1_10_settings_are_refused_that_guardrails_or_a_market_s_money_forbid(served: TestClient, shop: App) -> None:
    headers = token_of(shop, "mia", "marketer", shop_id=SHOP.shop_id)
    good = json.loads(SETTINGS.model_dump_json())
    assert served.put("/api/thanks/settings", json=good, headers=headers).status_code == 200
    for change, why in (
        ({"code": {**good["code"], "off": {"amount_minor": 300, "currency": "EUR"}}}, "discount ceiling"),
        ({"share": {"CN": {"amount": {"amount_minor": 1000, "currency": "EUR"}}}}, "CNY"),
        ({"share": {"XX": {"points": 5}}}, "no market"),
        ({"socials": {"DE": [{"network": "tiktok", "name": "x", "url": "javascript:alert(1)"}]}}, ""),
    ):
        answer = served.put("/api/thanks/settings", json={**good, **change}, headers=headers)
        assert answer.status_code == 422 and why in answer.text
    assert served.get("/api/thanks/settings", headers=headers).json() == good
    assert served.get("/api/thanks/settings").status_code == 403


def test_s1_10_guardrails_made_stricter_later_hold_for_every_new_code(served: TestClient, shop: App) -> None:
    before = served.get(opened(served)).json()["code"]
    assert before is not None
    with shop.store.unit_of_work() as uow:
        rails = uow.guardrails.current(SHOP.shop_id)
        lower = rails.model_copy(update={"discount_ceiling": {"vip": 0.03}})
        uow.guardrails.put(SHOP.shop_id, lower, "mia", shop.clock.now())
    assert served.get(opened(served)).json()["code"] == before, "what was given stays"
    assert served.get(opened(served, ref="#1002")).json()["code"] is None
    with shop.store.read() as uow:
        first, second = (uow.thanks.get(SHOP.shop_id, ref) for ref in ("#1001", "#1002"))
    assert first is not None and second is not None
    assert (first.code_refused, second.code_refused) == (None, "discount_ceiling")
    assert second.share_code is not None


def test_s1_13_variants_show_their_own_parts(served: TestClient, shop: App) -> None:
    few = SETTINGS.model_copy(update={"variants": (PageVariant(id="few", parts=("social",)),)})
    with shop.store.unit_of_work() as uow:
        uow.thanks.put_settings(SHOP.shop_id, few, "mia", shop.clock.now())
    found = served.get(opened(served)).json()
    assert (found["goods"], found["code"], found["share"]) == ([], None, None) and found["socials"]
    assert set(PARTS) == {"goods", "code", "social", "share"}


def test_s1_13_the_effect_is_read_against_the_plain_page(served: TestClient, shop: App, clock: ManualClock) -> None:
    half = SETTINGS.model_copy(update={"plain_rate": 0.5, "measured_days": 1})
    with shop.store.unit_of_work() as uow:
        uow.thanks.put_settings(SHOP.shop_id, half, "mia", shop.clock.now())
    paths = [opened(served, ref=f"#{n}", customer={"customer_id": f"c{n}"}) for n in range(5000, 5030)]
    shown = [path for path in paths if served.get(path).json()["socials"]]
    assert 0 < len(shown) < 30
    assert served.post(f"{shown[0]}/clicks", params={"target": "social:tiktok"}).status_code == 204
    clock.advance(timedelta(days=2))
    facts = Facts()
    facts.order("somebody", clock.now(), order_ref="#9999")
    facts.rows["orders"][0]["fact_id"] += "-later"
    learn(shop.store, shop.lake, facts, clock.now())
    headers = token_of(shop, "mia", "marketer", shop_id=SHOP.shop_id)
    found = served.get("/api/thanks/effect", headers=headers).json()
    assert {one["arm"]: one["n_people"] for one in found["arms"]} == {"full": len(shown), "plain": 30 - len(shown)}
    assert [one["n_follows"] for one in found["arms"]] == [1, 0]
    assert found["against_plain"][0]["follows_pp"]["kind"] == "interval"
    assert served.get("/api/thanks/effect").status_code == 403


def test_s1_29_customers_are_split_between_recommendations_bestsellers_and_a_plain_page(
    served: TestClient, shop: App, clock: ManualClock
) -> None:
    variants = (PageVariant(id="fitting"), PageVariant(id="bestsellers", goods="bestsellers"))
    split = SETTINGS.model_copy(update={"plain_rate": 0.3, "measured_days": 1, "variants": variants})
    with shop.store.unit_of_work() as uow:
        uow.thanks.put_settings(SHOP.shop_id, split, "mia", shop.clock.now())
    rules = set()
    for n in range(6000, 6030):
        path = opened(served, ref=f"#{n}", customer={"customer_id": f"c{n}"})
        rules.add(next((one["rule"] for one in served.get(path).json()["goods"]), "plain"))
    assert rules == {"complement", "bestseller", "plain"}
    clock.advance(timedelta(days=2))
    facts = Facts()
    facts.order("somebody", clock.now(), order_ref="#9999")
    facts.rows["orders"][0]["fact_id"] += "-later"
    learn(shop.store, shop.lake, facts, clock.now())
    found = served.get("/api/thanks/effect", headers=token_of(shop, "mia", "marketer", shop_id=SHOP.shop_id)).json()
    (pair,) = found["between"]
    assert (pair["first"], pair["second"], pair["second_order_pp"]["kind"]) == ("bestsellers", "fitting", "interval")
    assert sum(one["n_people"] for one in found["arms"]) == 30
