"""Channels that win a first order: what is spent on them is `pre_purchase`, and no post-purchase plan pays for them."""

from typing import Literal, get_args

PrePurchaseChannel = Literal[
    "meta_ads", "google_ads", "tiktok_ads", "pinterest_ads", "kol", "affiliate", "seo", "popup_coupon", "pdp_cta",
]  # fmt: skip
PRE_PURCHASE_CHANNELS: tuple[PrePurchaseChannel, ...] = get_args(PrePurchaseChannel)
"""Paid ads of four networks, KOL and affiliate, SEO, the pop-up's first-order coupon, product page and CTA (S1-01)."""
_ALSO: dict[str, PrePurchaseChannel] = {
    "meta": "meta_ads",
    "facebook": "meta_ads",
    "facebook_ads": "meta_ads",
    "instagram_ads": "meta_ads",
    "google": "google_ads",
    "tiktok": "tiktok_ads",
    "pinterest": "pinterest_ads",
    "influencer": "kol",
    "influencers": "kol",
    "affiliates": "affiliate",
    "popup": "popup_coupon",
    "pop_up": "popup_coupon",
    "pop_up_coupon": "popup_coupon",
    "pop_up_first_order_coupon": "popup_coupon",
    "first_order_coupon": "popup_coupon",
    "pdp": "pdp_cta",
    "cta": "pdp_cta",
}


def pre_purchase_channel(name: str) -> PrePurchaseChannel | None:
    """Give the channel before the purchase that a ledger or plan means by `name`, or none; case and marks don't count.

    What is not recognised is none of these: a ledger then says itself to which stage it belongs.
    """
    code = "_".join("".join(char if char.isalnum() else " " for char in name.lower()).split())
    return next((known for known in PRE_PURCHASE_CHANNELS if known == code), _ALSO.get(code))


def refuse_pre_purchase(name: object) -> object:
    """Give `name` back; raise `ValueError` where it is a channel before the purchase (for pydantic)."""
    if isinstance(name, str) and (code := pre_purchase_channel(name)) is not None:
        raise ValueError(f"{code} is a pre-purchase channel; a post-purchase plan spends nothing on it")
    return name
