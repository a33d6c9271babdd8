"""Who may be invited to a community: people of its market whom its rule or its tier names, and who are not in it."""

from datetime import datetime

import ibis.expr.types as ir

from memory.domain.community import Community
from memory.domain.errors import InvalidInput
from memory.domain.loyalty import LoyaltyProgramme
from memory.domain.market import Shop
from memory.domain.segment import Compare, SegmentRule, leaves
from memory.lake.view import LakeView
from tools.loyalty import standings
from tools.profile import build_profiles
from tools.segments import select

from .members import in_community_at

RANKED = frozenset({"r_quintile", "f_quintile", "m_quintile"})
"""Attributes that say where somebody stands among everybody."""


def eligible(
    view: LakeView, shop: Shop, community: Community, programme: LoyaltyProgramme | None, as_of: datetime
) -> ir.Table:
    """Give who may be invited at `as_of`: person_id, each once; whoever is in the community is not.

    `programme` is the one in force; a community by tier needs it. Raise `InvalidInput` for a tier it does not have.
    """
    people = people_of_market(view, shop, community.market, as_of)
    if community.rule is not None:
        people = select(community.rule, people, view, as_of, shop.zone)
    else:
        held = _from_tier(view, shop, community, programme, as_of)
        people = people.semi_join(held, people.person_id == held.holder_id)
    inside = in_community_at(view, shop, as_of)
    inside = inside.filter(inside.community_id == community.id)
    return people.anti_join(inside, people.person_id == inside.member_id).select("person_id")


def people_of_market(view: LakeView, shop: Shop, market: str, as_of: datetime) -> ir.Table:
    """Give the profiles of a market: of what a person said, else of where the last order went, else the home's."""
    profiles = build_profiles(view, shop, as_of)
    return profiles.filter(profiles.market == market)


def tier_number(community: Community, programme: LoyaltyProgramme | None) -> int:
    """Give the number of the lowest tier that is invited; raise `InvalidInput` where the programme lacks it."""
    names = [tier.id for tier in programme.tiers] if programme else []
    if community.min_tier not in names:
        why = f"the loyalty programme in force has no tier {community.min_tier}"
        raise InvalidInput(what=f"community {community.id}", why=why, remedy="Name one of its tiers, or a rule.")
    return names.index(community.min_tier)


def needs_everybody(rule: SegmentRule | None) -> bool:
    """Say whether a rule ranks people among all of the shop, so that one person's own facts do not answer it."""
    return rule is not None and any(isinstance(one, Compare) and one.attribute in RANKED for one in leaves(rule))


def _from_tier(
    view: LakeView, shop: Shop, community: Community, programme: LoyaltyProgramme | None, as_of: datetime
) -> ir.Table:
    lowest = tier_number(community, programme)
    assert programme is not None
    stands = standings(view, shop, programme.tier_rule, as_of)
    return stands.filter(stands.tier_no >= lowest).select(holder_id="person_id")
