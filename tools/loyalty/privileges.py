"""Who may have what: the privileges of each member's tier, exactly those."""

from datetime import datetime

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from memory.domain.loyalty import LoyaltyProgramme
from memory.domain.market import Shop
from memory.lake.view import LakeView

from .standing import standings

HELD_SCHEMA = pa.schema([("held_by", pa.int64()), ("tier", pa.string()), ("privilege", pa.string())])


def eligible(view: LakeView, shop: Shop, programme: LoyaltyProgramme, as_of: datetime) -> ir.Table:
    """Give one row per member and privilege of their tier: person_id, tier, privilege (its kind)."""
    rows = [
        {"held_by": number, "tier": tier.id, "privilege": one.kind}
        for number, tier in enumerate(programme.tiers)
        for one in tier.privileges
    ]
    held = view.memory_table("held_privileges", pa.Table.from_pylist(rows, HELD_SCHEMA))
    stands = standings(view, shop, programme.tier_rule, as_of)
    return stands.inner_join(held, stands.tier_no == held.held_by).select("person_id", "tier", "privilege")


def n_by_tier(view: LakeView, shop: Shop, programme: LoyaltyProgramme, as_of: datetime) -> dict[str, int]:
    """Count the members of each tier; tiers without any are there with 0."""
    stands = standings(view, shop, programme.tier_rule, as_of)
    counted = stands.group_by("tier_no").agg(n=ibis._.count()).to_pyarrow().to_pylist()
    found = {row["tier_no"]: row["n"] for row in counted}
    return {tier.id: found.get(number, 0) for number, tier in enumerate(programme.tiers)}
