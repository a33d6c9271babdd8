"""S1-36: goods that not everybody may buy yet are shown to nobody, by the last clock on which their day begins."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from memory.domain.plan import Goods
from memory.lake.view import LakeView
from tests.factories.facts import AS_OF, SHOP
from tools.recommendations import Query
from tools.recommendations.notices import buyable
from tools.recommendations.shelf import on_sale

from .shelves import Shop

pytestmark = pytest.mark.slow
TODAY = AS_OF.date()
DAYS: dict[str, date | None] = {
    "sold": None, "out": TODAY - timedelta(days=1), "begun": TODAY, "soon": TODAY + timedelta(days=1)
}  # fmt: skip


def a_shelf() -> Shop:
    made = Shop()
    for sku, until in DAYS.items():
        made.article(sku, unreleased_until=until)
    return made


def noticed(view: LakeView, as_of: datetime) -> set[str]:
    nobody = pa.table({"person_id": pa.array([], pa.string()), "sku": pa.array([], pa.string())})
    told = view.memory_table(f"told_{as_of:%H}", nobody)
    query = Query(view, told.select("person_id"), Goods(rule="price_drop"), SHOP, as_of, told)
    return set(buyable(query).to_pyarrow()["stock_sku"].to_pylist())


def test_s1_36_what_is_not_released_is_neither_on_the_shelf_nor_in_a_notice(tmp_path: Path) -> None:
    noon = AS_OF + timedelta(hours=12)
    with a_shelf().open(tmp_path) as view:
        shelves = [set(on_sale(view, SHOP, at).to_pyarrow()["sku"].to_pylist()) for at in (AS_OF, noon)]
        notices = [noticed(view, at) for at in (AS_OF, noon)]
    assert shelves == notices == [{"sold", "out"}, {"sold", "out", "begun"}]
