"""The goods of one block: what follows from an order, in stock at this instant, never what was ordered."""

from typing import get_args

from memory.domain.thanks import ThanksGoods, ThanksOrder, ThanksRule
from memory.store.unit_of_work import UnitOfWork

from .preparing import WHOLE_SHOP, anchor_of

N_SHOWN = 4
_ORDER = {rule: number for number, rule in enumerate(get_args(ThanksRule))}


def goods_for(uow: UnitOfWork, shop_id: str, currency: str, order: ThanksOrder) -> tuple[ThanksGoods, ...]:
    """Give up to four articles: complements first, then the order's categories, then what the shop sells most.

    Left out are the articles of the order and other variants on their pages, what the customer's earlier orders with
    a page hold, what is sold out at this instant, and what is not sold in the shop's currency. A page is shown once.
    """
    places = uow.thanks.places(shop_id, order.skus)
    categories = {category for _, category in places.values() if category}
    anchors = [*order.skus, *(anchor_of(category) for category in categories), WHOLE_SHOP]
    had = set(order.skus) | uow.thanks.owned(shop_id, order.person_id)
    taken = {url for url, _ in places.values()}
    found = uow.thanks.following(shop_id, anchors)
    chosen: list[ThanksGoods] = []
    for _, goods in sorted(found, key=lambda one: (_ORDER[one[1].rule], one[0], -one[1].n_together, one[1].sku)):
        if goods.sku in had or goods.url in taken or goods.price.currency != currency:
            continue
        taken.add(goods.url)
        chosen.append(goods)
        if len(chosen) == N_SHOWN:
            break
    return tuple(chosen)
