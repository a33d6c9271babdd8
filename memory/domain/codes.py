"""Codes of offers: where a shop's codes come from, and who was given which one."""

import re
from typing import Annotated, Literal, get_args

from pydantic import Field

from .base import Count, Frozen, Instant, ShopId
from .canonical import content_hash
from .money import Money
from .offer import Discount, Offer, StoreCredit

CodedKind = Literal["store_credit", "free_expedited_shipping", "discount"]
"""A kind of incentive that is given as a code: points are booked, gifts go into the parcel, early access needs none."""
CODED_KINDS: tuple[CodedKind, ...] = get_args(CodedKind)
SourceKind = Literal["pool", "shopify"]
"""Codes the shop made and we imported, or codes we ask Shopify to make."""
GrantState = Literal["reserved", "confirmed", "refused"]
"""`reserved` for a person and not confirmed by the shop yet; `confirmed`: the shop knows it; `refused`: it does not."""
SHOP_TOKEN = "shopify.admin_token"  # noqa: S105  the name of the secret
"""The secret of a shop that signs in to its Admin API."""


class CodeSource(Frozen):
    """Where one shop's codes come from."""

    kind: SourceKind
    """An imported pool, or Shopify's Admin API."""
    gives: tuple[CodedKind, ...] = CODED_KINDS
    """Which kinds of offers give a code; plans tell the others by their terms."""
    shopify_shop: Annotated[str, Field(pattern=r"^([a-z0-9][a-z0-9-]{0,60}\.myshopify\.com)?$")] = ""
    """The shop's address at Shopify; needed for `shopify` only."""


class CodeSourceStanding(Frozen):
    """A shop's source with who set it."""

    source: CodeSource
    """The source."""
    set_by: str
    """Who."""
    set_at: Instant
    """When."""


class CodeGrant(Frozen):
    """One code of one person: for one step and offer of one plan, once."""

    id: str
    """Hash of what it is for: asked twice, it is the same one."""
    plan_id: str
    """The version of the plan."""
    step_id: str
    """The step whose message carries it."""
    offer_id: str
    """The offer it stands for."""
    person_id: str
    """Whom it is bound to; `erased` where they were erased."""
    source: SourceKind
    """Where it comes from."""
    code: str
    """What is typed at the checkout."""
    state: GrantState
    """How far it is."""
    reason: str = ""
    """Why the shop refused it."""
    reserved_at: Instant
    """When it was set aside for the person."""
    settled_at: Instant | None = None
    """When the shop confirmed or refused it."""


AlarmKind = Literal["reused", "other_person", "rate", "cost"]
"""A code on more orders than it may be used on, or on somebody else's; more redemptions, or dearer ones, than planned.
"""


class CodeAlarm(Frozen):
    """Redemptions of an offer that are not as they should be."""

    shop_id: ShopId
    """Where."""
    plan_id: str
    """The plan."""
    offer_id: str
    """The offer."""
    kind: AlarmKind
    """What is wrong."""
    n: Count
    """Orders it is about."""
    at_stake: Money
    """What those orders cost above what was planned."""
    message: str
    """What happened, in a sentence that names no person and no code."""
    raised_at: Instant
    """When it was raised, or raised again because it grew."""
    settled_by: str = ""
    """Who looked at it; empty while nobody did."""
    settled_at: Instant | None = None
    """When."""


def grant_id(shop_id: str, plan_id: str, step_id: str, offer_id: str, person_id: str) -> str:
    """Give the id of a person's grant of an offer by a step of a plan."""
    return "g" + content_hash([shop_id, plan_id, step_id, offer_id, person_id])[:40]


def code_key(code: str) -> str:
    """Give a code as checkouts compare it: upper case, letters and digits only."""
    return re.sub(r"[^A-Z0-9]", "", code.upper())


def terms_of(offer: Offer) -> str:
    """Give the hash of what a code of an offer is worth: its incentive, smallest basket and categories.

    Two versions of a plan whose offer is worth the same use the same pool.
    """
    limits = offer.limits
    worth = [offer.incentive.model_dump(mode="json"), limits.min_spend.model_dump(mode="json"), *limits.categories]
    return content_hash(worth)[:24]


def gives_code(source: CodeSource | None, offer: Offer) -> bool:
    """Say whether an offer is given as a code where a shop's codes come from this source.

    Shopify is asked for sums and shares off the whole basket; an offer for some categories alone needs a pool.
    """
    if source is None or offer.incentive.kind not in source.gives:
        return False
    if source.kind == "pool":
        return True
    return isinstance(offer.incentive, StoreCredit | Discount) and not offer.limits.categories
