"""`goods-links`: which article follows from owning another; CSV with kind, sku, to_sku, min_days, active."""

from .csv_rows import csv_rows
from .errors import RowRejected
from .fields import not_negative, short, whole
from .importer import Importer
from .intake import UNDATED, Intake
from .shopify import CATALOGUE
from .text import clean

REQUIRED = ("kind", "sku", "to_sku")
KINDS = ("upgrade", "owners")
MIN_DAYS = 180
"""How long an article is owned before its upgrade is offered, where the file does not say."""


def read(intake: Intake) -> None:
    """Read the rows; one fact per kind and pair, and a row with `active` no takes it back."""
    for line, row in csv_rows(intake.source, REQUIRED, intake.reject):
        try:
            kind, sku, to_sku = (clean(row[name], 100) for name in REQUIRED)
            if kind not in KINDS:
                raise RowRejected(f"kind {short(kind)} is none of {', '.join(KINDS)}")
            if not sku or not to_sku or sku == to_sku:
                raise RowRejected("sku and to_sku have to name two articles")
            days, active = clean(row.get("min_days") or "", 20), clean(row.get("active") or "", 20).lower()
            if active not in ("", "yes", "no"):
                raise RowRejected(f"active {short(active)} is neither yes nor no")
            values = {
                "kind": kind,
                "sku": sku,
                "to_sku": to_sku,
                "min_days": not_negative(whole(days, "min_days"), "min_days") if days else MIN_DAYS,
                "is_active": active != "no",
            }
            intake.fact("goods_links", CATALOGUE, f"{kind}:{sku}:{to_sku}", UNDATED, values)
        except RowRejected as error:
            intake.reject(line, str(error))


IMPORTER = Importer(
    id="goods-links",
    title={"en": "Upgrades and goods for owners", "zh": "升级与老客专享商品"},
    description={
        "en": "What follows from owning an article: kind (upgrade, owners), sku, to_sku, min_days, active; CSV.",
        "zh": "拥有某商品后的去向：kind（upgrade、owners）、sku、to_sku、min_days、active；CSV 格式。",
    },
    read=read,
)
