"""Which orders show that an offer was used, and what it cost: discount codes named after offers, and gifts.

An order shows an offer whose id is its discount code, without regard to case and signs (`vip.store_credit` is
`VIP-STORE-CREDIT`), or one whose own code it shows that some person was given. Credit and discounts cost what the order
says was taken off; other incentives cost what their offer says. A gift is a line of the gift's article at no price.
"""

import re

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from memory.domain.offer import BonusPoints, Discount, GiftWithPurchase, Offer, ReferralReward, StoreCredit
from memory.lake.view import LakeView

_CODES_SCHEMA = pa.schema(
    [("code", pa.string()), ("coded_offer", pa.string()), ("takes_off", pa.bool_()), ("coded_minor", pa.int64())]
)
GRANTED_SCHEMA = pa.schema([("code", pa.string()), ("offer_id", pa.string())])
"""Codes that people were given, as they are compared, and the offer each stands for."""
_GIFTS_SCHEMA = pa.schema([("gift_sku", pa.string()), ("gift_offer", pa.string()), ("gift_minor", pa.int64())])


def code_of(offer_id: str) -> str:
    """Give an offer's code as it is compared: upper case, letters and digits only."""
    return re.sub(r"[^A-Z0-9]", "", offer_id.upper())


def is_earned(offer: Offer) -> bool:
    """Say whether its use follows from what people did (missions, referrals), without a code."""
    incentive = offer.incentive
    return isinstance(incentive, ReferralReward) or (isinstance(incentive, BonusPoints) and bool(incentive.tasks))


def with_codes(
    orders: ir.Table, view: LakeView, offers: tuple[Offer, ...], granted: pa.Table | None = None
) -> ir.Table:
    """Add `offer_id`, `off_minor` (what the code took off the goods) and `coded_minor` (what its use cost).

    `orders` has `discount_code` and `discounted_minor` in the shop's currency; `granted` are `GRANTED_SCHEMA`.
    """
    rows = [
        {
            "code": code_of(offer.id),
            "coded_offer": offer.id,
            "takes_off": isinstance(offer.incentive, StoreCredit | Discount),
            "coded_minor": offer.cost_per_use.amount_minor,
        }
        for offer in offers
        if not is_earned(offer)
    ]
    every = pa.Table.from_pylist(rows, _CODES_SCHEMA)
    if granted is not None and granted.num_rows:
        theirs = granted.select(["code", "offer_id"]).rename_columns(["code", "coded_offer"])
        named = theirs.join(every.drop_columns(["code"]), "coded_offer", join_type="inner")
        every = pa.concat_tables([every, named.select(_CODES_SCHEMA.names).cast(_CODES_SCHEMA)])
    codes = view.memory_table("offer_codes", every)
    shown = orders.discount_code.upper().re_replace("[^A-Z0-9]", "")
    joined = orders.mutate(shown_code=shown).left_join(codes, ibis._.shown_code == codes.code)
    off = ibis.ifelse(joined.takes_off.fill_null(False), joined.discounted_minor, 0)
    cost = ibis.ifelse(joined.takes_off.fill_null(False), off, ibis.coalesce(joined.coded_minor, 0))
    added = joined.mutate(offer_id=joined.coded_offer, off_minor=off, used_minor=cost)
    return added.drop(*_CODES_SCHEMA.names, "shown_code").rename(coded_minor="used_minor")


def with_gifts(lines: ir.Table, view: LakeView, offers: tuple[Offer, ...]) -> ir.Table:
    """Add `gift_offer` and `gift_minor` to order lines that are a plan's gift at no price; null and 0 elsewhere."""
    rows = [
        {"gift_sku": offer.incentive.sku, "gift_offer": offer.id, "gift_minor": offer.cost_per_use.amount_minor}
        for offer in offers
        if isinstance(offer.incentive, GiftWithPurchase)
    ]
    unique = list({row["gift_sku"]: row for row in rows}.values())
    gifts = view.memory_table("offer_gifts", pa.Table.from_pylist(unique, _GIFTS_SCHEMA))
    joined = lines.left_join(gifts, lines.sku == gifts.gift_sku)
    is_free = joined.quantity * joined.unit_price_minor <= joined.discount_minor
    return joined.mutate(
        gift_offer=ibis.ifelse(is_free, joined.gift_offer, ibis.null("string")),
        gift_minor=ibis.ifelse(is_free, ibis.coalesce(joined.gift_minor, 0), 0),
    ).drop("gift_sku")


def offers_seen(orders: ir.Table, offers: tuple[Offer, ...], granted: pa.Table | None = None) -> frozenset[str]:
    """Give the offers whose use the facts would show: earned by deeds, a gift's line, a code seen or given to people.

    An offer of which no order carries the code may have none in the shop: that nobody used it is then not known.
    """
    codes = {code_of(offer.id): offer.id for offer in offers if not is_earned(offer)}
    shown = orders.filter(orders.discount_code.notnull())
    shown = shown.select(code=shown.discount_code.upper().re_replace("[^A-Z0-9]", ""))
    found = shown.filter(shown.code.isin(sorted(codes))).distinct().to_pyarrow()["code"].to_pylist() if codes else []
    plain = {each.id for each in offers if is_earned(each) or isinstance(each.incentive, GiftWithPurchase)}
    given = set() if granted is None else set(granted["offer_id"].to_pylist())
    return frozenset(plain | given | {codes[code] for code in found})
