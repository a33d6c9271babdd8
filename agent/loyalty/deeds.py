"""What plans promise points for and people did: missions and reviews with a photo, for the ledger to pay."""

from collections.abc import Sequence
from datetime import datetime

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from agent.reports.earned import holders_of
from memory.domain.market import Shop
from memory.domain.offer import BonusPoints, Offer
from memory.domain.plan import Plan
from memory.lake.view import LakeView
from memory.store.unit_of_work import UnitOfWork
from tools.loyalty import Term
from tools.loyalty.deeds import DEEDS_SCHEMA, pays_deeds
from tools.offers.earned import missions_earned, reviews_earned, window_of


def deeds_of(
    view: LakeView,
    uow: UnitOfWork,
    shop: Shop,
    terms: Sequence[Term],
    as_of: datetime,
    person_id: str | None = None,
) -> pa.Table | None:
    """Give the deeds that plans which went live reward, as `DEEDS_SCHEMA`; none where no programme pays any.

    The view has to hold the whole shop, also where one person is asked about: an offer's uses go to who was first.
    """
    if not pays_deeds(terms):
        return None
    found = [
        _deeds(view, shop, stored.plan, offer, source, as_of, person_id)
        for stored in uow.plans.all(shop.shop_id)
        if uow.batches.live(stored.plan.id) is not None
        for offer in stored.plan.offers
        if (source := _source(offer))
    ]
    return pa.concat_tables([DEEDS_SCHEMA.empty_table(), *found])


def _source(offer: Offer) -> str:
    if not isinstance(offer.incentive, BonusPoints):
        return ""
    return "mission" if offer.incentive.tasks else "review" if offer.goal.action == "review" else ""


def _deeds(
    view: LakeView, shop: Shop, plan: Plan, offer: Offer, source: str, as_of: datetime, person_id: str | None
) -> pa.Table:
    window, people = window_of(offer, shop), holders_of(view, plan, offer)
    earned = missions_earned if source == "mission" else reviews_earned
    rows: ir.Table = earned(view, shop, offer, window, as_of, people=people)
    if source == "review":
        rows = rows.mutate(heard_at=ibis.null(rows.earned_at.type()))
    rows = rows.filter(rows.status != "blocked")
    if person_id is not None:
        rows = rows.filter(rows.person_id == person_id)
    told = rows.select(
        "person_id",
        "points",
        deed_id=ibis.literal(f"{plan.id}:{offer.id}:") + rows.person_id,
        source=ibis.literal(source),
        at=rows.earned_at,
        taken_at=(rows.status == "clawed_back").ifelse(rows.heard_at, ibis.null(rows.heard_at.type())),
    )
    return told.select(*DEEDS_SCHEMA.names).to_pyarrow().cast(DEEDS_SCHEMA)
