"""Messages of the content library are for whom their item is: audience, what they bought, language, channel (S1-38)."""

from collections.abc import Collection
from datetime import datetime

import ibis
import ibis.expr.types as ir

from agent.planning.library import carries
from memory.domain.content import ContentItem
from memory.domain.loyalty import LoyaltyProgramme
from memory.domain.market import CHANNELS, Shop
from memory.domain.plan import Plan
from memory.lake.view import LakeView
from memory.store.engine import Store
from tools.content import fitting
from tools.loyalty import Term, terms_of
from tools.loyalty.programmes import in_force


def only_fitting(
    table: ir.Table, view: LakeView, store: Store, plan: Plan, step_ids: Collection[str], shop: Shop, as_of: datetime
) -> ir.Table:
    """Drop messages of a content item to people it is not for; other candidates stay.

    `step_ids` are the steps that are due: where none speaks of an item, nothing is read.
    """
    items = {step.id: step.content for step in plan.steps() if step.id in step_ids and step.content is not None}
    if not items:
        return table
    with store.read() as uow:
        term = in_force(terms_of(uow.loyalty.history(shop.shop_id), shop), as_of)
    for step_id, item in items.items():
        table = table.filter((table.step_id != step_id) | _is_for(table, view, item, step_id, term, shop, as_of))
    return table


def _is_for(
    table: ir.Table,
    view: LakeView,
    item: ContentItem,
    step_id: str,
    term: Term | None,
    shop: Shop,
    as_of: datetime,
) -> ir.BooleanValue:
    can = table.language.isin(sorted(item.words)) & table.channel.isin(
        [channel for channel in CHANNELS if carries(item, channel)]
    )
    programme: LoyaltyProgramme | None = term.programme if term else None
    people = fitting(view, shop, item, programme, as_of)
    if people is None:
        return can
    asked = table.filter(table.step_id == ibis.literal(step_id)).select("person_id", frozen_id="person_id")
    known = view.present(asked.distinct())
    theirs = known.semi_join(people, known.person_id == people.holder_id)
    return can & table.person_id.isin(theirs.frozen_id)
