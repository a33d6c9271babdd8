"""Codes at the claim: one per grant, bound to the person, and nothing leaves without one that the shop confirmed."""

from datetime import date, timedelta

import pyarrow as pa
import pytest

from agent.dispatch.codes import NO_SOURCE, NONE_LEFT, REFUSED, WAITS
from memory.domain.facts import IDENTITIES_SCHEMA
from memory.domain.message import Ambiguous
from memory.store.engine import Store
from tests.agent.dispatch.conftest import Scripted
from tests.factories.coded import POOL, SHOPIFY, CodedShop, a_coded_shop


@pytest.fixture
def pool(any_store: Store) -> CodedShop:
    return a_coded_shop(any_store, POOL)


@pytest.fixture
def shopify(store: Store) -> CodedShop:
    return a_coded_shop(store, SHOPIFY)


def test_each_message_leaves_with_a_code_of_its_own(pool: CodedShop) -> None:
    codes = [f"NORD-{n:04d}" for n in range(6)]
    pool.fill_pool(*codes)
    assert pool.run().n_sent == 4
    given = {grant["person_id"]: grant["code"] for grant in pool.grants()}
    assert set(given) == set(pool.people)
    assert len(set(given.values())) == 4 and set(given.values()) < set(codes)
    for message in pool.sender.messages.values():
        mine = given[message.to.partition("@")[0]]
        assert f"Dein Code: {mine} – nur für dich" in message.text
        assert mine in message.html
        assert not any(code in message.text for code in codes if code != mine)
    assert "Gib den Code unten an der Kasse ein" in pool.texts()[0]


def test_where_codes_run_out_only_those_without_one_wait_and_people_hear_of_it(pool: CodedShop) -> None:
    pool.fill_pool("NORD-0001", "NORD-0002")
    report = pool.run()
    assert (report.n_sent, report.held) == (2, {NONE_LEFT: 2})
    with pool.store.read() as uow:
        (alert,) = uow.alerts.all("nord")
    assert alert.code == "codes_missing" and "all 2 imported codes" in alert.message
    pool.later(minutes=11)
    assert pool.run().held == {NONE_LEFT: 2}
    with pool.store.read() as uow:
        assert len(uow.alerts.all("nord")) == 1
    pool.fill_pool("NORD-0003", "NORD-0004")
    pool.later(minutes=11)
    assert pool.run().n_sent == 2
    assert len({grant["code"] for grant in pool.grants()}) == 4


def test_a_code_that_ends_before_the_offers_last_day_is_given_to_nobody(pool: CodedShop) -> None:
    last = pool.offer.limits.valid_until
    pool.fill_pool("NORD-EARLY1", expires_on=last - timedelta(days=1))
    pool.fill_pool("NORD-LATER1", expires_on=last)
    pool.fill_pool("OTHER-WORTH", terms="another offer")
    assert pool.run().n_sent == 1
    assert [grant["code"] for grant in pool.grants()] == ["NORD-LATER1"]


def test_those_that_expire_first_are_given_first(pool: CodedShop) -> None:
    pool.fill_pool("NORD-NEVER1", "NORD-NEVER2", "NORD-NEVER3")
    pool.fill_pool("NORD-2027AA", expires_on=date(2027, 12, 31))
    pool.run()
    assert "NORD-2027AA" in {grant["code"] for grant in pool.grants()}


def test_threads_that_claim_at_once_give_each_person_a_code_of_their_own(any_store: Store) -> None:
    many = a_coded_shop(any_store, POOL, 60)
    many.fill_pool(*(f"NORD-{n:04d}" for n in range(60)))
    assert many.run(threads=4).n_sent == 60
    assert len({grant["code"] for grant in many.grants()}) == len({grant["person_id"] for grant in many.grants()}) == 60


def test_a_plan_in_the_shadow_takes_no_code(pool: CodedShop) -> None:
    pool.fill_pool("NORD-0001")
    with pool.store.unit_of_work() as uow:
        uow.amendments.begin_shadow(pool.plan.id, "nord", "mia", pool.clock.now())
    assert pool.run().suppressed == {"would_have_sent": 4}
    assert pool.grants() == []


def test_codes_wait_for_the_shop_and_leave_once_it_confirmed_them(shopify: CodedShop) -> None:
    report = shopify.run()
    assert (report.n_sent, report.held) == (0, {WAITS: 4})
    grants = shopify.grants()
    assert {grant["state"] for grant in grants} == {"reserved"}
    assert shopify.counts() == {("planned", WAITS): 4}
    with shopify.store.unit_of_work() as uow:
        uow.codes.confirm([grant["id"] for grant in grants[:3]], shopify.clock.now())
        uow.codes.refuse({grants[3]["id"]: "INVALID: no"}, shopify.clock.now())
    shopify.later(minutes=1)
    report = shopify.run()
    assert (report.n_sent, report.held) == (3, {REFUSED: 1})
    assert [grant["code"] for grant in shopify.grants()] == [grant["code"] for grant in grants]
    assert shopify.counts() == {("sent", ""): 3, ("planned", REFUSED): 1}


def test_a_message_whose_code_never_comes_lapses(shopify: CodedShop) -> None:
    shopify.run()
    shopify.later(hours=49)
    assert shopify.run().suppressed == {"lapsed": 4}
    assert shopify.sender.messages == {}


def test_without_a_source_messages_wait_and_the_alert_says_why(shopify: CodedShop) -> None:
    with shopify.store.unit_of_work() as uow:
        uow.code_sources.remove("nord")
    assert shopify.run().held == {NO_SOURCE: 4}
    with shopify.store.read() as uow:
        assert "source of codes does not give it any more" in uow.alerts.all("nord")[0].message
    assert shopify.grants() == []


def test_a_message_that_is_tried_again_says_the_same_code(pool: CodedShop) -> None:
    pool.fill_pool(*(f"NORD-{n:04d}" for n in range(9)))
    provider = Scripted([Ambiguous(reason="lost")])
    assert pool.run(provider).n_retry == 4
    before = {message.send_key: message.text for message in provider.journal}
    pool.later(minutes=3)
    pool.run(provider)
    again = provider.journal[4:]
    assert {message.send_key: message.text for message in again} == before
    assert len(pool.grants()) == 4


def test_two_records_of_one_person_share_one_grant(pool: CodedShop) -> None:
    """The second message of a person who was merged since waits for no second code: caps end it, or it has the same."""
    pool.fill_pool(*(f"NORD-{n:04d}" for n in range(9)))
    pool.run(limit=1)
    (first,) = pool.grants()
    others = [person for person in pool.people if person != first["person_id"]]
    with pool.store.unit_of_work() as uow:
        merged = pa.table([pa.array([others[0]]), pa.array([first["person_id"]])], schema=IDENTITIES_SCHEMA)
        uow.identities.replace(merged)
    pool.run()
    codes = [grant["person_id"] for grant in pool.grants()]
    assert others[0] not in codes and len(codes) == 3


def test_the_code_is_the_same_whoever_reserves_it_when(shopify: CodedShop) -> None:
    shopify.run()
    codes = [grant["code"] for grant in shopify.grants()]
    with shopify.store.unit_of_work() as uow:
        uow.session.connection().exec_driver_sql("DELETE FROM code_grant")
    shopify.later(minutes=30)
    shopify.run()
    assert [grant["code"] for grant in shopify.grants()] == codes
    assert all(len(code) == 19 and code.startswith("SO-") for code in codes)
