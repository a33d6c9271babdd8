"""Whom a content item is for: its audience, and of those who bought what it fits (S1-38)."""

import re
from datetime import datetime

import ibis
import ibis.expr.types as ir

from memory.domain.content import ContentItem
from memory.domain.loyalty import LoyaltyProgramme
from memory.domain.market import Shop
from memory.lake.view import LakeView
from tools.loyalty import members_at, standings
from tools.profile.purchases import valid_lines


def fitting(
    view: LakeView, shop: Shop, item: ContentItem, programme: LoyaltyProgramme | None, as_of: datetime
) -> ir.Table | None:
    """Give whom an item is for at `as_of`: holder_id, each once; none where it is for everybody.

    A tier that the programme in force does not have is nobody's.
    """
    held = _audience(view, shop, item, programme, as_of)
    if item.fits_everything:
        return held
    buyers = _buyers(view, shop, item, as_of)
    return buyers if held is None else buyers.semi_join(held, "holder_id")


def _audience(
    view: LakeView, shop: Shop, item: ContentItem, programme: LoyaltyProgramme | None, as_of: datetime
) -> ir.Table | None:
    if item.audience == "everybody":
        return None
    members = members_at(view, shop, as_of)
    if item.min_tier is None:
        return members.select(holder_id="member_id").distinct()
    names = [tier.id for tier in programme.tiers] if programme else []
    if programme is None or item.min_tier not in names:
        return members.filter(ibis.literal(False)).select(holder_id="member_id")
    stands = standings(view, shop, programme.tier_rule, as_of)
    return stands.filter(stands.tier_no >= names.index(item.min_tier)).select(holder_id="person_id")


def _buyers(view: LakeView, shop: Shop, item: ContentItem, as_of: datetime) -> ir.Table:
    """Give who bought one of the item's articles, of its categories, or with a title that means what it fits."""
    lines = valid_lines(view, as_of)
    lines = lines.filter(lines.shop_id == shop.shop_id)
    asked = [lines.sku.isin(item.skus)] if item.skus else []
    asked += [lines.category.isin(item.categories)] if item.categories else []
    if item.title_words:
        products = view.table("products")
        said = products.title.lower()
        meant = ibis.or_(*(_means(said, word.lower()) for word in item.title_words))
        asked.append(lines.sku.isin(products.filter(meant).select("sku").sku))
    return lines.filter(ibis.or_(*asked)).select(holder_id="person_id").distinct()


def _means(said: ir.StringValue, word: str) -> ir.BooleanValue:
    """Say whether a title holds the word by itself or in the plural; scripts without spaces hold it anywhere."""
    if not any("a" <= char <= "z" for char in word):
        return said.contains(word)
    return said.re_search(rf"(^|[^\p{{L}}\p{{N}}]){re.escape(word)}(s|es|n)?([^\p{{L}}\p{{N}}]|$)")
