"""Codes over the Shopify-compatible contract: what is asked, and what its answers mean."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from memory.domain.clock import ManualClock
from memory.domain.money import Money
from tests.servers.http import FaultServer
from tests.servers.shopify import TOKEN, Shopify
from tools.channels.reach import Reach
from tools.codes import Declined, JobEnd, Made, NotNow
from tools.codes.shop import Worth
from tools.codes.shopify import ShopifyCodes

CLOCK = ManualClock(datetime(2026, 12, 29, 12, tzinfo=UTC))
WORTH = Worth(
    title="first_time.store_credit 0a1b2c",
    off=Money(amount_minor=1500, currency="EUR"),
    rate=None,
    min_spend=Money(amount_minor=7500, currency="EUR"),
    starts_at=datetime(2026, 12, 28, 23, tzinfo=UTC),
    ends_at=datetime(2027, 1, 11, 22, 59, 59, tzinfo=UTC),
)


@pytest.fixture(autouse=True)
def waited(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Nothing sleeps; what would have been waited is noted."""
    found: list[float] = []
    monkeypatch.setattr("tenacity.nap.time", SimpleNamespace(sleep=found.append, monotonic=time.monotonic))
    return found


@pytest.fixture
def shop() -> Shopify:
    return Shopify()


@pytest.fixture
def server(shop: Shopify) -> Iterator[FaultServer]:
    found = FaultServer(shop)
    yield found
    found.stop()


@pytest.fixture
def asked(server: FaultServer) -> Iterator[ShopifyCodes]:
    found = ShopifyCodes(server.url, TOKEN, CLOCK, reach=Reach(allows_loopback=True), timeout_seconds=1.0)
    yield found
    found.close()


def made(answer: Any) -> str:
    assert isinstance(answer, Made), answer
    return answer.name


def test_a_discount_holds_once_per_code_and_customer_on_its_days_and_basket(asked: ShopifyCodes, shop: Shopify) -> None:
    node = made(asked.create(WORTH, "SO-AAAA1111"))
    assert shop.discounts[node] == {
        "title": "first_time.store_credit 0a1b2c",
        "code": "SO-AAAA1111",
        "startsAt": "2026-12-28T23:00:00+00:00",
        "endsAt": "2027-01-11T22:59:59+00:00",
        "usageLimit": 1,
        "appliesOncePerCustomer": True,
        "context": {"all": "ALL"},
        "customerGets": {
            "value": {"discountAmount": {"amount": "15.00", "appliesOnEachItem": False}},
            "items": {"all": True},
        },
        "minimumRequirement": {"subtotal": {"greaterThanOrEqualToSubtotal": "75.00"}},
    }


def test_a_share_off_is_a_percentage_and_no_smallest_basket_is_no_condition(asked: ShopifyCodes, shop: Shopify) -> None:
    free = Money(amount_minor=0, currency="EUR")
    node = made(asked.create(WORTH._replace(off=None, rate=0.1, min_spend=free), "SO-AAAA1111"))
    assert shop.discounts[node]["customerGets"]["value"] == {"percentage": 0.1}
    assert "minimumRequirement" not in shop.discounts[node]
    twice = shop.discounts[made(asked.create(WORTH._replace(uses=2), "SO-AAAA2222"))]
    assert (twice["usageLimit"], twice["appliesOncePerCustomer"]) == (2, False)


def test_codes_are_added_by_a_job_and_each_is_told(asked: ShopifyCodes, shop: Shopify) -> None:
    shop.declines = "BAD"
    node = made(asked.create(WORTH, "SO-AAAA1111"))
    job = made(asked.add(node, ["SO-B", "so-aaaa1111", "BAD-1"]))
    shop.lag = 1
    assert asked.look(job) is None
    assert asked.look(job) == JobEnd(frozenset({"SO-B"}), {"so-aaaa1111": "TAKEN", "BAD-1": "INVALID"})


def test_codes_are_found_whatever_their_case_many_at_a_time(asked: ShopifyCodes, shop: Shopify) -> None:
    node = made(asked.create(WORTH, "SO-AAAA1111"))
    many = [f"SO-{n:04d}" for n in range(120)]
    asked.look(made(asked.add(node, many)))
    assert asked.find([*many, "so-aaaa1111", "NOBODY"]) == dict.fromkeys([*many, "so-aaaa1111"], node)
    assert shop.asked.count("find") == 3


def test_what_the_shop_declines_comes_with_its_reason(asked: ShopifyCodes, shop: Shopify) -> None:
    made(asked.create(WORTH, "SO-AAAA1111"))
    assert asked.create(WORTH, "so-aaaa1111") == Declined("TAKEN", "it is taken")
    assert asked.add("gid://shopify/DiscountCodeNode/9", ["X"]) == Declined("INVALID", "it is invalid")
    assert asked.look("gid://shopify/DiscountRedeemCodeBulkCreation/9") == Declined(
        "NOT_FOUND", "the shop knows no such bulk creation"
    )


def test_a_busy_shop_is_waited_for_as_long_as_its_allowance_takes(
    asked: ShopifyCodes, shop: Shopify, waited: list[float]
) -> None:
    shop.throttled = 2
    assert isinstance(asked.create(WORTH, "SO-AAAA1111"), Made)
    assert waited == [0.5, 0.5]  # 60 points wanted, 10 there, 100 a second


def test_a_shop_that_stays_busy_is_asked_later(asked: ShopifyCodes, shop: Shopify) -> None:
    shop.throttled = 99
    found = asked.find(["A"])
    assert isinstance(found, NotNow) and (found.reason, found.is_ours) == ("throttled", False)


def test_retry_after_is_kept(asked: ShopifyCodes, server: FaultServer, waited: list[float]) -> None:
    server.fault = "retry_seconds"
    assert isinstance(asked.find(["A"]), NotNow)
    assert waited == [7.0, 7.0, 7.0]


@pytest.mark.parametrize("fault", ["status_500", "status_503", "drop", "error_in_200", "accept_then_drop", "slow_body"])
def test_an_answer_that_is_lost_is_asked_once_and_says_nothing(
    asked: ShopifyCodes, server: FaultServer, shop: Shopify, fault: str
) -> None:
    server.fault = fault
    found = asked.create(WORTH, "SO-AAAA1111")
    assert isinstance(found, NotNow) and not found.is_ours
    assert shop.asked.count("create") <= 1
    server.fault = ""
    is_there = bool(shop.codes)
    assert bool(asked.find(["SO-AAAA1111"])) == is_there


def test_a_token_that_is_not_accepted_is_for_a_person_to_set(server: FaultServer, shop: Shopify) -> None:
    wrong = ShopifyCodes(server.url, "shpat_wrong", CLOCK, reach=Reach(allows_loopback=True))
    assert wrong.find(["A"]) == NotNow("http 401", is_ours=True)
    wrong.close()
    shop.is_denied = True
    right = ShopifyCodes(server.url, TOKEN, CLOCK, reach=Reach(allows_loopback=True))
    assert right.find(["A"]) == NotNow("access_denied", is_ours=True)
    right.close()


def test_this_machine_is_not_reached_unless_it_is_a_rehearsal(server: FaultServer) -> None:
    strict = ShopifyCodes(server.url, TOKEN, CLOCK)
    found = strict.find(["A"])
    assert isinstance(found, NotNow) and found.is_ours
    strict.close()
