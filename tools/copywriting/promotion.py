"""What sells has no place in content that is typed `non_promotional`: words of offers and of pressing, per language.

Beside these words count hard selling (`tone`), price idioms, superlatives, percentages and sums of money (`claims`).
Other figures stay: a course has lessons, a care guide degrees.
"""

import re
import unicodedata

from memory.domain.market import Language

from .claims import CHECKED_LANGUAGES, TOKEN, unbound_claims
from .tone import hard_sell

PROMOTION: dict[Language, tuple[str, ...]] = {
    "en": (
        "sales?", "on sale", "discount(?:s|ed)?", "coupons?", "vouchers?",
        "promo(?:s|tions?|(?:tion)?al)?(?: codes?)?", "special offers?", "(?:our|an|new) offers?", "deals?",
        "bargains?", "cashback", "store credits?", "free (?:shipping|delivery|gifts?)", "giveaways?", "bonus points",
        "extra points", "add to (?:cart|basket)", "shop (?:the|our|here)", "buy (?:it|them|yours|here|one)",
        "order (?:it|yours|here)", "save (?:on|up to|money)", "checkout", "black friday", "cyber monday",
    ),
    "de": (
        r"rabatt\w*", r"gutschein\w*", r"angebot\w*", r"aktionspreis\w*", r"rabattaktion\w*", r"sonderpreis\w*",
        "schnäppchen", "ausverkauf", "schlussverkauf", "sale", r"reduziert\w*", "gratis(?:versand|geschenk)",
        r"versandkostenfrei\w*", "geschenkt", "bonuspunkte", "extrapunkte", "in den warenkorb", "jetzt shoppen",
        "spar(?:en|e|t)? (?:bei|beim|jetzt|geld)", "guthaben", "kaufe?n? sie", "kauf dir",
        "bestell(?:e|en sie)? (?:dir|jetzt|hier)",
    ),
    "fr": (
        "soldes?", "rabais", "remises?", "réductions?", "promos?", "promotions?", "codes? promo", "bons? d'achat",
        "bons? de réduction", "offres?", "bonnes? affaires?", "livraison (?:offerte|gratuite)", "cadeaux? offerts?",
        "points? bonus", "ajoute[rz]? au panier", "prix réduits?", "économise[rz]?", "achete[rz]",
        "commande[rz] (?:le|la|les|ici|vite)", r"avoir de \w+",
    ),
    "es": (
        "rebajas?", r"rebajad\w+", "descuentos?", "cup[oó]n(?:es)?", "vales? (?:de|por)", "promos?",
        "promoci(?:ón|ones)", "ofertas?", "gangas?", "envío (?:gratis|gratuito)",
        "regalo (?:gratis|con tu (?:compra|pedido))", "puntos extra", "añad(?:e|ir) (?:al carrito|a la cesta)",
        "código (?:promocional|de descuento)", r"ahorra\w*", "compra (?:el|la|los|las|aquí|tu)",
        "pide (?:el|la|los|las|aquí|tu)", "precio (?:especial|reducido)", "saldo de",
    ),
    "zh": (
        "优惠", "折扣", "打折", "促销", "特价", "特惠", "减价", "降价", "满减", "立减", "立省", "优惠券", "代金券",
        "红包", "返现", "包邮", "免运费", "赠品", "送礼", "积分加倍", "额外积分", "下单", "购买", "抢购",
        "加入购物车", "大促", "清仓", "秒杀", "团购", "购物金",
    ),
    "ja": (
        "セール", "割引", "値引き", "クーポン", "特価", "お買い得", "お得", "キャンペーン", "プロモーション",
        "送料無料", "プレゼント", "ポイントアップ", "ポイント還元", "ご購入", "お買い求め", "ご注文", "カートに入れ",
        "タイムセール", "福袋", "半額", "キャッシュバック",
    ),
}  # fmt: skip
"""Fragments of regular expressions, lower case; a language without any cannot be told free of promotion."""
SHARE_OR_SUM = re.compile(
    r"\d+(?:[.,]\d+)*\s*(?:[%‰]|[$€£¥₩₹]|(?:eur|usd|gbp|cny|jpy|mxn|euros?|dollars?|元|円)(?!\w))|[$€£¥₩₹]\s*\d"
)
_SPACED = frozenset({"en", "de", "fr", "es"})
SELLING = ("price_idiom", "superlative")
"""Claims that sell; numerals, days and plain figures may teach."""


def promotional(language: Language, *texts: str) -> tuple[str, ...]:
    """Give what sells in these texts, each once in the order it is found; nothing where nothing does.

    Ask only for languages of `CHECKED_LANGUAGES`: in others only percentages and sums are found.
    """
    said = "\n".join(texts)
    plain = unicodedata.normalize("NFKC", TOKEN.sub(" ", said)).replace("’", "'").casefold()
    found = [match.group().strip() for match in SHARE_OR_SUM.finditer(plain)]
    if language in PROMOTION:
        words = "|".join(PROMOTION[language])
        words = rf"(?<!\w)(?:{words})(?!\w)" if language in _SPACED else words
        found += [match.group() for match in re.finditer(words, plain)]
    found += hard_sell(language, said)
    found += [claim.words for claim in unbound_claims(language, said) if claim.kind in SELLING]
    return tuple(dict.fromkeys(found))


def can_be_checked(language: Language) -> bool:
    """Say whether anybody can tell that words in a language sell nothing."""
    return language in CHECKED_LANGUAGES and language in PROMOTION
