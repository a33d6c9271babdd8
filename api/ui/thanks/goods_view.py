"""Goods of the thank-you page per market as HTML: after an order of what, which articles, why each was chosen."""

from collections.abc import Sequence
from html import escape

from api.ui.shell.numbers import country_name, money, whole
from api.ui.shell.parts import empty, table
from api.ui.shell.visible import visible
from api.ui.shell.words import Words
from api.verbs.thanks_preview import MarketGoods
from memory.domain.thanks import ThanksGoods


def render_goods(found: Sequence[MarketGoods], words: Words) -> str:
    """Give a table per market; say so where no goods are prepared."""
    if not any(one.goods for one in found):
        return empty(words("thanks", "no_goods"), words("thanks", "no_goods_more"))
    about = f'<p class="so-soft">{escape(words("thanks", "goods_about"))}</p>'
    return about + "".join(_market(one, words) for one in found)


def _market(one: MarketGoods, words: Words) -> str:
    language, name = words.language, country_name(one.market, words.language)
    after = (
        words("thanks", "after").format(title=one.title, sku=one.sku, n=whole(one.n_orders, language))
        if one.sku
        else words("thanks", "after_any")
    )
    lead = f'<h3>{escape(name)}</h3><p class="so-soft">{visible(after)}</p>'
    if not one.goods:
        return f'<section class="so-section">{lead}<p>{escape(words("thanks", "none_in_stock"))}</p></section>'
    rows = [
        (
            f'{visible(goods.title)}<br><span class="so-soft">{visible(goods.sku)}</span>',
            escape(money(goods.price, language)),
            escape(_rule(goods, words)),
        )
        for goods in one.goods
    ]
    heads = [words("thanks", "heads", head) for head in ("article", "price", "rule")]
    caption = words("thanks", "goods_of").format(market=name)
    return f'<section class="so-section">{lead}{table(caption, heads, rows, numbers=frozenset({1}))}</section>'


def _rule(goods: ThanksGoods, words: Words) -> str:
    said = words("thanks", "rules", goods.rule)
    if not goods.n_together:
        return said
    return f"{said} {words('thanks', 'together').format(n=whole(goods.n_together, words.language))}"
