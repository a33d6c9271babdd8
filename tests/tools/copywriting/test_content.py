"""The content library: care by material, styling by the bought thing, and never beside an offer."""

import pytest

from agent.guardrails.rules.message_class import RULE
from memory.domain.market import Language
from tests.factories.plans import assert_blocks, assert_row_blocked, edit_step, good_plan
from tools.copywriting import CopyFacts, GoodsWords, languages_of, render
from tools.copywriting.content import CONTENT_OF, ContentType, content_words, entries, entry_for
from tools.copywriting.tone import hard_sell

LANGUAGES: tuple[Language, ...] = ("de", "en", "es", "fr", "ja", "zh")
TYPES: tuple[ContentType, ...] = ("care", "styling")


@pytest.mark.parametrize("type_", TYPES)
def test_s1_39_s1_40_every_entry_has_words_in_every_language_and_sells_nothing(type_: ContentType) -> None:
    found = entries(type_)
    assert len(found) >= 5 and len({one.id for one in found}) == len(found)
    for one in found:
        assert one.type == type_ and set(one.text) == set(LANGUAGES) == set(languages_of("care_guide"))
        assert not [language for language in LANGUAGES if hard_sell(language, one.text[language])]


@pytest.mark.parametrize(
    ("title", "material"),
    [
        ("Fjord Merino Sock", "wool"),
        ("Linen Towel", "linen"),
        ("Lederschuh aus Leder", "leather"),
        ("Moss Stoneware Cups", "ceramic"),
        ("Heavy Tee", "cotton"),
        ("亚麻抱枕", "linen"),
        ("Linear Lamp", None),
        ("Road Shoe", None),
    ],
)
def test_s1_39_care_is_chosen_by_the_material_of_what_was_bought(title: str, material: str | None) -> None:
    entry = entry_for("care", [title])
    assert (entry.id if entry else None) == material


@pytest.mark.parametrize(
    ("title", "thing"),
    [
        ("Trail Shoe", "shoe"),
        ("Merino Socks", "sock"),
        ("Wind Jacket", "jacket"),
        ("羊绒外套", "jacket"),
        ("Serum", None),
    ],
)
def test_s1_40_styling_is_matched_to_the_bought_item(title: str, thing: str | None) -> None:
    entry = entry_for("styling", [title])
    assert (entry.id if entry else None) == thing


def test_s1_39_s1_40_the_mail_says_it_about_the_article_it_names() -> None:
    for kind, title, said in (
        ("care_guide", "Merino Sock", "Wool cleans itself"),
        ("styling_inspiration", "Trail Shoe", "cropped trousers"),
    ):
        words = content_words(kind, "en", [title], has_offer=False)  # type: ignore[arg-type]
        goods = (GoodsWords(title=title, url="https://n/s"),)
        mail = render(kind, "en", CopyFacts(shop="Nord", url="https://n", goods=goods, content=words))
        assert said in mail.text and said in mail.html  # type: ignore[union-attr]
        plain = render(kind, "en", CopyFacts(shop="Nord", url="https://n", goods=goods))
        assert said not in plain.text  # type: ignore[union-attr]


def test_s1_39_a_care_message_has_no_offer_and_one_with_an_offer_says_nothing_of_the_library() -> None:
    assert set(CONTENT_OF) == {"care_guide", "styling_inspiration"}
    for kind in CONTENT_OF:
        assert content_words(kind, "en", ["Merino Sock"], has_offer=True) == ""
        assert_row_blocked(RULE, message_kind=kind, message_class="service", offer_id="vip.store_credit")
    assert content_words("thank_you", "en", ["Merino Sock"], has_offer=False) == ""
    plan = edit_step(good_plan(), "vip.care_guide", offer_id="vip.points_multiple")
    assert_blocks(RULE, plan, "offer_in_disguise", alone=False)
