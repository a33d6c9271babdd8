"""Rendering: data never becomes code, a missing language blocks, SMS costs what its rendered text costs."""

from datetime import date

import pytest

from memory.domain.money import Money
from memory.domain.offer import Offer, OfferGoal, OfferLimits, StoreCredit
from memory.domain.outcome import Blocked
from tools.copywriting import Copy, CopyFacts, render, subjects_of
from tools.copywriting.facts import clean
from tools.copywriting.offers import UnknownOfferToken, money_words, offer_words
from tools.copywriting.segments import sms_size
from tools.keywords import classify
from tools.offers.registry import builder_of

HOSTILE = [
    "{{7*7}}", "${7*7}", "{% for x in y %}", "<script>alert(1)</script>", "[[unsubscribe_url]]", "{shop}",
    "a\r\nBcc: b@c",
    "\u202egnp.exe", "\U000e0041\u200b", "&amp;", "' onload='x", "<mj-raw>",
]  # fmt: skip


def facts(name: str = "") -> CopyFacts:
    return CopyFacts(shop="Nord", first_name=name, url="https://n.invalid/", unsubscribe_url="https://n.invalid/u")


def copy(name: str, channel: str = "email") -> Copy:
    found = render("thank_you", "en", facts(name), channel)  # type: ignore[arg-type]
    assert isinstance(found, Copy)
    return found


@pytest.mark.parametrize("name", HOSTILE)
def test_c8_hostile_names_stay_inert_text(name: str) -> None:
    found = copy(name)
    assert "<script" not in found.html
    assert "49" not in found.text.replace("https://n.invalid/", "")
    assert "\n" not in found.subject
    assert "Bcc: b@c" not in found.text.splitlines()
    assert "\u202e" not in found.text + found.html
    assert found.html.count("https://n.invalid/u") == copy("Zoë").html.count("https://n.invalid/u")


def test_c5_names_of_every_script_survive() -> None:
    for name in ("Zoë", "محمد", "שרה", "李小龙", "ジョン", "Nguyễn", "می‌خواهم"):
        assert clean(name) == name
        assert name in copy(name).html


def test_a_language_without_words_blocks_and_nothing_falls_back() -> None:
    for language in ("pt", "xx", "..", "e"):
        found = render("thank_you", language, facts())
        assert isinstance(found, Blocked)
        assert found.code == "no_language"


def test_b9_a_curly_quote_turns_one_segment_into_three() -> None:
    plain = "a" * 160
    assert (sms_size(plain).alphabet, sms_size(plain).n_segments) == ("GSM-7", 1)
    assert (sms_size("’" + plain[1:]).alphabet, sms_size("’" + plain[1:]).n_segments) == ("UCS-2", 3)
    assert sms_size("€" * 80).n_segments == 1
    assert sms_size("€" * 81).n_segments == 2
    assert sms_size("😀" * 35).n_segments == 1
    assert sms_size("😀" * 36).n_segments == 2


def test_text_messages_name_the_shop_and_the_way_out() -> None:
    text = copy("", "sms").text
    assert text.startswith("Nord: ")
    assert text.endswith("Reply STOP to opt out.")


def an_offer(benefit: str) -> Offer:
    eur = Money(amount_minor=1000, currency="EUR")
    return Offer(
        id="credit",
        goal=OfferGoal(action="second_order", within_days=30),
        incentive=StoreCredit(amount=eur),
        benefit={"en": benefit},
        limits=OfferLimits(
            cohorts=("first_time",),
            min_spend=Money(amount_minor=5000, currency="EUR"),
            valid_from=date(2027, 1, 1),
            valid_until=date(2027, 1, 31),
            measured_by="incremental_rpr",
        ),
        cost_per_use=eur,
        redemption_rate=0.1,
        worst_margin_rate=0.2,
        price_ratio=0.8,
        discount_rate=0.2,
    )


def test_c8_offers_are_filled_from_typed_figures_only() -> None:
    words = offer_words(an_offer("{amount} off from {min_spend}, until {until}."), "en")
    assert words is not None
    assert words.benefit == "€10 off from €50, until January 31, 2027."
    assert words.conditions == ""
    with pytest.raises(UnknownOfferToken):
        offer_words(an_offer("{factor} times"), "en")
    assert offer_words(an_offer("{amount}"), "de") is None


def test_money_is_written_as_readers_of_the_language_do() -> None:
    assert money_words(Money(amount_minor=1050, currency="EUR"), "de") == "10,50\xa0€"
    assert money_words(Money(amount_minor=1000, currency="JPY"), "en") == "¥1,000"
    assert money_words(Money(amount_minor=123_450, currency="EUR"), "es") == "1.234,50\xa0€"
    assert money_words(Money(amount_minor=20_000, currency="MXN"), "es") == "200\xa0MXN"


def test_s2_15_an_offer_and_its_mail_are_whole_in_spanish() -> None:
    offer = an_offer("").model_copy(update={"benefit": builder_of("store_credit").benefit})
    words = offer_words(offer, "es")
    assert words is not None
    assert words.benefit == "10\xa0€ para tu próximo pedido desde 50\xa0€, hasta el 31 de enero de 2027."
    given = facts("Inés").model_copy(update={"offer": words, "postal_address": "Calle 1, Vigo"})
    found = render("store_credit", "es", given)
    assert isinstance(found, Copy)
    assert found.subject == "Tienes saldo esperándote"
    for said in ("Hola, Inés:", words.benefit, "Darte de baja con un clic", "Calle 1, Vigo", "aceptaste recibir"):
        assert said in found.text and said in found.html
    text = render("store_credit", "es", given, "sms")
    assert isinstance(text, Copy)
    assert text.text.startswith("Nord: tienes saldo") and text.text.endswith("Responde STOP para no recibir más SMS.")
    assert classify("STOP") == "stop" == classify("baja")


def test_s2_23_the_subject_of_that_number_stands_on_the_mail_and_in_its_page() -> None:
    lines = subjects_of("thank_you", "en")
    for number, line in enumerate(lines):
        found = render("thank_you", "en", facts("Zoë"), subject_no=number)
        assert isinstance(found, Copy)
        assert found.subject == line.replace("{shop}", "Nord")
        assert f"<title>{found.subject}</title>" in found.html
        assert "SUBJECT-LINE" not in found.html + found.text
    beyond = render("thank_you", "en", facts(), subject_no=99)
    assert isinstance(beyond, Copy)
    assert beyond.subject == lines[0].replace("{shop}", "Nord")
