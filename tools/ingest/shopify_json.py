"""`shopify-json`: orders, customers, products, refunds, fulfilments of Shopify's Admin API; single or list."""

from collections.abc import Callable, Iterator
from typing import Any

from .errors import RowRejected
from .importer import Importer
from .intake import Intake
from .payload import Json
from .shopify_json_orders import take_fulfilment, take_json_order, take_refund
from .shopify_json_people import take_json_customer, take_json_product
from .strict_json import document, json_lines

_TAKERS: dict[str, Callable[[Intake, Json], None]] = {
    "order": take_json_order,
    "customer": take_json_customer,
    "product": take_json_product,
    "refund": take_refund,
    "fulfillment": take_fulfilment,
}


def read(intake: Intake) -> None:
    """Read one document, or one payload a line where the file's name ends in `.jsonl`."""
    source = intake.source
    is_lines = source.path.suffix == ".jsonl"
    payloads = json_lines(source, intake.reject) if is_lines else enumerate(_payloads(intake, document(source)), 1)
    for place, payload in payloads:
        if not is_lines:
            source.counted()
        for kind, value in _objects(payload):
            try:
                _TAKERS[kind](intake, Json.of(value))
            except RowRejected as error:
                intake.reject(place, f"{kind}: {error}")


def _payloads(intake: Intake, value: Any) -> Iterator[dict[str, Any]]:
    """Give one payload per object: `{"orders": [a, b]}` gives a and b as `{"order": ...}`."""
    found = [entry for entry in (value if isinstance(value, list) else [value]) if isinstance(entry, dict)]
    objects = [(kind, entry) for payload in found for kind, entry in _objects(payload)]
    if not objects:
        known = ", ".join(f"{kind}s" for kind in _TAKERS)
        intake.source.refuse(f"it holds none of {known}", "Export one of them from Shopify's Admin API")
    yield from ({kind: entry} for kind, entry in objects)


def _objects(payload: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    if "variants" in payload and "product_id" not in payload:
        yield "product", payload  # a bare list of products, as older tools save them
        return
    for kind in _TAKERS:
        if kind in payload:
            yield kind, payload[kind]
        many = payload.get(f"{kind}s")
        if isinstance(many, list):
            yield from ((kind, entry) for entry in many)


IMPORTER = Importer(
    id="shopify-json",
    title={"en": "Shopify API payloads", "zh": "Shopify 接口数据"},
    description={
        "en": "Orders, customers, products, refunds and fulfilments as Shopify's Admin API gives them; JSON or JSONL.",
        "zh": "Shopify Admin API 的订单、客户、商品、退款与发货数据；JSON 或 JSONL 格式。",
    },
    read=read,
    revision=3,  # shipments
)
