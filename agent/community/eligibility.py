"""Who may be invited to a community: a page of the list, and one person with the reason."""

from datetime import datetime
from typing import Literal

from memory.domain.base import Count, Frozen
from memory.domain.community import KeptCommunity
from memory.domain.market import Shop
from memory.lake.lake import Lake
from memory.lake.view import LakeView
from memory.store.unit_of_work import UnitOfWork
from tools.community import eligible, in_community_at, needs_everybody
from tools.profile import build_profiles

from .setting import programme_for

StandingCode = Literal["eligible", "in_community", "not_eligible", "no_community"]
"""How somebody stands to the community of their market."""


class CommunityStanding(Frozen):
    """How one person stands to the community of their market."""

    person_id: str
    """The pseudonym."""
    market: str | None
    """Their market; null where nothing is known of them."""
    community_id: str | None
    """The community that runs there; null where there is none."""
    code: StandingCode
    """Whether they may be invited, or why not."""


class CommunityPage(Frozen):
    """Some of the people who may be invited to a community."""

    n_all: Count
    """How many there are."""
    start: Count
    """How many come before the first of these."""
    people: tuple[str, ...]
    """Pseudonyms, in order."""


def who_is_eligible(
    view: LakeView, uow: UnitOfWork, shop: Shop, community_id: str, at: datetime, start: int, n: int
) -> CommunityPage:
    """Give `n` of the people who may be invited to a community, from `start` on; nobody once it has ended."""
    kept = uow.communities.get(shop.shop_id, community_id)
    if kept.ended_at is not None:
        return CommunityPage(n_all=0, start=start, people=())
    found = eligible(view, shop, kept.community, programme_for(uow, shop, kept.community, at), at)
    ids = found.order_by("person_id").to_pyarrow()["person_id"]
    return CommunityPage(n_all=len(ids), start=start, people=tuple(ids.slice(start, n).to_pylist()))


def standing_of(uow: UnitOfWork, lake: Lake, shop: Shop, person_id: str, at: datetime) -> CommunityStanding:
    """Say how a person stands to the community of their market, by the facts of now."""
    person = uow.identities.person_of(person_id)
    records, tables = uow.identities.subjects_of([person])[person], uow.versions.latest().tables
    with lake.open(tables, [shop.shop_id], subjects=records) as view:
        profiles = build_profiles(view, shop, at)
        known = profiles.filter(profiles.person_id == person).select("market").to_pyarrow()["market"].to_pylist()
        market = known[0] if known else None
        kept = uow.communities.of_market(shop.shop_id, market) if market else None
        if kept is None:
            return CommunityStanding(person_id=person, market=market, community_id=None, code="no_community")
        inside = in_community_at(view, shop, at)
        inside = inside.filter(inside.member_id == person, inside.community_id == kept.community.id)
        is_inside = bool(inside.count().to_pyarrow().as_py())
        is_ranked = needs_everybody(kept.community.rule)
        may = not is_inside and not is_ranked and _holds(view, uow, shop, kept, person, at)
    if is_ranked and not is_inside:
        with lake.open(tables, [shop.shop_id]) as view:
            may = _holds(view, uow, shop, kept, person, at)
    code: StandingCode = "in_community" if is_inside else "eligible" if may else "not_eligible"
    return CommunityStanding(person_id=person, market=market, community_id=kept.community.id, code=code)


def _holds(view: LakeView, uow: UnitOfWork, shop: Shop, kept: KeptCommunity, person: str, at: datetime) -> bool:
    found = eligible(view, shop, kept.community, programme_for(uow, shop, kept.community, at), at)
    return bool(found.filter(found.person_id == person).count().to_pyarrow().as_py())
