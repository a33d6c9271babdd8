"""The goods of one block: what follows from an order, in stock at this instant, never what was ordered."""

from typing import get_args

from memory.domain.money import Money
from memory.domain.thanks import GoodsList, ThanksGoods, ThanksOrder, ThanksRule
from memory.store.thanks_goods import Follower
from memory.store.unit_of_work import UnitOfWork

from .preparing import WHOLE_SHOP, anchor_of

N_SHOWN = 4
_ORDER: dict[str, int] = {rule: number for number, rule in enumerate(get_args(ThanksRule))}


def goods_for(
    uow: UnitOfWork, shop_id: str, currency: str, order: ThanksOrder, goods_list: GoodsList = "recommended"
) -> tuple[ThanksGoods, ...]:
    """Give up to four articles: complements first, then the order's categories, then what the shop sells most.

    Left out are the articles of the order and other variants on their pages, what the customer's earlier orders with
    a page hold, what is sold out at this instant, and what is not sold in the shop's currency. A page is shown once.
    The list of `bestsellers` is what the shop sells most, less the same.
    """
    places = uow.thanks_goods.places(shop_id, order.skus)
    categories = {category for _, category in places.values() if category}
    closer = [*order.skus, *(anchor_of(category) for category in categories)]
    anchors = [*closer, WHOLE_SHOP] if goods_list == "recommended" else [WHOLE_SHOP]
    had = set(order.skus) | uow.thanks.owned(shop_id, order.person_id)
    taken = {url for url, _ in places.values()}
    chosen: list[ThanksGoods] = []
    for goods in sorted(uow.thanks_goods.following(shop_id, anchors), key=_rank):
        if goods.sku in had or goods.url in taken or goods.currency != currency:
            continue
        taken.add(goods.url)
        chosen.append(_shown(goods))
        if len(chosen) == N_SHOWN:
            break
    return tuple(chosen)


def _rank(goods: Follower) -> tuple[int, int, int, str]:
    return _ORDER[goods.rule], goods.place, -goods.n_together, goods.sku


def _shown(goods: Follower) -> ThanksGoods:
    price = Money(amount_minor=goods.price_minor, currency=goods.currency)
    named = {name: getattr(goods, name) for name in ("sku", "title", "url", "image_url", "rule", "n_together")}
    return ThanksGoods(price=price, **named)
