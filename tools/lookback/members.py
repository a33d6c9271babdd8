"""The new buyers of a peak with what became of each: the one small table all figures are read from."""

from datetime import datetime
from uuid import uuid4

import ibis
import ibis.expr.types as ir

from memory.domain.market import Shop
from memory.lake.view import LakeView
from tools.cohorts import Peak
from tools.metrics import new_buyers, purchase_days
from tools.metrics.local_day import local_day
from tools.profile.purchases import purchases, valid_lines


def members(view: LakeView, shop: Shop, peak: Peak, as_of: datetime) -> ir.Table:
    """Give per new buyer `person_id`, `start_at`, `start_day`, `days_to_second`, `market` and revenue, materialised.

    `days_to_second` is null for those who never came back; `first_minor` and `later_minor` split the revenue
    at the end of the first day.
    """
    new = new_buyers(view, shop, peak.begins_at(shop.zone), peak.ends_at(shop.zone), as_of)
    new = new.mutate(start_day=local_day(new.start_at, shop.zone))
    days = purchase_days(view, shop, as_of).select("person_id", "day").join(new, "person_id")
    second = days.filter(days.day > days.start_day).group_by("person_id").agg(second_day=lambda t: t.day.min())
    money = _money(view, shop, new, as_of)
    joined = new.left_join(second, "person_id").drop("person_id_right").join(money, "person_id")
    table = joined.mutate(days_to_second=joined.second_day - joined.start_day).drop("second_day")
    return view.memory_table(f"new_buyers_{uuid4().hex}", table.to_pyarrow())


def first_lines(view: LakeView, new: ir.Table, shop: Shop, as_of: datetime) -> ir.Table:
    """Give the distinct `person_id`, `sku`, `category` of what new buyers bought on their first day, with titles."""
    lines = valid_lines(view, as_of)
    lines = lines.filter(lines.shop_id == shop.shop_id)
    lines = lines.join(new.select("person_id", "start_day", "days_to_second"), "person_id")
    lines = lines.filter(local_day(lines.event_at, shop.zone) == lines.start_day)
    products = view.table("products")
    products = products.filter(products.shop_id == shop.shop_id)
    titles = products.group_by(title_sku=products.sku).agg(title=products.title.max())
    named = lines.left_join(titles, lines.sku == titles.title_sku)
    named = named.mutate(title=ibis.coalesce(named.title, named.sku))
    return named.select("person_id", "sku", "title", "category", "days_to_second").distinct()


def _money(view: LakeView, shop: Shop, new: ir.Table, as_of: datetime) -> ir.Table:
    orders = purchases(view, shop, as_of).join(new, "person_id")
    orders = orders.mutate(is_first=local_day(orders.event_at, shop.zone) == orders.start_day)
    place = ibis.struct({"event_at": orders.event_at, "fact_id": orders.fact_id, "market": orders.market})
    zero = ibis.literal(0, "int64")
    sums = orders.group_by("person_id").agg(
        first_minor=ibis.coalesce(orders.net_minor.sum(where=orders.is_first).cast("int64"), zero),
        later_minor=ibis.coalesce(orders.net_minor.sum(where=~orders.is_first).cast("int64"), zero),
        first_place=place.min(),
    )
    market = ibis.coalesce(sums.first_place["market"], ibis.literal(shop.home_market))
    return sums.mutate(market=market).drop("first_place")
