"""The kind `shopify-json`: orders, customers, products, refunds and fulfilments of the Admin API."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.factories.imports import Intaker, order_rows, write_lines, write_orders
from tools.ingest import FileRefused

pytestmark = pytest.mark.slow

SHARED = Path("../shared/formats/shopify")


def _order(**more: Any) -> dict[str, Any]:
    line = {"id": 1, "sku": "SHOE-1", "name": "Trail shoe", "quantity": 2, "price": "15.00", "total_discount": "0.00"}
    return {
        "id": 91001, "name": "#1001", "currency": "EUR", "created_at": "2025-11-28T10:15:00+01:00",
        "email": "ann@example.com", "subtotal_price": "30.00", "total_tax": "4.79", "total_discounts": "0.00",
        "financial_status": "paid", "source_name": "web", "landing_site": "/?utm_source=instagram", "test": False,
        "shipping_lines": [{"price": "4.90"}], "line_items": [line], "discount_codes": [{"code": "NOV"}],
        "buyer_accepts_marketing": True, "customer": {"id": 77, "email": "ann@example.com"},
        "shipping_address": {"first_name": "Ann", "last_name": "Example", "country_code": "DE"}, **more,
    }  # fmt: skip


def _import(intaker: Intaker, name: str, value: object) -> Any:
    path = intaker.folder / name
    path.write_text(json.dumps(value))
    return intaker("shopify-json", path)


def test_s2_12_an_order_with_origin_contact_and_consent(intaker: Intaker) -> None:
    report = _import(intaker, "order.json", {"order": _order()})
    (order,) = intaker.rows("orders")
    assert report.n_rejected == 0
    assert (order["subtotal_minor"], order["shipping_minor"], order["n_items"]) == (3000, 490, 2)
    assert (order["origin"], order["market"], order["discount_code"]) == ("instagram", "DE", "NOV")
    assert intaker.state()[order["person_id"]]["consent_email"] is True


def test_csv_and_json_name_one_order(intaker: Intaker) -> None:
    intaker("shopify-orders", write_orders(intaker.folder / "o.csv", order_rows("#1001", Id="91001")))
    report = _import(intaker, "orders.json", {"orders": [_order()]})
    assert report.changes["orders"].n_changed == 1
    assert len(intaker.rows("orders")) == 1


def test_a_refund_that_comes_alone_raises_the_order_once(intaker: Intaker) -> None:
    refund = {"refund": {"id": 5, "order_id": 91001, "created_at": "2025-12-05T10:00:00+01:00",
                         "refund_line_items": [{"quantity": 1, "line_item": {"price": "15.00"}}],
                         "transactions": [{"currency": "EUR"}]}}  # fmt: skip
    assert _import(intaker, "early.json", refund).n_rejected == 1
    _import(intaker, "order.json", {"order": _order()})
    _import(intaker, "refund.json", refund)
    again = _import(intaker, "copy.json", [refund, refund])
    (order,) = intaker.rows("orders")
    (event,) = intaker.rows("events")
    assert order["refunded_minor"] == 1500
    assert (event["kind"], event["person_id"], event["order_ref"]) == ("return", order["person_id"], "#1001")
    assert (again.n_new, again.n_changed) == (0, 0)


def test_a_delivered_parcel_is_an_event_of_its_person(intaker: Intaker) -> None:
    _import(intaker, "order.json", {"order": _order()})
    parcel = {"id": 8, "order_id": 91001, "shipment_status": "delivered", "updated_at": "2025-12-02T10:00:00+01:00"}
    report = _import(intaker, "f.json", {"fulfillments": [parcel, {**parcel, "id": 9, "shipment_status": None}]})
    assert report.left_out == {"not delivered": 1}
    assert [row["kind"] for row in intaker.rows("events")] == ["delivery"]


def test_s1_16_a_fulfilment_says_when_a_parcel_set_out_from_where_and_by_whom(intaker: Intaker) -> None:
    parcel = {"id": 8, "order_id": 91001, "name": "#1001.1", "status": "success", "tracking_company": "DHL",
              "created_at": "2025-11-29T10:00:00+01:00", "origin_address": {"country_code": "DE"}}  # fmt: skip
    _import(intaker, "order.json", {"order": _order(fulfillments=[parcel])})
    again = _import(intaker, "f.json", {"fulfillments": [parcel, {"id": 9, "order_id": 91001, "status": "open"}]})
    (shipment,) = intaker.rows("shipments")
    assert (shipment["order_ref"], shipment["origin"], shipment["carrier"]) == ("#1001", "DE", "dhl")
    assert shipment["event_at"] == datetime(2025, 11, 29, 9, tzinfo=UTC)
    assert (again.n_new, again.left_out) == (0, {"not delivered": 1}), "the same parcel, nested or alone, is one"


def test_s1_16_a_fulfilment_cancelled_later_takes_its_shipment_back(intaker: Intaker) -> None:
    parcel = {"id": 8, "order_id": 91001, "name": "#1001.1", "status": "success",
              "created_at": "2025-11-29T10:00:00+01:00"}  # fmt: skip
    _import(intaker, "order.json", {"order": _order(fulfillments=[parcel])})
    assert [row["is_cancelled"] for row in intaker.rows("shipments")] == [False]
    again = _import(intaker, "f.json", {"fulfillments": [{**parcel, "status": "cancelled"}]})
    assert [row["is_cancelled"] for row in intaker.rows("shipments")] == [True]
    assert again.n_changed == 1


def test_s1_16_a_shipment_names_the_event_that_tells_of_its_arrival(intaker: Intaker) -> None:
    parcel = {"id": 8, "order_id": 91001, "name": "#1001.1", "status": "success", "shipment_status": "delivered",
              "created_at": "2025-11-29T10:00:00+01:00", "updated_at": "2025-12-02T10:00:00+01:00"}  # fmt: skip
    _import(intaker, "order.json", {"order": _order(fulfillments=[parcel])})
    ((shipment,), (event,)) = intaker.rows("shipments"), intaker.rows("events")
    assert shipment["delivery_fact_id"] == event["fact_id"]


def test_a_customer_s_consent_has_method_and_time(intaker: Intaker) -> None:
    customer = {
        "id": 77, "email": "ann@example.com", "locale": "de-CH", "default_address": {"country_code": "CH"},
        "email_marketing_consent": {"state": "subscribed", "opt_in_level": "confirmed_opt_in",
                                    "consent_updated_at": "2025-10-01T10:00:00+02:00"},
        "sms_marketing_consent": {"state": "unsubscribed", "consent_updated_at": None},
    }  # fmt: skip
    _import(intaker, "customer.json", {"customer": customer})
    said = {row["channel"]: (row["status"], row["method"]) for row in intaker.rows("consents")}
    assert said == {"email": ("granted", "double_opt_in"), "sms": ("revoked", "unknown")}
    (state,) = intaker.state().values()
    assert (state["language"], state["market"], state["consent_email"]) == ("de", "CH", True)


@pytest.mark.parametrize(
    "change",
    [{"currency": 5}, {"created_at": "yesterday"}, {"line_items": {"a": 1}}, {"line_items": ["x"]}, {"name": None},
     {"subtotal_price": "1e99"}, {"customer": "Ann"}, {"line_items": [{"sku": "a", "quantity": -1, "price": "1"}]}],
)  # fmt: skip
def test_d6_a_wrong_object_is_rejected_and_never_crashes(intaker: Intaker, change: dict[str, Any]) -> None:
    report = _import(intaker, "orders.json", {"orders": [_order(**change), _order(id=2, name="#2")]})
    assert report.n_rejected == 1
    assert [row["order_ref"] for row in intaker.rows("orders")] == ["#2"]


def test_one_payload_a_line_and_test_orders(intaker: Intaker) -> None:
    path = write_lines(intaker.folder / "hooks.jsonl", {"order": _order()}, {"order": _order(id=2, test=True)})
    assert intaker("shopify-json", path).left_out == {"test order": 1}
    assert len(intaker.rows("orders")) == 1


def test_a_document_without_payloads_is_refused(intaker: Intaker) -> None:
    with pytest.raises(FileRefused, match="none of orders"):
        _import(intaker, "x.json", {"articles": []})


@pytest.mark.shared_data
@pytest.mark.skipif(not SHARED.is_dir(), reason="the format samples are not beside the repository")
@pytest.mark.parametrize(
    ("name", "table", "n"),
    [("order", "orders", 1), ("orders", "orders", 1), ("customer", "people", 1), ("customers_search", "people", 1),
     ("product", "products", 4), ("products", "products", 1)],
)  # fmt: skip
def test_shopify_s_own_samples_come_in(intaker: Intaker, name: str, table: str, n: int) -> None:
    report = intaker("shopify-json", SHARED / f"{name}.json")
    assert report.n_rejected == 0
    assert len(intaker.rows(table)) == n
