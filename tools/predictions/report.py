"""What is predicted of a shop beside what was: historic and predicted CLV; chances of an order and of leaving."""

from datetime import datetime
from typing import NamedTuple

import pyarrow as pa

from memory.domain.base import Frozen, Instant
from memory.domain.market import Shop
from memory.domain.outcome import NotEstimable
from memory.lake.view import LakeView
from tools.metrics import ClvHistoric, clv_historic
from tools.offers.reading import goods_facts

from .chance import PredictionCard
from .clv import MIN_BUYERS, ClvPredicted, predict_clv
from .histories import n_buyers
from .leaving import predict_leaving
from .repeat import predict_repeat


class Predictions(Frozen):
    """What was and what is expected, each by itself; never added up."""

    shop_name: str
    """What customers call the shop."""
    as_of: Instant
    """Facts up to this instant."""
    data_version: int
    """The data version they were read in: the one segments, plans and reports read."""
    historic: ClvHistoric | NotEstimable
    """Historic CLV: what customers brought so far."""
    clv: ClvPredicted | NotEstimable
    """Predicted CLV: what today's buyers are expected to bring."""
    repeat: PredictionCard | NotEstimable
    """How the chances of a further order were learned and how good they are."""
    leaving: PredictionCard | NotEstimable
    """How the chances of leaving were learned and how good they are."""


class Predicted(NamedTuple):
    """The report and the people it is made of."""

    report: Predictions
    people: pa.Table
    """person_id, columns of `clv.PEOPLE_SCHEMA` and of both chances (`Outcome.schema`); null where not estimable."""


def predict(
    view: LakeView, shop: Shop, as_of: datetime, *, data_version: int, horizon_days: int = 365, window_days: int = 90
) -> Predicted:
    """Give the shop's predictions as of an instant; raise `MissingRate` where a currency has no exchange rate."""
    enough = n_buyers(view, shop, as_of) >= MIN_BUYERS
    margin = goods_facts(view, shop, as_of).margin_rate if enough else None
    value = predict_clv(view, shop, as_of, horizon_days=horizon_days, margin_rate=margin)
    chance = predict_repeat(view, shop, as_of, window_days=window_days)
    leaving = predict_leaving(view, shop, as_of, window_days=window_days)
    report = Predictions(
        shop_name=shop.name,
        as_of=as_of,
        data_version=data_version,
        historic=clv_historic(view, shop, as_of),
        clv=value if isinstance(value, NotEstimable) else value.summary,
        repeat=chance if isinstance(chance, NotEstimable) else chance.card,
        leaving=leaving if isinstance(leaving, NotEstimable) else leaving.card,
    )
    tables = [each.people for each in (value, chance, leaving) if not isinstance(each, NotEstimable)]
    return Predicted(report, _joined(tables))


def _joined(tables: list[pa.Table]) -> pa.Table:
    if not tables:
        return pa.table({"person_id": pa.array([], pa.string())})
    joined = tables[0]
    for other in tables[1:]:
        joined = joined.join(other, "person_id", join_type="full outer")
    return joined.sort_by("person_id")
