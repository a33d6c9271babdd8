"""`shopify-products`: Shopify's product export, one row per variant; it also brings costs and stock."""

from datetime import date

from .csv_rows import Row, csv_rows
from .errors import RowRejected
from .fields import day, flag, minor, minor_or, not_negative, whole
from .importer import Importer
from .intake import Intake
from .shopify import product_sku, take_cost, take_product, take_stock
from .text import clean

REQUIRED = ("Handle", "Title", "Variant SKU", "Variant Price")
_CARRIED = ("Title", "Vendor", "Type", "Product Category", "Published", "Status", "Gift Card", "Image Src")


def read(intake: Intake) -> None:
    """Read variants; product fields stand only on the first row, and rows with only an image are no variant."""
    head: Row = {}
    for line, row in csv_rows(intake.source, REQUIRED, intake.reject):
        try:
            if row["Handle"] != head.get("Handle"):
                head = row
            if row["Variant Price"].strip():
                _variant(intake, {**row, **{name: head[name] for name in head if _is_carried(name)}})
            elif row["Title"].strip():
                raise RowRejected("Variant Price is missing")
        except RowRejected as error:
            intake.reject(line, str(error))


def _is_carried(column: str) -> bool:
    return column in _CARRIED or "unreleased_until" in column.lower()


def _variant(intake: Intake, row: Row) -> None:
    currency = intake.shop.currency
    title = clean(row["Title"], 200)
    options = [clean(row.get(f"Option{place} Value", ""), 60) for place in (1, 2, 3)]
    sku = product_sku(clean(row["Variant SKU"].lstrip("'"), 100), title, options)
    if not sku:
        raise RowRejected("it has neither Variant SKU nor Title")
    is_published = flag(row.get("Published", "true") or "true", "Published")
    values = {
        "sku": sku,
        "title": title or sku,
        "category": _category(row),
        "vendor": clean(row.get("Vendor", ""), 100) or None,
        "price_minor": not_negative(minor(row["Variant Price"], currency, "Variant Price"), "Variant Price"),
        "compare_at_minor": _optional(row.get("Variant Compare At Price"), currency),
        "is_active": is_published and (row.get("Status", "").strip().lower() or "active") == "active",
        "is_gift_card": flag(row.get("Gift Card", ""), "Gift Card"),
        "url": f"{intake.shop.website}/products/{clean(row['Handle'], 200)}",
        "image_url": clean(row.get("Image Src", ""), 500) or None,
        "unreleased_until": _unreleased_until(row),
    }
    cost, quantity = row.get("Cost per item", ""), row.get("Variant Inventory Qty", "")
    cost_minor = not_negative(minor(cost, currency, "Cost per item"), "Cost per item") if cost.strip() else None
    n_units = whole(quantity, "Variant Inventory Qty") if quantity.strip() else None
    take_product(intake, values)
    take_cost(intake, sku, cost_minor)
    take_stock(intake, sku, n_units)


def _unreleased_until(row: Row) -> date | None:
    """Give the first day on which everybody may buy it, from a metafield of that name; none where it is on sale."""
    written = next((text for name, text in row.items() if "unreleased_until" in name.lower() and text.strip()), "")
    return day(written, "unreleased_until") if written else None


def _category(row: Row) -> str | None:
    """Give the shop's own type, or the last part of Shopify's standard category."""
    return clean(row.get("Type", "") or row.get("Product Category", "").rpartition(" > ")[2], 100).lower() or None


def _optional(text: str | None, currency: str) -> int | None:
    return minor_or(text, currency, "Variant Compare At Price") if text and text.strip() else None


IMPORTER = Importer(
    id="shopify-products",
    title={"en": "Shopify products", "zh": "Shopify 商品"},
    description={
        "en": "Shopify's product export with prices, cost per item and stock per variant; CSV.",
        "zh": "Shopify 商品导出，含各规格的价格、单件成本与库存；CSV 格式。",
    },
    read=read,
    revision=2,  # the day of release
)
