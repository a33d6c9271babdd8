"""What the thank-you page would show: how it is set, goods per market with their rule, the block of a specimen."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from agent.assembly import App
from api.http.app import create_api
from api.verbs.thanks_reports import ShareRow, totals
from memory.domain.thanks import PageVariant
from tests.api.conftest import token_of
from tests.factories.facts import SHOP
from tests.factories.thanks import AT, SERUM, SETTINGS, SOCKS, TONER, euros, open_shop

pytestmark = pytest.mark.slow


@pytest.fixture
def shop(installation: App) -> App:
    open_shop(installation.store, installation.lake)
    return installation


@pytest.fixture
def served(shop: App) -> Iterator[TestClient]:
    with TestClient(create_api(shop), raise_server_exceptions=False) as client:
        client.headers.update(token_of(shop, "vic", "viewer", shop_id=SHOP.shop_id))
        yield client


def test_s1_09_it_says_who_set_the_page_and_nothing_where_nobody_did(served: TestClient, client: TestClient) -> None:
    found = served.get("/api/thanks/standing").json()
    assert (found["set_by"], found["settings"]["code"]["hours"], found["prepared_at"]) == ("mia", 48, None)


def test_s1_09_goods_of_each_market_follow_from_what_is_ordered_most_there(served: TestClient) -> None:
    found = {one["market"]: one for one in served.get("/api/thanks/goods").json()}
    assert list(found) == ["DE", "CN"]
    assert (found["DE"]["sku"], found["DE"]["n_orders"]) == (TONER, 40)
    assert found["DE"]["goods"][0]["sku"] == SERUM and found["DE"]["goods"][0]["rule"] == "same_category"
    assert (found["CN"]["sku"], found["CN"]["goods"][0]["rule"]) == ("", "bestseller")


def test_s1_09_a_specimen_shows_all_parts_in_its_markets_language_and_keeps_nothing(
    served: TestClient, shop: App
) -> None:
    found = served.get("/api/thanks/preview", params={"market": "DE", "sku": "shoes"}).json()
    assert (found["language"], found["goods"][0]["sku"], found["code"]["code"]) == ("de", SOCKS, "THX-EXAMPLE")
    assert [one["network"] for one in found["socials"]] == ["instagram", "tiktok"]
    assert found["share"]["url"].endswith("ref=R-EXAMPLE") and "10.00 EUR" in found["words"]["share_more"]
    chinese = served.get("/api/thanks/preview", params={"market": "CN"}).json()
    assert (chinese["language"], [one["network"] for one in chinese["socials"]]) == ("zh", ["wechat", "xiaohongshu"])
    with shop.store.read() as uow:
        assert uow.thanks.get(SHOP.shop_id, "specimen") is None
        assert uow.thanks.by_code(SHOP.shop_id, "THX-EXAMPLE") is None


def test_s1_09_a_variant_shows_its_own_parts_also_while_the_page_is_off(served: TestClient, shop: App) -> None:
    off = SETTINGS.model_copy(update={"is_on": False, "variants": (PageVariant(id="few", parts=("social",)),)})
    with shop.store.unit_of_work() as uow:
        uow.thanks.put_settings(SHOP.shop_id, off, "mia", shop.clock.now())
    found = served.get("/api/thanks/preview", params={"variant": "few"}).json()
    assert (found["goods"], found["code"], found["share"]) == ([], None, None) and found["socials"]
    assert served.get("/api/thanks/preview", params={"variant": "full"}).status_code == 422


def test_s1_10_a_specimen_has_no_code_where_guardrails_forbid_it_now(served: TestClient, shop: App) -> None:
    with shop.store.unit_of_work() as uow:
        limits = uow.guardrails.current(SHOP.shop_id)
        tight = dict.fromkeys(limits.discount_ceiling, 0.01)
        uow.guardrails.put(SHOP.shop_id, limits.model_copy(update={"discount_ceiling": tight}), "mia", shop.clock.now())
    found = served.get("/api/thanks/preview", params={"sku": "shoes"}).json()
    assert found["code"] is None and found["goods"]


def test_s1_12_what_is_owed_is_added_up_by_status_and_currency() -> None:
    plain = {"friend_id": "f", "reason": "", "ordered_at": AT, "granted_at": AT}
    rows = [
        ShareRow(person_id="a", market="DE", amount=euros(1000), points=None, status="earned", **plain),
        ShareRow(person_id="b", market="DE", amount=euros(1000), points=None, status="earned", **plain),
        ShareRow(person_id="c", market="CN", amount=None, points=100, status="waiting", **plain),
    ]
    earned, waiting, back, blocked = totals(rows)
    assert (earned.n_friends, earned.amounts, earned.points) == (2, (euros(2000),), 0)
    assert (waiting.n_friends, waiting.amounts, waiting.points) == (1, (), 100)
    assert (back.n_friends, blocked.n_friends) == (0, 0)
