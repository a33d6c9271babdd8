"""Every template in every language: complete, without figures of its own, without words a market avoids."""

import re

import pytest

from agent.planning.catalogue import CATALOGUE
from memory.domain.message import MESSAGE_CLASS
from tools.copywriting import CopyFacts, OfferWords, languages_of, n_subjects, render, subjects_of
from tools.copywriting.templates import load_frame, load_template, template_names
from tools.markets import load_markets

LANGUAGES = ("de", "en", "es", "fr", "ja", "zh")
FIGURE = re.compile(r"[%％€$£¥￥]|\b(?:EUR|USD|GBP|CNY|JPY)\b|\d")
TOKEN = re.compile(r"\{(\w*)\}")


@pytest.mark.parametrize("name", template_names())
def test_c8_no_template_names_a_figure_or_a_token_that_code_does_not_fill(name: str) -> None:
    for language in languages_of(name):
        template = load_template(name, language)
        assert template is not None
        for words in (
            *template.subjects,
            template.preheader,
            template.heading,
            *template.paragraphs,
            template.about_goods,
            template.button,
            template.short,
        ):
            assert not FIGURE.search(words), (name, language, words)
            assert set(TOKEN.findall(words)) <= {"shop", "first_name"}
            assert "{{" not in words
            assert "[[" not in words


@pytest.mark.parametrize("name", template_names())
def test_s2_23_every_template_has_as_many_different_subject_lines_in_every_language(name: str) -> None:
    lines = {language: subjects_of(name, language) for language in languages_of(name)}
    assert {len(each) for each in lines.values()} == {n_subjects(name)}
    assert n_subjects(name) >= 2
    for language, each in lines.items():
        assert len({line.casefold() for line in each}) == len(each), (name, language)
        assert all(len(line) <= 70 for line in each), (name, language)


def test_c8_the_lint_sees_a_planted_figure() -> None:
    for planted in ("Save 20 % today", "nur 5 €", "立减50元", "Only today: -10%"):
        assert FIGURE.search(planted)


def test_s1_25_every_step_we_send_has_words_in_all_six_languages() -> None:
    for step in CATALOGUE:
        if MESSAGE_CLASS[step.kind] in ("service", "promotional"):
            found = set(languages_of(step.id)) or set(languages_of(step.kind))
            assert found == set(LANGUAGES), step.id


@pytest.mark.parametrize("name", ("_frame", *template_names()))
def test_s2_15_no_template_misses_a_language(name: str) -> None:
    assert languages_of(name) == LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_a_frame(language: str) -> None:
    frame = load_frame(language)
    assert frame is not None
    assert "{first_name}" in frame.greeting
    assert "{shop}" in frame.why_you


def test_no_template_uses_a_word_its_markets_avoid() -> None:
    for market in load_markets().all():
        for name in template_names():
            template = load_template(name, market.language)
            if template is not None:
                words = " ".join((*template.subjects, *template.paragraphs, template.short)).casefold()
                assert not [word for word in market.taboo_words if word.casefold() in words], (market.country, name)


def test_s2_15_spanish_words_say_tu_and_no_word_of_one_country_alone() -> None:
    formal = re.compile(r"(?<!\w)(?:usted|ustedes|vosotros|vuestr\w+|sus? (?:pedido|compra)s?|coger|ordenador)(?!\w)")
    assert formal.search("gracias por su pedido")
    for name in template_names():
        template = load_template(name, "es")
        assert template is not None
        words = " ".join((*template.subjects, template.heading, *template.paragraphs, template.button, template.short))
        assert not formal.search(words.casefold()), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_mail_shows_offer_address_and_way_out_and_leaves_no_slot(language: str) -> None:
    facts = CopyFacts(
        shop="Nord",
        first_name="",
        url="https://nord.example.invalid/",
        unsubscribe_url="https://nord.example.invalid/unsubscribe/t",
        postal_address="Weg 1, Kiel",
        offer=OfferWords(benefit="BENEFIT", conditions="CONDITIONS"),
    )
    for name in template_names():
        copy = render(name, language, facts)
        assert not hasattr(copy, "code"), name
        for part in (copy.text, copy.html):
            assert "[[" not in part
            for needed in ("BENEFIT", "CONDITIONS", "Weg 1, Kiel", "https://nord.example.invalid/unsubscribe/t"):
                assert needed in part, (name, needed)
