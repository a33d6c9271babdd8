"""What the thank-you page would show, without an order: a specimen per market, and the goods that follow from it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from memory.domain.base import Frozen
from memory.domain.errors import InvalidInput
from memory.domain.market import Shop
from memory.domain.thanks import ThanksGoods, ThanksOrder, ThanksSettings, ThanksStanding

from .acting import Acting
from .thanks import guardrails_of

if TYPE_CHECKING:
    from memory.store.unit_of_work import UnitOfWork
    from tools.thanks.block import Block
    from tools.thanks.specimen import TopArticle


class MarketGoods(Frozen):
    """What a page shows after an order of a market's most ordered article."""

    market: str
    """Where."""
    sku: str
    """What was ordered; empty where nothing with a page was."""
    title: str
    """Its name; untrusted text."""
    n_orders: int
    """Orders of the market in the last year that hold it."""
    goods: tuple[ThanksGoods, ...]
    """The articles in stock now, each with the rule that chose it."""


def standing(acting: Acting) -> ThanksStanding | None:
    """Give how the page is set, by whom and when; none where nobody set it up."""
    acting.require("read")
    with acting.app.store.read() as uow:
        return uow.thanks.standing(acting.shop_id)


def markets_of(shop: Shop, settings: ThanksSettings) -> tuple[str, ...]:
    """Give the markets that the settings name, the shop's home market first."""
    return (shop.home_market, *sorted({*settings.socials, *settings.share} - {shop.home_market}))


def goods_by_market(acting: Acting) -> tuple[MarketGoods, ...]:
    """Give per market what follows from its most ordered article, in stock now; markets as named or ordered from."""
    from tools.thanks.goods import goods_for
    from tools.thanks.specimen import specimen

    tops = _tops(acting)
    with acting.app.store.read() as uow:
        shop, set_up = uow.shops.get(acting.shop_id), _settings(acting, uow)
        named, variant = markets_of(shop, set_up), set_up.variants[0].id
        found = []
        for market in (*named, *sorted(tops.keys() - set(named))):
            top = tops.get(market)
            order = specimen(set_up, market, (top.sku,) if top else (), variant, acting.app.clock.now())
            goods = goods_for(uow, shop.shop_id, shop.currency, order, set_up.goods_of(variant))
            told = {"sku": top.sku, "title": top.title, "n_orders": top.n_orders} if top else _NOTHING
            found.append(MarketGoods(market=market, goods=goods, **told))
    return tuple(found)


_NOTHING = {"sku": "", "title": "", "n_orders": 0}


def preview(acting: Acting, market: str = "", variant: str = "", sku: str = "") -> "tuple[Shop, ThanksOrder, Block]":
    """Give a specimen order of a market and its block as a variant shows it, also while the page is off.

    Without an article it is an order of the market's most ordered one; the home market and the first variant where
    none is named. Without its code where the guardrails of now forbid it (`code_refused`). Raise `InvalidInput` for a
    variant that the settings do not name.
    """
    from tools.thanks.block import block_of
    from tools.thanks.limits import code_refusals
    from tools.thanks.specimen import specimen

    acting.require("read")
    top = None if sku else _tops(acting).get(market or acting.shop().home_market)
    with acting.app.store.read() as uow:
        shop, set_up = uow.shops.get(acting.shop_id), _settings(acting, uow)
        names = [one.id for one in set_up.variants]
        if variant and variant not in names:
            raise InvalidInput(
                what=f"variant {variant}", why="there is none", remedy=f"Name one of {', '.join(names)}."
            )
        ordered = (sku,) if sku else (top.sku,) if top else ()
        now = acting.app.clock.now()
        refused = code_refusals(set_up, shop, guardrails_of(uow, acting.shop_id))
        why = refused[0].code if refused else None
        order = specimen(set_up, market or shop.home_market, ordered, variant or names[0], now, why)
        shown = block_of(uow, shop, order, set_up.model_copy(update={"is_on": True}), now)
    return shop, order, shown


def _tops(acting: Acting) -> "Mapping[str, TopArticle]":
    return acting.lately("thanks_tops", _read_tops)


def _read_tops(acting: Acting) -> "Mapping[str, TopArticle]":
    from tools.thanks.specimen import top_articles

    with acting.facts() as view:
        return top_articles(view, acting.shop(), acting.as_of(view))


def _settings(acting: Acting, uow: "UnitOfWork") -> ThanksSettings:
    return uow.thanks.settings(acting.shop_id) or ThanksSettings()
