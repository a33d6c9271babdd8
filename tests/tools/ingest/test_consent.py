"""The kind `consent`: the latest statement counts, suppression goes by address, neither crosses a shop."""

from datetime import timedelta
from typing import Any

import pytest

from tests.factories.imports import CUSTOMER_COLUMNS, Intaker, order_rows, write_csv, write_orders
from tools.identity import address_key

pytestmark = pytest.mark.slow

ANN = {"email": "ann@example.com", "channel": "email"}


def _said(status: str, at: str, **more: Any) -> dict[str, Any]:
    return {**ANN, "status": status, "at": f"{at}T10:00:00Z", "method": "form", **more}


def _only(intaker: Intaker) -> dict[str, Any]:
    (row,) = intaker.state().values()
    return row


def test_b1_the_latest_statement_counts_whatever_the_order_of_the_files(intaker: Intaker) -> None:
    intaker.consent(_said("revoked", "2026-01-10"))
    intaker.consent(_said("granted", "2026-01-05"))
    assert _only(intaker)["consent_email"] is False
    intaker.consent(_said("granted", "2026-01-12"))
    assert _only(intaker)["consent_email"] is True


def test_b1_a_refusal_at_the_same_instant_wins(intaker: Intaker) -> None:
    intaker.consent(_said("granted", "2026-01-10", id="a"), _said("revoked", "2026-01-10", id="b"))
    assert _only(intaker)["consent_email"] is False


def test_b1_a_revocation_made_here_beats_an_older_file(intaker: Intaker) -> None:
    intaker.consent(_said("granted", "2026-01-05"))
    person, shop_id = _only(intaker)["person_id"], intaker.shop.shop_id
    with intaker.store.unit_of_work() as uow:
        uow.consents.revoke(shop_id, person, "email", intaker.clock.now(), "one_click", "unsubscribe page")
    assert (_only(intaker)["consent_email"], _only(intaker)["is_suppressed_email"]) == (False, True)
    intaker.consent(_said("granted", "2026-01-14"))
    assert (_only(intaker)["consent_email"], _only(intaker)["is_suppressed_email"]) == (False, True)
    statements = {(row["source"], row["status"]) for row in intaker.rows("consents")}
    assert ("product", "revoked") in statements
    intaker.clock.advance(timedelta(days=5))
    intaker.consent(_said("granted", "2026-01-18", method="double_opt_in"))
    assert (_only(intaker)["consent_email"], _only(intaker)["is_suppressed_email"]) == (True, False)


def test_b4_suppression_matches_another_spelling_of_the_address(intaker: Intaker) -> None:
    intaker.consent(_said("revoked", "2026-01-05", suppressed=True, email="ANN@Example.com"))
    path = write_orders(intaker.folder / "o.csv", order_rows("#1", Email=" ann@example.COM", Accepts_Marketing="yes"))
    intaker("shopify-orders", path)
    assert _only(intaker)["is_suppressed_email"] is True


def test_a_suppressed_address_waits_for_its_person(intaker: Intaker) -> None:
    key = address_key(intaker.key, "ann@example.com")
    with intaker.store.unit_of_work() as uow:
        uow.consents.suppress(key, "email", "complaint", intaker.clock.now(), "provider", shop_id=intaker.shop.shop_id)
    intaker.clock.advance(timedelta(days=1))
    intaker.consent(_said("granted", "2026-01-20"))
    assert (_only(intaker)["consent_email"], _only(intaker)["is_suppressed_email"]) == (True, True)


def test_consent_never_crosses_a_shop(intaker: Intaker) -> None:
    other = intaker._replace(shop=intaker.shop.model_copy(update={"shop_id": "other"}))
    with intaker.store.unit_of_work() as uow:
        uow.shops.add(other.shop)
    intaker.consent(_said("granted", "2026-01-05"))
    other.consent(_said("revoked", "2026-01-06", suppressed=True))
    assert (_only(intaker)["consent_email"], _only(intaker)["is_suppressed_email"]) == (True, False)
    assert (_only(other)["consent_email"], _only(other)["is_suppressed_email"]) == (False, True)


def test_a_channel_is_ready_once_its_list_was_imported_or_declared(intaker: Intaker) -> None:
    shop_id = intaker.shop.shop_id
    intaker.consent(_said("granted", "2026-01-05"))
    with intaker.store.read() as uow:
        assert not uow.consents.channel_ready(shop_id, "email")
    intaker.consent(_said("granted", "2026-01-05", suppressed=False, id="x"))
    with intaker.store.unit_of_work() as uow:
        assert uow.consents.channel_ready(shop_id, "email")
        assert not uow.consents.channel_ready(shop_id, "sms")
        uow.consents.declare_no_suppressions(shop_id, "sms", "mia", intaker.clock.now())
        assert uow.consents.channel_ready(shop_id, "sms")
        answer = uow.consents.list_answer(shop_id, "sms")
        assert answer is not None
        assert (answer.how, answer.by) == ("declared", "mia")


def _customer(accepts: str) -> dict[str, str]:
    names = {"Customer ID": "'77", "First Name": "Ann", "Last Name": "Example", "Email": "ann@example.com"}
    return {**names, "Accepts Email Marketing": accepts, "Accepts SMS Marketing": "no"}


def test_a_refusal_without_a_date_ends_older_permission_and_keeps_its_day(intaker: Intaker) -> None:
    intaker.consent(_said("granted", "2026-01-05"))
    no = write_csv(intaker.folder / "c1.csv", CUSTOMER_COLUMNS, [_customer("no")])
    intaker("shopify-customers", no)
    assert _only(intaker)["consent_email"] is False
    intaker.clock.advance(timedelta(days=3))
    intaker.consent(_said("granted", "2026-01-16"))
    assert _only(intaker)["consent_email"] is True
    copy = write_csv(intaker.folder / "c2.csv", CUSTOMER_COLUMNS, [_customer("no"), _customer("no")])
    report = intaker("shopify-customers", copy)
    assert (report.n_new, report.n_changed) == (0, 0)
    assert _only(intaker)["consent_email"] is True


def test_a_permission_without_a_date_is_weaker_than_any_dated_refusal(intaker: Intaker) -> None:
    intaker.consent(_said("revoked", "2015-01-05"))
    intaker("shopify-customers", write_csv(intaker.folder / "c.csv", CUSTOMER_COLUMNS, [_customer("yes")]))
    assert _only(intaker)["consent_email"] is False


def test_d8_an_erased_person_does_not_come_back_with_an_old_file(intaker: Intaker) -> None:
    path = write_orders(intaker.folder / "o.csv", order_rows("#1", Accepts_Marketing="yes"))
    intaker("shopify-orders", path)
    person, shop_id = _only(intaker)["person_id"], intaker.shop.shop_id
    key = address_key(intaker.key, "ann@example.com")
    with intaker.store.unit_of_work() as uow:
        uow.person_state.erase(shop_id, person)
        uow.contacts.erase(shop_id, person)
        uow.consents.suppress(key, "email", "erasure", intaker.clock.now(), "request", shop_id=shop_id)
    intaker("shopify-orders", write_orders(intaker.folder / "o2.csv", order_rows("#1"), order_rows("#2")))
    assert (_only(intaker)["is_erased"], _only(intaker)["consent_email"]) == (True, False)
    with intaker.store.read() as uow:
        assert uow.contacts.by_person(shop_id, [person]) == {}
