"""Files as vendors export them, written by code, and a short way to import them."""

import csv
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from memory.domain.clock import ManualClock
from memory.domain.market import Shop
from memory.lake.lake import Lake
from memory.store.engine import Store
from tools.ingest import ImportReport, import_file


def _names(header: str) -> list[str]:
    return next(csv.reader([header]))


ORDER_COLUMNS = _names(
    "Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,Subtotal,Shipping,"
    "Taxes,Total,Discount Code,Discount Amount,Shipping Method,Created at,Lineitem quantity,Lineitem name,"
    "Lineitem price,Lineitem compare at price,Lineitem sku,Lineitem requires shipping,Lineitem taxable,"
    "Lineitem fulfillment status,Billing Name,Billing Street,Billing Address1,Billing Address2,Billing Company,"
    "Billing City,Billing Zip,Billing Province,Billing Country,Billing Phone,Shipping Name,Shipping Street,"
    "Shipping Address1,Shipping Address2,Shipping Company,Shipping City,Shipping Zip,Shipping Province,"
    "Shipping Country,Shipping Phone,Notes,Note Attributes,Cancelled at,Payment Method,Payment Reference,"
    "Refunded Amount,Vendor,Outstanding Balance,Employee,Location,Device ID,Id,Tags,Risk Level,Source,"
    "Lineitem discount,Tax 1 Name,Tax 1 Value,Tax 2 Name,Tax 2 Value,Tax 3 Name,Tax 3 Value,Tax 4 Name,Tax 4 Value,"
    "Tax 5 Name,Tax 5 Value,Phone,Receipt Number,Duties,Billing Province Name,Shipping Province Name,Payment ID,"
    "Payment Terms Name,Next Payment Due At,Payment References"
)
CUSTOMER_COLUMNS = _names(
    "Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Default Address Company,Default Address Address1,"
    "Default Address Address2,Default Address City,Default Address Province Code,Default Address Country Code,"
    "Default Address Zip,Default Address Phone,Phone,Accepts SMS Marketing,Total Spent,Total Orders,Note,Tax Exempt,"
    "Tags"
)
OLD_CUSTOMER_COLUMNS = _names(
    "First Name,Last Name,Email,Accepts Email Marketing,Company,Address1,Address2,City,Province,Province Code,Country,"
    "Country Code,Zip,Phone,Accepts SMS Marketing,Total Spent,Total Orders,Tags,Note,Tax Exempt"
)
PRODUCT_COLUMNS = _names(
    "Handle,Title,Body (HTML),Vendor,Product Category,Type,Tags,Published,Option1 Name,Option1 Value,Option2 Name,"
    "Option2 Value,Option3 Name,Option3 Value,Variant SKU,Variant Inventory Qty,Variant Price,"
    "Variant Compare At Price,Image Src,Gift Card,Included / International,Cost per item,Status"
)

_ORDER: dict[str, str] = {
    "Email": "ann@example.com", "Financial Status": "paid", "Accepts Marketing": "no", "Currency": "EUR",
    "Subtotal": "30.00", "Shipping": "4.90", "Taxes": "4.79", "Total": "34.90", "Discount Amount": "0.00",
    "Created at": "2025-11-28 10:15:00 +0100", "Shipping Country": "DE", "Shipping Name": "Ann Example",
    "Source": "web", "Refunded Amount": "0.00",
}  # fmt: skip
_LINE: dict[str, str] = {
    "Lineitem quantity": "1", "Lineitem name": "Trail shoe", "Lineitem price": "30.00", "Lineitem sku": "SHOE-1",
    "Lineitem discount": "0.00",
}  # fmt: skip


def order_rows(name: str, *lines: Mapping[str, str], **head: str) -> list[dict[str, str]]:
    """Give the rows of one order: order fields only on the first, `Name` and `Email` on all; `_` stands for a blank."""
    fields = {**_ORDER, "Id": f"9{name.strip('#')}", **{key.replace("_", " "): value for key, value in head.items()}}
    found = []
    for place, line in enumerate(lines or ({},)):
        shown = fields if place == 0 else {"Email": fields["Email"]}
        found.append({"Name": name, **shown, **_LINE, **line})
    return found


def write_csv(path: Path, columns: Iterable[str], rows: Iterable[Mapping[str, str]]) -> Path:
    """Write rows under the full header, as the vendor's export has it."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(columns), restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def write_orders(path: Path, *orders: list[dict[str, str]]) -> Path:
    """Write an order export with all 79 columns."""
    return write_csv(path, ORDER_COLUMNS, [row for order in orders for row in order])


def write_lines(path: Path, *rows: Mapping[str, Any]) -> Path:
    """Write one JSON object a line."""
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


class Intaker(NamedTuple):
    """Imports files into one shop."""

    store: Store
    lake: Lake
    shop: Shop
    clock: ManualClock
    key: bytes
    folder: Path

    def __call__(self, kind: str, path: Path, **options: Any) -> ImportReport:
        """Import one file as principal `mia`."""
        return import_file(
            self.store, self.lake, self.shop.shop_id, kind, path, clock=self.clock, key=self.key, principal_id="mia",
            **options,
        )  # fmt: skip

    def events(self, *rows: Mapping[str, Any]) -> ImportReport:
        """Import events from objects."""
        return self("events", write_lines(self.folder / "events.jsonl", *rows))

    def consent(self, *rows: Mapping[str, Any]) -> ImportReport:
        """Import statements from objects."""
        return self("consent", write_lines(self.folder / "consent.jsonl", *rows))

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Give the latest rows of a fact table in order of time and id."""
        with self.store.read() as uow:
            versions = uow.versions.latest().tables
        with self.lake.open(versions, [self.shop.shop_id]) as view:
            found: list[dict[str, Any]] = view.table(table).to_pyarrow().to_pylist()
        return sorted(found, key=lambda row: (row["event_at"], row["fact_id"]))

    def state(self) -> dict[str, dict[str, Any]]:
        """Give the person state rows by person id."""
        with self.store.read() as uow:
            return {row["person_id"]: row for row in uow.person_state.get(self.shop.shop_id).to_pylist()}
