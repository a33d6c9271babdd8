"""What sells is found in six languages; what teaches, cares or tells is not called selling."""

import pytest

from memory.domain.market import Language
from tools.copywriting.content import entries
from tools.copywriting.promotion import PROMOTION, can_be_checked, promotional

SELLING: dict[Language, tuple[str, ...]] = {
    "en": ("Save 20% today", "Use the coupon RUN",
           "Free shipping this week", "A special offer for you", "It costs $9",
           "Shop now", "Half price on socks", "Add to cart", "The best deal", "Bonus points for readers"),
    "de": ("20 % Rabatt", "Dein Gutschein wartet", "Unser Angebot", "Gratisversand", "Nur 9 €", "Jetzt kaufen",
           "Zum halben Preis", "In den Warenkorb", "Schlussverkauf", "Bonuspunkte sammeln"),
    "fr": ("20 % de remise", "Votre bon d'achat", "Une offre pour vous", "Livraison offerte", "Pour 9 €",
           "Achetez maintenant", "À moitié prix", "Ajoutez au panier", "Les soldes", "Un code promo"),
    "es": ("20 % de descuento", "Tu cupón", "Una oferta para ti", "Envío gratis", "Por 9 €", "Compra ahora",
           "A mitad de precio", "Añadir al carrito", "Rebajas", "Código promocional"),
    "zh": ("打八折", "优惠券已到账", "全场促销", "包邮到家", "只要9元",
           "立即购买", "半价", "加入购物车", "大促开始", "最低价"),
    "ja": ("２０％割引", "クーポンをどうぞ", "セール開催", "送料無料です",
           "わずか９００円", "今すぐ購入", "半額", "カートに入れる",
           "お買い得", "キャンペーン中"),
}  # fmt: skip
TEACHING: dict[Language, tuple[str, ...]] = {
    "en": ("Three lessons of ten minutes", "How our workshop dyes wool at 40 degrees", "The story of a running shoe",
           "Week 2: run slowly, twice", "What Ines learned on the coast",
           "Roll the towel, then stretch for 30 seconds"),
    "de": ("Drei Lektionen zu je zehn Minuten", "Wie unsere Werkstatt Wolle bei 40 Grad färbt",
           "Die Geschichte eines Schuhs", "Woche 2: langsam laufen, zweimal", "Ein Kursangebot gibt es hier nicht"),
    "fr": ("Trois leçons de dix minutes",
           "Comment notre atelier teint la laine à 40 degrés", "Le récit d'une chaussure",
           "Semaine 2 : courir lentement", "Ce qu'Inès a appris sur la côte"),
    "es": ("Tres lecciones de diez minutos",
           "Cómo nuestro taller tiñe la lana a 40 grados", "La historia de un zapato",
           "Semana 2: correr despacio", "Lo que Inés aprendió en la costa"),
    "zh": ("三节十分钟的课", "工坊如何在40度染羊毛", "一双跑鞋的故事", "第二周：慢跑两次", "伊内斯在海边学到的事"),
    "ja": ("十分の講座が三つ", "工房が40度で羊毛を染めるまで",
           "一足の靴の物語", "二週目：ゆっくり走る", "海辺で学んだこと"),
}  # fmt: skip


@pytest.mark.parametrize("language", sorted(PROMOTION))
def test_s1_38_words_that_sell_are_found_in_every_language(language: Language) -> None:
    assert can_be_checked(language)
    assert not [said for said in SELLING[language] if not promotional(language, "A quiet title", said)]


@pytest.mark.parametrize("language", sorted(PROMOTION))
def test_s1_38_what_teaches_or_tells_is_not_called_selling(language: Language) -> None:
    found = {said: promotional(language, said) for said in TEACHING[language]}
    assert not {said: words for said, words in found.items() if words}
    own = [entry.text[language] for type_ in ("care", "styling") for entry in entries(type_)]
    assert len(own) == 11 and not [text for text in own if promotional(language, text)]


def test_s1_38_a_language_nobody_reads_here_cannot_be_checked() -> None:
    assert not can_be_checked("it") and promotional("it", "-20%") == ("20%",)
