"""S2-32: free words hold no figure, numeral, price idiom, superlative or date that no fact stands behind."""

import pytest

from eval.copy_claims import corpus, count, report, template_findings
from memory.domain.market import Language
from tools.copywriting.claims import CHECKED_LANGUAGES, Claim, unbound_claims
from tools.offers.registry import OFFER_KINDS, builder_of


@pytest.mark.parametrize("language", CHECKED_LANGUAGES)
def test_s2_32_no_sentence_of_the_corpus_with_a_claim_passes(language: Language) -> None:
    assert count(language).missed == ()


@pytest.mark.parametrize("language", CHECKED_LANGUAGES)
def test_clean_sentences_of_the_corpus_pass(language: Language) -> None:
    assert count(language).precision >= 0.95


def test_the_corpus_holds_each_language_and_no_sentence_twice() -> None:
    labelled = corpus()
    assert tuple(labelled) == ("en", "de", "fr", "es", "zh", "ja") and set(labelled) == set(CHECKED_LANGUAGES)
    for said in labelled.values():
        every = [*said["claims"], *said["clean"]]
        assert len(every) == len(set(every)) and len(said["claims"]) >= 25 and len(said["clean"]) >= 20


@pytest.mark.parametrize(
    ("language", "text", "wanted"),
    [
        ("en", "Half price, and {amount} on top", [("price_idiom", "Half price")]),
        ("zh", "打八折", [("price_idiom", "打八折")]),
        ("zh", "立减２０％", [("figure", "20%")]),
        ("en", "The best in twenty days, by Friday", ["superlative", "numeral", "date"]),
        ("en", "٣٠ euros", [("figure", "٣٠")]),
        ("pt", "Metade do preço, 20 %", [("figure", "20 %")]),
        ("en", "Your {amount}, from {min_spend} on", []),
    ],
)
def test_each_claim_is_named_in_the_order_it_stands(language: Language, text: str, wanted: list[object]) -> None:
    found = unbound_claims(language, text)
    assert [
        claim.kind if isinstance(want, str) else tuple(claim) for claim, want in zip(found, wanted, strict=True)
    ] == wanted
    assert all(isinstance(claim, Claim) for claim in found)


def test_every_benefit_of_the_product_passes() -> None:
    benefits = [(kind, *pair) for kind in OFFER_KINDS for pair in builder_of(kind).benefit.items()]
    assert len(benefits) >= 5 * len(OFFER_KINDS)
    assert not [(kind, language) for kind, language, text in benefits if unbound_claims(language, text)]


def test_the_report_gives_each_language_and_what_it_would_stop_of_our_own() -> None:
    said = list(report())
    assert [line.split()[0] for line in said[1:7]] == list(CHECKED_LANGUAGES)
    assert sum(line.startswith("  ") for line in said) == len(list(template_findings()))
