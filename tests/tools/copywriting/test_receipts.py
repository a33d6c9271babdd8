"""Mails about orders in every language: whole, with the order's facts, and nothing that advertises (S1-14, S1-15)."""

import re

import pytest

from tests.tools.copywriting.test_templates import FIGURE, LANGUAGES, TOKEN
from tools.copywriting import Copy, CopyFacts, languages_of, render
from tools.copywriting.templates import OrderWords, load_order_words
from tools.copywriting.tone import hard_sell

KINDS = ("order_confirmation", "shipping_notice", "parcel_delay")
FILLED = {
    "why_you": {"shop"},
    "ships_by": {"order", "until"},
    "parcel": {"order", "carrier", "number"},
    "parcel_no_number": {"order", "carrier"},
    "parcel_no_carrier": {"order", "number"},
    "parcel_alone": {"order"},
    "arrives": {"from", "until"},
    "late": {"order", "until"},
}
ESTIMATE = {"de": "Schätzung", "en": "estimate", "es": "estimación", "fr": "estimation", "ja": "目安", "zh": "估计"}
GOLDEN = {
    "en": (
        "Thank you for your order", "Hello Zoë,", "We have your order and are getting it ready.",
        "If something is not right, answer this mail and a person takes care of it.", "Order #7: LINE",
        "Go to Nord: https://n.invalid/", "Your team at Nord", "--\nWHY\nWeg 1\n",
    ),
    "de": (
        "Danke für deine Bestellung", "Hallo Zoë,", "Wir haben deine Bestellung und bereiten sie vor.",
        "Stimmt etwas nicht, antworte auf diese Mail; ein Mensch kümmert sich.", "Order #7: LINE",
        "Zu Nord: https://n.invalid/", "Dein Team von Nord", "--\nWHY\nWeg 1\n",
    ),
    "zh": (
        "感谢您的订购", "Zoë，您好：", "我们已收到您的订单，正在备货。", "如有不符，请回复这封邮件，会有专人处理。",
        "Order #7: LINE", "前往Nord: https://n.invalid/", "Nord 团队", "--\nWHY\nWeg 1\n",
    ),
}  # fmt: skip
"""The text part as it was approved, paragraph by paragraph."""


def receipt(kind: str, language: str) -> Copy:
    facts = CopyFacts(shop="Nord", first_name="Zoë", url="https://n.invalid/", postal_address="Weg 1",
                      content="Order #7: LINE", receipt_why="WHY")  # fmt: skip
    found = render(kind, language, facts)
    assert isinstance(found, Copy)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_s1_14_s1_15_every_language_has_every_line_with_its_own_places_and_no_figure(language: str) -> None:
    words = load_order_words(language)
    assert words is not None
    assert set(FILLED) == set(OrderWords.model_fields)
    for name, places in FILLED.items():
        line = getattr(words, name)
        assert set(TOKEN.findall(line)) == places, (language, name)
        assert not FIGURE.search(line), (language, name)
    for name in ("ships_by", "arrives", "late"):
        assert ESTIMATE[language] in getattr(words, name), "an estimate says that it is one"


@pytest.mark.parametrize("kind", KINDS)
def test_s1_14_s1_15_receipts_leave_no_slot_press_nobody_and_need_no_way_out(kind: str) -> None:
    assert set(languages_of(kind)) == set(LANGUAGES)
    for language in LANGUAGES:
        found = receipt(kind, language)
        for part in (found.subject, found.text, found.html):
            assert "[[" not in part and "{" not in part.replace("{margin", "").partition("<style")[0]
        assert "LINE" in found.html and "WHY" in found.html
        assert re.findall(r'href="([^"]*)"', found.html) == ["https://n.invalid/"], "one link, and no dead one"
        assert not hard_sell(language, found.text)


@pytest.mark.parametrize("language", sorted(GOLDEN))
def test_s1_14_the_confirmation_reads_as_it_was_approved(language: str) -> None:
    assert receipt("order_confirmation", language).text == "\n\n".join(GOLDEN[language])


def test_a_hostile_order_name_stays_text() -> None:
    facts = CopyFacts(shop="Nord", url="https://n.invalid/", content="<script>1</script> [[url]]", receipt_why="WHY")
    found = render("shipping_notice", "en", facts)
    assert isinstance(found, Copy)
    assert "<script>1" not in found.html
    assert found.html.count("https://n.invalid/") == 1
