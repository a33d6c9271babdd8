"""Historic customer lifetime value: what customers have brought so far (S1-49). It predicts nothing."""

from datetime import datetime

import ibis
import ibis.expr.types as ir

from memory.domain.base import Count, Frozen, MinorUnits
from memory.domain.experiment import Interval
from memory.domain.market import Shop
from memory.domain.money import Currency
from memory.domain.outcome import NotEstimable
from memory.lake.view import LakeView
from tools.profile.purchases import purchases

from .interval import mean


class ClvHistoric(Frozen):
    """Revenue per customer over the lifetime so far."""

    n_people: Count
    """Customers with at least one purchase."""
    revenue_minor: MinorUnits
    """What they brought, net of refunds, without tax and shipping."""
    mean_minor: Interval
    """Per customer, in minor units."""
    currency: Currency
    """The shop's currency, into which all orders were converted at dated rates."""


def clv_historic(
    view: LakeView, shop: Shop, as_of: datetime, *, members: ir.Table | None = None
) -> ClvHistoric | NotEstimable:
    """Give the mean net revenue per customer up to `as_of`, of all customers or only `members` (`person_id`).

    Not estimable below two customers. Raise `MissingRate` where a currency has no rate.
    """
    orders = purchases(view, shop, as_of)
    if members is not None:
        orders = orders.semi_join(members, "person_id")
    people = orders.group_by("person_id").agg(revenue=orders.net_minor.sum().cast("int64"))
    revenue = people.revenue
    sums = people.aggregate(
        n=people.count(),
        total=ibis.coalesce(revenue.sum().cast("int64"), 0),
        squared=(revenue.cast("float64") * revenue.cast("float64")).sum(),
    )
    row = sums.to_pyarrow().to_pylist()[0]
    if row["n"] < 2:
        return NotEstimable(code="too_few_people", message=f"{row['n']} customers; a mean needs at least 2.")
    return ClvHistoric(
        n_people=row["n"],
        revenue_minor=row["total"],
        mean_minor=mean(row["n"], row["total"], row["squared"]),
        currency=shop.currency,
    )
