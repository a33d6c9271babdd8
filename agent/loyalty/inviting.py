"""The invitation to become a member, right after an order: shown once per order, never to who is a member (S1-35)."""

from datetime import datetime
from typing import Literal

import ibis

from memory.domain.base import Frozen, Instant
from memory.domain.errors import NotFound
from memory.domain.market import Language, Shop
from memory.lake.lake import Lake
from memory.store.member_invitations import INVITATION
from memory.store.unit_of_work import UnitOfWork
from tools.copywriting.templates import load_template
from tools.loyalty import members_at, terms_of
from tools.loyalty.programmes import in_force

from .withholding import is_withheld


class InvitationWords(Frozen):
    """What the page shows: the words of the mail, for one place on a page."""

    heading: str
    """The line above."""
    paragraphs: tuple[str, ...]
    """What is said."""
    button: str
    """The one thing to do."""


class Invitation(Frozen):
    """Whether to show the invitation after an order, and its words."""

    code: Literal["show", "already_invited", "is_member", "unknown_buyer", "withheld", "no_programme"]
    """`show`, or why not: this order was followed by one already, the buyer is a member, or nobody knows the buyer; a
    holdout withholds them from being invited; or the shop has no programme that they could join."""
    words: InvitationWords | None
    """The words; null where nothing is to be shown."""


class Buyer(Frozen):
    """Who placed an order, as the facts tell."""

    order_fact_id: str
    """The order."""
    ordered_at: Instant
    """When it was placed."""
    person_id: str | None
    """The pseudonym; null where nobody knows the buyer."""
    is_member: bool
    """Whether they are a member."""


def buyer_of(uow: UnitOfWork, lake: Lake, shop: Shop, order_ref: str, at: datetime) -> Buyer:
    """Read who placed an order, for `invite`: before anybody has to wait. Raise `NotFound` where it is not imported."""
    with lake.open(uow.versions.latest().tables, [shop.shop_id]) as view:
        orders = view.table("orders")
        found = orders.filter(orders.order_ref == order_ref).order_by(ibis.desc("event_at")).limit(1)
        rows = found.select("fact_id", "person_id", "event_at").to_pyarrow().to_pylist()
        if not rows:
            raise NotFound(kind="order", id=order_ref)
        (row,) = rows
        members = members_at(view, shop, at)
        is_member = members.filter(members.member_id == (row["person_id"] or "")).count().to_pyarrow().as_py()
    return Buyer(
        order_fact_id=row["fact_id"], ordered_at=row["event_at"], person_id=row["person_id"], is_member=bool(is_member)
    )


def invite(uow: UnitOfWork, shop: Shop, buyer: Buyer, language: Language, at: datetime) -> Invitation:
    """Say whether the page after an order shows the invitation, and keep that it did.

    Once per order, however often the page is loaded, and not after an invitation was mailed for that order; who is
    unknown may be a member and sees none, and whom a holdout withholds from the mail is withheld here. Callers own
    the transaction.
    """
    if buyer.person_id is None:
        return Invitation(code="unknown_buyer", words=None)
    if buyer.is_member:
        return Invitation(code="is_member", words=None)
    if in_force(terms_of(uow.loyalty.history(shop.shop_id), shop), at) is None:
        return Invitation(code="no_programme", words=None)
    person = uow.identities.person_of(buyer.person_id)
    records = uow.identities.subjects_of([person])[person]
    if is_withheld(uow, shop, records, at):
        return Invitation(code="withheld", words=None)
    mailed_at = uow.member_invitations.mailed_at(shop.shop_id, records)
    was_mailed = mailed_at is not None and mailed_at >= buyer.ordered_at
    if was_mailed or not uow.member_invitations.add(shop.shop_id, buyer.order_fact_id, person, at):
        return Invitation(code="already_invited", words=None)
    return Invitation(code="show", words=words_of(INVITATION, language))


def words_of(kind: str, language: Language) -> InvitationWords:
    """Give the words of a mail that invites, in English where the language has none."""
    template = load_template(kind, language) or load_template(kind, "en")
    assert template is not None
    return InvitationWords(heading=template.heading, paragraphs=template.paragraphs, button=template.button)
