"""The invitation to a community on the page after an order: shown once per person, never to who is in it (S1-30)."""

from datetime import datetime
from typing import Literal

from agent.loyalty.inviting import InvitationWords, buyer_of, words_of
from agent.loyalty.withholding import is_withheld
from memory.domain.base import Frozen
from memory.domain.community import Community
from memory.domain.market import Language, Shop
from memory.lake.lake import Lake
from memory.store.communities import COMMUNITY
from memory.store.unit_of_work import UnitOfWork

from .eligibility import CommunityStanding, standing_of


class CommunityInvitation(Frozen):
    """Whether to show the invitation to a community, and to which."""

    code: Literal[
        "show", "already_invited", "in_community", "not_eligible", "no_community", "unknown_buyer", "withheld"
    ]
    """`show`, or why not: they were invited, are in it, do not qualify, their market has none, nobody knows the
    buyer, or a holdout withholds them."""
    community: Community | None
    """The community; null where nothing is to be shown."""
    words: InvitationWords | None = None
    """The words of the mail in the page's language; null where nothing is to be shown."""


def community_buyer(uow: UnitOfWork, lake: Lake, shop: Shop, order_ref: str, at: datetime) -> CommunityStanding | None:
    """Read how the buyer of an order stands to the community of their market; none where nobody knows the buyer.

    Before anybody has to wait, for `invite_to_community`. Raise `NotFound` for an order that is not imported.
    """
    person = buyer_of(uow, lake, shop, order_ref, at).person_id
    return None if person is None else standing_of(uow, lake, shop, person, at)


def invite_to_community(
    uow: UnitOfWork, shop: Shop, standing: CommunityStanding | None, language: Language, at: datetime
) -> CommunityInvitation:
    """Say whether a page shows the invitation, and keep that it did.

    Once per person and community, however many pages and orders follow, and not after an invitation was mailed. Whom a
    holdout withholds from the mail is not invited here either. Callers own the transaction.
    """
    if standing is None:
        return CommunityInvitation(code="unknown_buyer", community=None)
    if standing.code != "eligible" or standing.community_id is None:
        code = "no_community" if standing.code == "eligible" else standing.code
        return CommunityInvitation(code=code, community=None)
    kept = uow.communities.get(shop.shop_id, standing.community_id)
    if kept.ended_at is not None:
        return CommunityInvitation(code="no_community", community=None)
    person = uow.identities.person_of(standing.person_id)
    records = uow.identities.subjects_of([person])[person]
    if is_withheld(uow, shop, records, at, COMMUNITY):
        return CommunityInvitation(code="withheld", community=None)
    told, community = uow.communities, kept.community
    was_mailed = uow.member_invitations.mailed_at(shop.shop_id, records, kind=COMMUNITY) is not None
    was_told = was_mailed or told.was_shown(shop.shop_id, community.id, records)
    if was_told or not told.show(shop.shop_id, community.id, person, at):
        return CommunityInvitation(code="already_invited", community=None)
    return CommunityInvitation(code="show", community=community, words=words_of(COMMUNITY, language))
