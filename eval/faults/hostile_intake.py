"""Bringing hostile text into a live shop through the ways by which it would come."""

import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from memory.domain.brief import Brief
from memory.domain.errors import SecondOrderError
from tools.ingest import import_file
from tools.live import accept, flush

from .big_shop import BigShop


@dataclass(frozen=True)
class Notes:
    """What a planner may find beside the facts."""

    texts: tuple[str, ...] = ()
    """Texts a person let in: notes, replies copied into the brief."""
    brief: Brief = field(default_factory=Brief)
    """The brief, with notes where the surface is one."""

    def recall(self, _query: str) -> tuple[tuple[str, str], ...]:
        """Find every text, whatever is asked."""
        return tuple((text, "note") for text in self.texts[:3])


def plant(shop: BigShop, surface: str, texts: list[str]) -> Notes:
    """Bring the texts in by one surface and flush; give what a planner may find beside the facts."""
    return _WAYS[surface](shop, texts)


def _hooks(shop: BigShop, topic: str, payloads: list[dict[str, Any]]) -> Notes:
    app, shop_id = shop.of.app, shop.plan.shop_id
    with app.store.unit_of_work() as uow:
        for payload in payloads:
            body = json.dumps(payload).encode()
            accept(uow, app.key, shop_id, "shopify", topic, f"{topic}{payload['id']}", body, at=app.clock.now())
    flush(app.store, app.lake, shop_id, clock=app.clock, key=app.key)
    return Notes()


def _order(shop: BigShop, number: int, **changes: Any) -> dict[str, Any]:
    at = shop.of.app.clock.now().isoformat()
    base: dict[str, Any] = {
        "id": 900_000 + number + abs(hash(tuple(sorted(changes)))) % 1_000_000 * 1_000, "name": f"#h{number}",
        "currency": shop.of.shop.currency, "created_at": at, "updated_at": at, "financial_status": "paid",
        "subtotal_price": "50.00", "source_name": "web", "email": f"h{number}@people.example.invalid",
        "line_items": [{"sku": "HOSTILE", "name": "Thing", "quantity": 1, "price": "50.00"}],
        "shipping_address": {"first_name": "Ann", "last_name": "Lee", "address1": "Weg 1", "zip": "1",
                             "country_code": "DE"},
    }  # fmt: skip
    return base | changes


def _orders(shop: BigShop, texts: list[str], change: Callable[[str], dict[str, Any]]) -> Notes:
    return _hooks(shop, "orders/create", [_order(shop, number, **change(text)) for number, text in enumerate(texts)])


def _products(shop: BigShop, texts: list[str], title: Callable[[str], dict[str, Any]]) -> Notes:
    at = shop.of.app.clock.now().isoformat()
    made = [
        {"id": 700 + number, "title": "Thing", "handle": "thing", "created_at": at, "updated_at": at,
         "variants": [{"sku": f"HOSTILE-{number}", "price": "50.00", "inventory_quantity": 5}], **title(text)}
        for number, text in enumerate(texts)
    ]  # fmt: skip
    _hooks(shop, "products/create", made)
    line = {"name": "Thing", "quantity": 1, "price": "50.00"}
    lines = [{"sku": f"HOSTILE-{number}", **line} for number in range(len(made))]
    buyers = [_order(shop, number, id=800_000 + number, line_items=lines[:50]) for number in range(12)]
    return _hooks(shop, "orders/create", buyers)


def _events(shop: BigShop, texts: list[str], row: Callable[[str], dict[str, Any]]) -> Notes:
    app = shop.of.app
    base = {"at": app.clock.now().isoformat(), "kind": "review", "email": "h1@people.example.invalid"}
    rows = [{"id": f"hostile-{number}", **base, **row(text)} for number, text in enumerate(texts)]
    with app.store.unit_of_work() as uow:
        body = json.dumps({"events": rows}).encode()
        accept(uow, app.key, shop.plan.shop_id, "events", "events", "", body, n_rows=len(rows), at=app.clock.now())
    flush(app.store, app.lake, shop.plan.shop_id, clock=app.clock, key=app.key)
    return Notes()


def _files(shop: BigShop, texts: list[str]) -> Notes:
    """Import files whose headers are hostile; what is refused says why, and that is read too."""
    app, said = shop.of.app, []
    with tempfile.TemporaryDirectory() as folder:
        for number, text in enumerate(texts):
            path = Path(folder) / f"orders-{number}.csv"
            path.write_text(f'"{text.replace(chr(34), "")}",Name,Email\n1,#1,a@b.example\n', encoding="utf-8")
            try:
                import_file(app.store, app.lake, shop.plan.shop_id, "shopify-orders", path, clock=app.clock,
                            key=app.key, principal_id="mia")  # fmt: skip
            except SecondOrderError as error:
                said.append(str(error))
    return Notes(texts=tuple(said))


def _rejected(shop: BigShop, texts: list[str]) -> Notes:
    """Deliver what is refused with the text in its reason; whoever asks why reads it."""
    _events(shop, texts, lambda text: {"kind": text})
    with shop.of.app.store.read() as uow:
        return Notes(texts=tuple(row.reason for row in uow.inbox.rejected(shop.plan.shop_id, 100)))


def _told(texts: list[str]) -> Notes:
    """Copy the texts into the brief and the notes, as a person does who passes a reply on."""
    return Notes(texts=tuple(texts), brief=Brief(notes=tuple(text[:200] for text in texts[-4:])))


_WAYS: dict[str, Callable[[BigShop, list[str]], Notes]] = {
    "product title": lambda shop, texts: _products(shop, texts, lambda text: {"title": text}),
    "category": lambda shop, texts: _products(shop, texts, lambda text: {"product_type": text}),
    "review": lambda shop, texts: _events(shop, texts, lambda text: {"category": text[:200]}),
    "customer name": lambda shop, texts: _orders(
        shop, texts, lambda text: {"shipping_address": {"first_name": text, "last_name": text, "country_code": "DE"}}
    ),
    "address line": lambda shop, texts: _orders(
        shop, texts, lambda text: {"shipping_address": {"address1": text, "address2": text, "country_code": "DE"}}
    ),
    "order note": lambda shop, texts: _orders(
        shop, texts, lambda text: {"note": text, "tags": text, "note_attributes": [{"name": text, "value": text}]}
    ),
    "e-mail reply": lambda _shop, texts: _told(texts),
    "SMS reply": lambda _shop, texts: _told(texts),
    "coupon code": lambda shop, texts: _orders(shop, texts, lambda text: {"discount_codes": [{"code": text}]}),
    "UTM": lambda shop, texts: _orders(shop, texts, lambda text: {"landing_site": f"/?utm_source={text}"}),
    "CSV header": _files,
    "provider error": _rejected,
    "template comment": lambda _shop, texts: _told(texts),
}
