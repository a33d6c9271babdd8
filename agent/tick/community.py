"""Invitations to a community are for who may be invited to the one of their market, and is not in it (S1-30)."""

from collections.abc import Collection
from datetime import datetime

import ibis.expr.types as ir
import pyarrow as pa

from memory.domain.market import Shop
from memory.lake.view import LakeView
from memory.store.communities import COMMUNITY
from memory.store.engine import Store
from tools.community import eligible
from tools.loyalty import terms_of
from tools.loyalty.programmes import in_force

INVITED_SCHEMA = pa.schema([("invited_id", pa.string()), ("invited_in", pa.string())])


def only_eligible(
    table: ir.Table, view: LakeView, store: Store, kinds: Collection[str], shop: Shop, as_of: datetime
) -> ir.Table:
    """Drop invitations to a community of people who may not be invited at `as_of`; other candidates stay.

    Where no community runs in a market nobody there is invited, and where a tier decides that no programme in force
    has, neither. `kinds` are the kinds of the steps that are due: where none invites, nothing is read.
    """
    if COMMUNITY not in kinds:
        return table
    with store.read() as uow:
        running = [one.community for one in uow.communities.all(shop.shop_id) if one.ended_at is None]
        term = in_force(terms_of(uow.loyalty.history(shop.shop_id), shop), as_of)
    programme = term.programme if term else None
    tiers = {tier.id for tier in programme.tiers} if programme else set()
    found = [INVITED_SCHEMA.empty_table()]
    for community in running:
        if community.min_tier is None or community.min_tier in tiers:
            people = eligible(view, shop, community, programme, as_of).to_pyarrow()["person_id"]
            places = pa.repeat(community.market, len(people))
            found.append(pa.table([people, places], schema=INVITED_SCHEMA))
    invited = view.memory_table("tick_invited", pa.concat_tables(found))
    asked = table.filter(table.message_kind == COMMUNITY).select("person_id", "market", frozen_id="person_id")
    known = view.present(asked.distinct())
    theirs = known.semi_join(invited, [known.person_id == invited.invited_id, known.market == invited.invited_in])
    kept = table.message_kind != COMMUNITY
    return table.filter(kept | table.person_id.isin(theirs.frozen_id))
