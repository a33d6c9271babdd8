"""Asking a shop for codes: through the contract to a local server, whose answers get lost, late and wrong."""

from collections.abc import Iterator

import pytest

from agent.codes import confirm_codes
from agent.codes.confirming import CodesRound
from memory.domain.codes import code_key
from memory.store.engine import Store
from tests.factories.coded import OFFER, SHOPIFY, CodedShop, a_coded_shop
from tests.servers.http import FaultServer
from tests.servers.shopify import TOKEN, Shopify
from tools.channels.reach import Reach
from tools.codes.shopify import ShopifyCodes


@pytest.fixture
def at_shopify() -> Shopify:
    return Shopify()


@pytest.fixture
def server(at_shopify: Shopify) -> Iterator[FaultServer]:
    found = FaultServer(at_shopify)
    yield found
    found.stop()


@pytest.fixture
def coded(store: Store) -> CodedShop:
    """Four messages wait for their codes."""
    found = a_coded_shop(store, SHOPIFY)
    found.run()
    return found


@pytest.fixture
def asked(server: FaultServer, coded: CodedShop) -> Iterator[ShopifyCodes]:
    found = ShopifyCodes(server.url, TOKEN, coded.clock, reach=Reach(allows_loopback=True), timeout_seconds=0.5)
    yield found
    found.close()


def ask(coded: CodedShop, asked: ShopifyCodes) -> CodesRound:
    coded.later(minutes=1)
    return confirm_codes(coded.store, asked, coded.clock, "nord")


def states(coded: CodedShop) -> dict[str, str]:
    return {grant["code"]: grant["state"] for grant in coded.grants()}


def test_one_discount_holds_all_codes_and_what_is_confirmed_leaves(
    coded: CodedShop, asked: ShopifyCodes, at_shopify: Shopify
) -> None:
    assert ask(coded, asked).n_waiting == 3  # the first one is made with the discount, the others by a job
    found = ask(coded, asked)
    assert (found.n_confirmed, found.n_waiting, found.trouble) == (3, 0, "")
    assert len(at_shopify.discounts) == 1
    assert set(at_shopify.codes) == set(states(coded))
    assert coded.run().n_sent == 4
    assert all(any(code in text for text in coded.texts()) for code in states(coded))


def test_a_job_that_takes_its_time_is_asked_again_and_nothing_is_added_twice(
    coded: CodedShop, asked: ShopifyCodes, at_shopify: Shopify
) -> None:
    at_shopify.lag = 3
    for _ in range(6):
        ask(coded, asked)
    assert set(states(coded).values()) == {"confirmed"}
    assert at_shopify.asked.count("add") == 1


@pytest.mark.parametrize("fault", ["accept_then_drop", "drop", "status_500", "slow_body"])
def test_an_unknown_outcome_is_looked_up_before_it_is_asked_for_again(
    coded: CodedShop, asked: ShopifyCodes, server: FaultServer, at_shopify: Shopify, fault: str
) -> None:
    server.fault = fault
    assert ask(coded, asked).trouble
    server.fault = ""
    reserved = states(coded)
    ask(coded, asked)
    server.fault = fault
    ask(coded, asked)
    server.fault = ""
    for _ in range(3):
        ask(coded, asked)
    assert set(states(coded)) == set(reserved)
    assert set(states(coded).values()) == {"confirmed"}
    assert len(at_shopify.discounts) == 1 and set(at_shopify.codes) == set(reserved)


def test_codes_that_were_made_before_the_database_was_restored_are_taken_up(
    coded: CodedShop, asked: ShopifyCodes, at_shopify: Shopify
) -> None:
    ask(coded, asked)
    ask(coded, asked)
    with coded.store.unit_of_work() as uow:
        for table in ("code_grant", "code_discount"):
            uow.session.connection().exec_driver_sql(f"DELETE FROM {table}")
    coded.run()
    for _ in range(3):
        ask(coded, asked)
    assert set(states(coded).values()) == {"confirmed"}
    assert len(at_shopify.discounts) == 1 and len(at_shopify.codes) == 4


def test_a_code_that_the_shop_refuses_stops_its_message_alone_and_people_hear_of_it(
    coded: CodedShop, asked: ShopifyCodes, at_shopify: Shopify
) -> None:
    ask(coded, asked)
    waiting = [code for code, state in states(coded).items() if state == "reserved"]
    at_shopify.declines = waiting[0]
    ask(coded, asked)
    assert states(coded)[waiting[0]] == "refused"
    report = coded.run()
    assert (report.n_sent, report.held) == (3, {"code_refused": 1})
    with coded.store.read() as uow:
        (alert,) = uow.alerts.all("nord")
    assert alert.code == "codes_refused" and "secondorder codes retry" in alert.message
    at_shopify.declines = ""
    with coded.store.unit_of_work() as uow:
        assert uow.codes.ask_again("nord", coded.plan.id, OFFER) == 1
    ask(coded, asked)
    ask(coded, asked)
    assert states(coded)[waiting[0]] == "confirmed"


def test_a_discount_that_the_shop_refuses_refuses_all_of_its_codes(
    coded: CodedShop, asked: ShopifyCodes, at_shopify: Shopify
) -> None:
    at_shopify.create_error = "INVALID"
    found = ask(coded, asked)
    assert (found.n_refused, found.n_waiting) == (4, 0)
    assert {grant["reason"] for grant in coded.grants()} == {"INVALID: it is invalid"}


def test_somebody_elses_discount_with_our_code_is_no_confirmation(
    coded: CodedShop, asked: ShopifyCodes, at_shopify: Shopify
) -> None:
    ask(coded, asked)
    waiting = sorted(code for code, state in states(coded).items() if state == "reserved")
    at_shopify.codes[waiting[0].upper()] = "gid://shopify/DiscountCodeNode/77"
    ask(coded, asked)
    assert states(coded)[waiting[0]] == "refused"


def test_a_wrong_token_is_told_once_a_day_and_refuses_nothing(coded: CodedShop, server: FaultServer) -> None:
    wrong = ShopifyCodes(server.url, "shpat_wrong", coded.clock, reach=Reach(allows_loopback=True))
    for _ in range(2):
        assert ask(coded, wrong).trouble == "http 401"
    coded.later(days=1)
    ask(coded, wrong)
    wrong.close()
    with coded.store.read() as uow:
        assert [one.code for one in uow.alerts.all("nord")] == ["codes_refused", "codes_refused"]
    assert set(states(coded).values()) == {"reserved"}


def test_codes_compare_without_signs_and_case() -> None:
    assert code_key("so-Ab 12") == "SOAB12"
