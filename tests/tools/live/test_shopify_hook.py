"""Only what a trusted secret signed comes in; anything else changes nothing."""

import json

import pytest

from tests.factories.live import DOMAIN, Live, headers, order
from tools.live import NotTrusted, signer
from tools.live.shopify_hook import domain_of

BODY = json.dumps(order()).encode()


def test_a9_forged_unknown_and_unsigned_webhooks_are_refused_alike(live: Live) -> None:
    good = headers("orders/create", BODY, "w-1")
    wrong = [
        headers("orders/create", BODY, "w-1", secret="another secret of the right length"),
        headers("orders/create", BODY, "w-1", domain="else.myshopify.com"),
        good | {"x-shopify-hmac-sha256": ""},
        good | {"x-shopify-hmac-sha256": "not base64 !"},
        good | {"x-shopify-shop-domain": ""},
        good | {"x-shopify-shop-domain": "nord.myshopify.com' OR 1=1"},
        {},
    ]
    with live.store.read() as uow:
        assert signer(uow, live.key, good, BODY) == live.shop.shop_id
        for found in wrong:
            with pytest.raises(NotTrusted):
                signer(uow, live.key, found, BODY)
    assert live.states() == {}


@pytest.mark.parametrize("changed", [BODY + b" ", BODY.replace(b"100.00", b"100.01"), BODY[:-1], b""])
def test_a9_other_bytes_than_the_signed_ones_are_refused(live: Live, changed: bytes) -> None:
    with live.store.read() as uow, pytest.raises(NotTrusted):
        signer(uow, live.key, headers("orders/create", BODY, "w-1"), changed)


def test_a9_two_secrets_are_valid_while_one_is_rotated(live: Live) -> None:
    new = live.trust("shpss_the_next_secret_for_tests")
    live.hook("orders/create", order(1))
    live.hook("orders/create", order(2), secret="shpss_the_next_secret_for_tests")
    with live.store.unit_of_work() as uow:
        uow.webhook_secrets.retire(live.shop.shop_id, new, live.clock.now())
    with pytest.raises(NotTrusted):
        live.hook("orders/create", order(3), secret="shpss_the_next_secret_for_tests")
    assert live.states() == {"waiting": 2}


def test_a_secret_is_not_in_the_database_as_it_is(live: Live) -> None:
    with live.store.read() as uow:
        (row,) = uow.webhook_secrets.all(live.shop.shop_id)
    assert b"shpss" not in row.secret


@pytest.mark.parametrize(
    ("written", "domain"),
    [("Nord.MyShopify.com", DOMAIN), (f"https://{DOMAIN}/", DOMAIN), ("", ""), ("a b", ""), ("..", ""), ("x", "")],
)
def test_domains_as_people_write_them(written: str, domain: str) -> None:
    assert domain_of(written) == domain
