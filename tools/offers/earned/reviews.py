"""Who earned points for a review with a photo: once, however many photos and reviews follow (S1-17)."""

from datetime import datetime

import ibis
import ibis.expr.types as ir

from memory.domain.errors import InvalidInput
from memory.domain.market import Shop
from memory.domain.offer import BonusPoints, Offer
from memory.lake.view import LakeView
from tools.outcomes import OutcomeWindow
from tools.profile import valid_orders

from .limits import within_grants
from .window import inside


def reviews_earned(
    view: LakeView,
    shop: Shop,
    offer: Offer,
    window: OutcomeWindow,
    as_of: datetime,
    *,
    people: ir.Table | None = None,
) -> ir.Table:
    """Give who reviewed with a photo: person_id, earned_at, points, status, reason; one row per person.

    `status` is `earned`, or `blocked`: who never bought here, or has no purchase left after refunds and cancellations
    (`not_bought`), and where the offer's uses were used up before (`budget_used_up`). Only `people` (person_id) take
    part where they are given. Raise `InvalidInput` for an offer that rewards no review.
    """
    incentive = offer.incentive
    if not isinstance(incentive, BonusPoints) or offer.goal.action != "review":
        raise InvalidInput(what=f"offer {offer.id}", why="it rewards no review", remedy="Name an offer that does")
    events = view.table("events")
    written = events.filter(
        events.shop_id == shop.shop_id,
        events.person_id.notnull(),
        events.kind == "photo_review",
        inside(events.event_at, window, as_of),
    )
    if people is not None:
        written = written.semi_join(people, "person_id")
    first = written.group_by("person_id").agg(done_at=written.event_at.min())
    orders = valid_orders(view, as_of)
    bought = orders.filter(orders.shop_id == shop.shop_id).group_by(buyer_id=orders.person_id).agg(n=ibis._.count())
    joined = first.left_join(bought, first.person_id == bought.buyer_id)
    has_bought = joined.buyer_id.notnull()
    told = joined.select(
        "done_at",
        pair_id=joined.person_id,
        status=has_bought.ifelse("earned", "blocked"),
        reason=has_bought.ifelse("", "not_bought"),
    )
    settled = within_grants(told, offer.limits)
    points = ibis.literal(incentive.points, "int64")
    return settled.select("status", "reason", person_id="pair_id", earned_at="done_at", points=points)
