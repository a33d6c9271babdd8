"""A person's own code in the words of a message: in six languages, for mail and text messages."""

import pytest

from memory.domain.market import Language
from tools.copywriting import CopyFacts, OfferWords, render
from tools.copywriting.facts import Copy
from tools.copywriting.offers import coded
from tools.copywriting.templates import load_template

LANGUAGES: tuple[Language, ...] = ("en", "de", "es", "fr", "ja", "zh")
OFFER = OfferWords(benefit="BENEFIT", conditions="CONDITIONS")
CODE = "SO-ABCD2345EFGH67<&>"


def said(kind: str, language: Language, channel: str, offer: OfferWords) -> Copy:
    facts = CopyFacts(shop="Nord", url="https://n/", unsubscribe_url="https://n/u", preferences_url="https://n/p",
                      postal_address="Weg 1", offer=offer)  # fmt: skip
    made = render(kind, language, facts, channel)  # type: ignore[arg-type]
    assert isinstance(made, Copy)
    return made


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["store_credit", "free_shipping", "discount_offer"])
def test_a_mail_with_a_code_says_to_enter_it_and_one_without_does_not(kind: str, language: Language) -> None:
    template = load_template(kind, language)
    assert template is not None and template.paragraphs_with_code
    with_code, without = (said(kind, language, "email", offer) for offer in (coded(OFFER, CODE, language), OFFER))
    assert CODE in with_code.text and "SO-ABCD2345EFGH67&lt;&amp;&gt;" in with_code.html
    assert template.paragraphs_with_code[0] in with_code.text and template.paragraphs[0] not in with_code.text
    assert template.paragraphs[0] in without.text and "SO-" not in without.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_message_carries_the_code(language: Language) -> None:
    made = said("store_credit", language, "sms", coded(OFFER, CODE, language))
    template = load_template("store_credit", language)
    assert template is not None
    assert CODE in made.text and template.short_with_code in made.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_article_with_an_offer_and_no_words_of_its_own_for_codes_shows_the_code_too(language: Language) -> None:
    assert CODE in said("new_year_picks", language, "email", coded(OFFER, CODE, language)).text
