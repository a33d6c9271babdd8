"""Belonging and recommending: a community's people or ambassadors beside a random control, else people like them."""

from datetime import datetime
from typing import Literal

import ibis
import ibis.expr.types as ir

from memory.domain.base import Frozen, Instant
from memory.domain.market import Shop
from memory.domain.outcome import NotEstimable
from memory.lake.lake import Lake
from memory.lake.view import LakeView
from memory.store.communities import COMMUNITY
from memory.store.engine import Store
from memory.store.unit_of_work import UnitOfWork
from tools.facts import open_facts
from tools.loyalty import terms_of
from tools.loyalty.programmes import in_force
from tools.metrics.belonging import ReferralDifference, matched_difference, randomised_difference
from tools.outcomes.window import outcome_window

Group = Literal["community", "ambassadors"]
"""Whose recommendations are read."""


class BelongingReport(Frozen):
    """How often a group recommends the shop, beside others (S1-33)."""

    group: Group
    """Who."""
    begins_at: Instant
    """Who joined from here on is read, where people are matched."""
    ends_at: Instant
    """Until here."""
    comparison: ReferralDifference | NotEstimable
    """Beside a random control where there is one that can be read, else beside people like them; it says which."""
    not_randomised: NotEstimable | None
    """Why it is beside no random control; null where it is."""


def belonging_report(
    store: Store,
    lake: Lake,
    shop_id: str,
    group: Group,
    period: tuple[datetime, datetime],
    within_days: int,
    as_of: datetime,
) -> BelongingReport:
    """Compare a group: the newest plan that withheld an invitation at random, else who joined in the period."""
    with store.read() as uow, open_facts(store, lake, [shop_id]) as view:
        shop = uow.shops.get(shop_id)
        drawn = _randomised(view, uow, shop, as_of) if group == "community" else _no_draw()
        found: ReferralDifference | NotEstimable = drawn
        if isinstance(drawn, NotEstimable):
            term = in_force(terms_of(uow.loyalty.history(shop_id), shop), period[0])
            rule = term.programme.tier_rule if term else None
            joined = _joined(view, uow, shop, group, as_of)
            found = matched_difference(view, shop, joined, rule, period, within_days, as_of)
    why = drawn if isinstance(drawn, NotEstimable) else None
    return BelongingReport(group=group, begins_at=period[0], ends_at=period[1], comparison=found, not_randomised=why)


def _randomised(view: LakeView, uow: UnitOfWork, shop: Shop, as_of: datetime) -> ReferralDifference | NotEstimable:
    for stored in uow.plans.all(shop.shop_id):
        plan, live = stored.plan, uow.batches.live(stored.plan.id)
        steps = {step.id for step in plan.steps() if step.kind == COMMUNITY}
        held = uow.part_holdouts.of_plans([plan.id]).get(plan.id, ())
        inviting = [one for one in held if one.part == "step" and one.part_id in steps]
        if live is not None and inviting:
            arms = uow.assignments.arms(shop.shop_id, inviting[0].experiment_id(plan))
            window = outcome_window(plan, live.live_at)
            return randomised_difference(view, shop, arms, (window.starts_at, window.ends_at), as_of)
    return _no_draw()


def _joined(view: LakeView, uow: UnitOfWork, shop: Shop, group: Group, as_of: datetime) -> ir.Table:
    """Give person_id and joined_at, the first time of each."""
    if group == "community":
        told = view.table("community_memberships")
        told = told.filter(told.shop_id == shop.shop_id, told.is_member, told.event_at <= ibis.literal(as_of))
        return told.group_by("person_id").agg(joined_at=told.event_at.min())
    since = view.memory_table("belonging_since", uow.ambassadors.since(shop.shop_id))
    known = view.present(since.select("since_at", person_id="ambassador_id"))
    return known.group_by("person_id").agg(joined_at=known.since_at.min())


def _no_draw() -> NotEstimable:
    message = "No plan withheld this invitation from people drawn at random: set one with `secondorder plan holdout`."
    return NotEstimable(code="no_control_group", message=message)
