from api.ui.content.messages_view import render_message, render_messages
from api.ui.shell.words import words
from api.verbs.content import ListedMessage, MessageTemplates
from tools.copywriting.templates import Template

CARE = ListedMessage(name="care_guide", n_subjects=4, languages=("de", "en"))
FOUND = MessageTemplates(languages=("de", "en", "es"), messages=(CARE,))
WORDS = Template(
    subjects=("For {first_name}", "From <shop>"), preheader="Behind", heading="Hello", paragraphs=("One.", "Two."),
    button="Look", short="All of it",
)  # fmt: skip


def address(**named: str) -> str:
    return "/ui/content?" + "&".join(f"{name}={value}" for name, value in named.items())


def test_a_message_has_its_languages_and_the_one_that_is_missing() -> None:
    html = render_messages(FOUND, address, "care_guide", words("en"))
    assert "Usage and care guide" in html and "German, English" in html and "Spanish</span>" in html
    assert 'href="/ui/content?message=care_guide" aria-current="true"' in html
    assert "使用与保养指南" in render_messages(FOUND, address, "", words("zh"))


def test_words_stand_as_they_are_kept_marked_as_their_language() -> None:
    html = render_message("care_guide", WORDS, "de", words("en"))
    assert '<span lang="de">For {first_name}</span>' in html and "From &lt;shop&gt;" in html
    assert "Above the articles" not in html
    goods = WORDS.model_copy(update={"about_goods": "In stock:"})
    assert "Above the articles" in render_message("care_guide", goods, "de", words("en"))


def test_a_language_that_nobody_wrote_is_said_to_be_missing() -> None:
    html = render_message("care_guide", None, "es", words("en"))
    assert "Nobody wrote this message in Spanish" in html
