"""When a shop hands an order over and when its parcel arrives, as its earlier shipments say: estimates for mails.

Worked out once for all mails of some hours. A person's mail then costs a look-up.
"""

import math
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

import ibis

from memory.domain.base import Frozen
from memory.domain.market import Shop
from memory.lake.view import LakeView

from .lanes import ABROAD, DOMESTIC, LEARN_DAYS, Lane, Law, lanes
from .parcels import parcels

ASSUMED_HANDLING_DAYS = 3
"""Days from order to carrier where neither the shop nor its shipments say any: an assumption."""
LEAST_SHIPMENTS = 30
"""From so many on, a market's own shipments say how long handling takes there."""


class Handling(NamedTuple):
    """How long 9 in 10 orders took until their parcel set out."""

    n_shipments: int
    p90_days: int


class Expectations(Frozen):
    """What a shop's earlier shipments say."""

    home_market: str
    """Where parcels stay at home."""
    handling: dict[str, Handling] = {}
    """By market; the empty text stands for all."""
    lanes: tuple[Lane, ...] = ()
    """Every lane with its figures."""

    def handling_days(self, market: str, given: Mapping[str, int]) -> int:
        """Give days from order to carrier: what the shop says of the market, else 9 in 10 of its shipments."""
        if market in given:
            return given[market]
        for name in (market, ""):
            found = self.handling.get(name)
            if found is not None and found.n_shipments >= LEAST_SHIPMENTS:
                return found.p90_days
        return ASSUMED_HANDLING_DAYS

    def arrival(self, market: str, carrier: str, origin: str = "") -> Law:
        """Give days from carrier to arrival: the lane's, else the market's, else what is assumed of home and abroad."""
        every = [one for one in self.lanes if one.market == market]
        for found in (
            [one for one in every if (one.carrier, one.origin) == (carrier, origin)],
            [one for one in every if one.carrier == carrier],
            every,
        ):
            if found:
                return Law(*(_mean(found, name) for name in Law._fields))
        return DOMESTIC if market == self.home_market else ABROAD


def expectations(view: LakeView, shop: Shop, as_of: datetime, known_by: datetime | None = None) -> Expectations:
    """Learn from the shipments of the last months, as far as they were known by then."""
    known = parcels(view.as_known(known_by or as_of), shop, as_of)
    # an order that set out at its very instant is one nobody shipped by hand: no shipment says when it left
    sent = known.filter(
        known.started_at > known.ordered_at, known.started_at > ibis.literal(as_of - timedelta(days=LEARN_DAYS))
    )
    sent = sent.mutate(days=(sent.started_at.epoch_seconds() - sent.ordered_at.epoch_seconds()) / 86_400)
    counted = sent.group_by("market").agg(n=sent.count(), p90=sent.days.quantile(0.9)).to_pyarrow().to_pylist()
    whole = sent.agg(n=sent.count(), p90=sent.days.quantile(0.9)).to_pyarrow().to_pylist()
    rows = [*counted, *({"market": "", **row} for row in whole if row["n"])]
    handling = {row["market"]: Handling(int(row["n"]), math.ceil(row["p90"])) for row in rows}
    found = lanes(view, shop, as_of, known_by=known_by)
    return Expectations(home_market=shop.home_market, handling=handling, lanes=found)


def _mean(found: list[Lane], name: str) -> float:
    weights = [one.n_arrived + 1 for one in found]
    total = sum(weight * float(getattr(one, name)) for weight, one in zip(weights, found, strict=True))
    return total / sum(weights)
