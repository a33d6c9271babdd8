"""The block of one order as its reader gets it: goods, its code, the shop's accounts, and what sharing earns."""

from datetime import datetime
from urllib.parse import quote

from memory.domain.base import Frozen, Instant
from memory.domain.market import Shop
from memory.domain.money import Money
from memory.domain.thanks import ShareReward, SocialChannel, ThanksGoods, ThanksOrder, ThanksSettings
from memory.store.unit_of_work import UnitOfWork

from .goods import goods_for


class CodeShown(Frozen):
    """The order's code while it can be used."""

    code: str
    """What to type."""
    off: Money
    """What it takes off."""
    min_spend: Money
    """From which basket on."""
    expires_at: Instant
    """Until when."""


class ShareShown(Frozen):
    """What to pass on to a friend, and what it earns."""

    url: str
    """The link."""
    reward: ShareReward
    """What the customer gets once the friend's order is paid and past its return window."""


class Block(Frozen):
    """What an order's page shows; all empty on a plain page."""

    goods: tuple[ThanksGoods, ...] = ()
    """Articles in stock that were not ordered, each with the rule that chose it."""
    code: CodeShown | None = None
    """The order's code."""
    socials: tuple[SocialChannel, ...] = ()
    """The shop's accounts in the order's market."""
    share: ShareShown | None = None
    """What to pass on."""


def block_of(uow: UnitOfWork, shop: Shop, order: ThanksOrder, settings: ThanksSettings, now: datetime) -> Block:
    """Give what an order's page shows now."""
    parts = settings.parts_of(order.arm)
    shown = settings.goods_of(order.arm)
    goods = goods_for(uow, shop.shop_id, shop.currency, order, shown) if "goods" in parts else ()
    socials = settings.socials.get(order.market, ()) if "social" in parts else ()
    return Block(
        goods=goods,
        code=_code(order, now) if "code" in parts else None,
        socials=socials,
        share=_share(shop, order, settings) if "share" in parts else None,
    )


def targets_of(block: Block) -> frozenset[str]:
    """Give what of a block can be clicked."""
    found = {f"goods:{goods.sku}" for goods in block.goods} | {f"social:{one.network}" for one in block.socials}
    found |= {"code"} if block.code else set()
    return frozenset(found | ({"share"} if block.share else set()))


def _code(order: ThanksOrder, now: datetime) -> CodeShown | None:
    code, until, off, least = order.code, order.code_expires_at, order.code_off, order.code_min_spend
    if code is None or until is None or off is None or least is None or order.code_used_by or now >= until:
        return None
    return CodeShown(code=code, off=off, min_spend=least, expires_at=until)


def _share(shop: Shop, order: ThanksOrder, settings: ThanksSettings) -> ShareShown | None:
    reward = settings.share.get(order.market)
    if order.share_code is None or reward is None:
        return None
    return ShareShown(url=f"{shop.website.rstrip('/')}/?ref={quote(order.share_code)}", reward=reward)
