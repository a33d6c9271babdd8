"""Setting a community: read from YAML, checked against the loyalty programme, one at a time per market."""

from datetime import datetime

from agent.loyalty.programme import programme_in_force
from agent.written import checked, fields_of
from memory.domain.community import Community
from memory.domain.errors import InvalidInput
from memory.domain.loyalty import LoyaltyProgramme
from memory.domain.market import Shop
from memory.store.unit_of_work import UnitOfWork
from tools.community.eligible import tier_number
from tools.segments import check_rule


def read_community(text: str) -> Community:
    """Read a community from YAML or JSON; raise `InvalidInput` that names every wrong field."""
    return checked(Community, fields_of(text, _unusable), _unusable)


def set_community(uow: UnitOfWork, shop: Shop, community: Community, by: str, at: datetime) -> None:
    """Set a community, or change the one of this id.

    Raise `InvalidInput` for a rule that nobody can evaluate, a tier the programme does not have, and where another
    community of the market runs; `NotReady` where a tier is named and there is no programme.
    """
    if community.rule is not None:
        check_rule(community.rule)
    else:
        tier_number(community, programme_for(uow, shop, community, at))
    uow.communities.put(shop.shop_id, community, by, at)


def programme_for(uow: UnitOfWork, shop: Shop, community: Community, at: datetime) -> LoyaltyProgramme | None:
    """Give the programme whose tiers decide; none where a rule does. Raise `NotReady` where there is none to ask."""
    return programme_in_force(uow, shop, at)[0] if community.min_tier is not None else None


def _unusable(why: str) -> InvalidInput:
    remedy = "It states id, market, platform, name, link (https) and either rule or min_tier; see docs/community.md."
    return InvalidInput(what="the community", why=why, remedy=remedy)
