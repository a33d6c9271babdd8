"""Invitations to become a member are for who is none (S1-35); once per order is held at the claim."""

from datetime import datetime

import ibis.expr.types as ir

from memory.domain.market import Shop
from memory.lake.view import LakeView
from memory.store.member_invitations import INVITATION
from tools.loyalty import members_at


def without_members(table: ir.Table, view: LakeView, shop: Shop, as_of: datetime) -> ir.Table:
    """Drop invitations of people who are members at `as_of`, on every channel; other candidates stay."""
    members = members_at(view, shop, as_of).select("member_id")
    known = view.present(table.filter(table.message_kind == INVITATION).select("person_id", frozen_id="person_id"))
    theirs = known.semi_join(members, known.person_id == members.member_id)
    kept = table.message_kind != INVITATION
    return table.filter(kept | ~table.person_id.isin(theirs.frozen_id)) if _has_members(view, shop) else table


def _has_members(view: LakeView, shop: Shop) -> bool:
    told = view.table("memberships")
    return bool(told.filter(told.shop_id == shop.shop_id).limit(1).count().to_pyarrow().as_py())
