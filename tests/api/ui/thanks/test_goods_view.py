from api.ui.shell.words import LANGUAGES, words
from api.ui.thanks.goods_view import render_goods
from api.verbs.thanks_preview import MarketGoods
from memory.domain.thanks import ThanksGoods
from tests.factories.thanks import euros

SOCKS = ThanksGoods(
    sku="socks", title="<b>Socks", url="https://x.example", image_url="", price=euros(500), rule="complement",
    n_together=9,
)  # fmt: skip
DE = MarketGoods(market="DE", sku="shoes", title="Shoes", n_orders=40, goods=(SOCKS,))


def test_s1_09_each_market_says_after_what_and_why_each_article_was_chosen() -> None:
    rest = MarketGoods(market="CN", sku="", title="", n_orders=0, goods=())
    html = render_goods((DE, rest), words("en"))
    assert "Shoes (shoes); orders that hold it: 40" in html and "&lt;b&gt;Socks" in html and "€5.00" in html
    assert "Orders with both: 9." in html and "Nothing that follows" in html and "China (CN)" in html
    for language in LANGUAGES:
        for rule in ("same_category", "bestseller"):
            shown = DE.model_copy(update={"goods": (SOCKS.model_copy(update={"rule": rule, "n_together": 0}),)})
            assert "{" not in render_goods((shown,), words(language))


def test_without_goods_it_says_how_they_come() -> None:
    assert "secondorder thanks prepare" in render_goods((DE.model_copy(update={"goods": ()}),), words("en"))
