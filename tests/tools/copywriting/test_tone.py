import pytest

from memory.domain.message import MESSAGE_KINDS, TOUCH_OF, TOUCHES, MessageKind
from tools.copywriting.templates import languages_of, load_template
from tools.copywriting.tone import HARD_SELL, hard_sell, is_gentle, refused_tone


def test_s1_65_the_four_gentle_touches_each_have_kinds_of_message() -> None:
    assert TOUCHES == (
        "humane_thank_you", "shareable_member_activity", "gentle_reminder", "participatory_experience",
    )  # fmt: skip
    assert set(TOUCH_OF.values()) == set(TOUCHES) and set(TOUCH_OF) <= set(MESSAGE_KINDS)


@pytest.mark.parametrize("language", sorted(HARD_SELL))
def test_s1_65_every_pressing_phrase_is_refused_in_gentle_messages_and_only_there(language: str) -> None:
    for phrase in HARD_SELL[language]:
        text = f"Hello. {phrase.capitalize()}!" if phrase.isascii() else f"{phrase}！"
        assert phrase in hard_sell(language, text)
        for kind in TOUCH_OF:
            assert refused_tone(kind, language, "A quiet subject", text) == "hard_sell"
        assert refused_tone("discount_offer", language, text) == ""


@pytest.mark.parametrize("kind", sorted(TOUCH_OF))
def test_s1_65_the_words_of_gentle_messages_press_nobody(kind: MessageKind) -> None:
    assert languages_of(kind)
    for language in languages_of(kind):
        words = load_template(kind, language)
        assert words is not None
        texts = (*words.subjects, words.preheader, words.heading, *words.paragraphs, words.about_goods, words.button)
        assert refused_tone(kind, language, *texts, words.short) == "", (kind, language)


def test_s1_65_words_inside_others_are_none_and_a_language_without_phrases_is_not_called_gentle() -> None:
    assert hard_sell("fr", "Prenez soin de l’invite et de la vitesse") == ()
    assert refused_tone("thank_you", "it", "Grazie") == "unknown_tone"
    assert not is_gentle("price_drop") and is_gentle("thank_you")
