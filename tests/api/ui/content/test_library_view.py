from typing import get_args

from api.ui.content.library_view import render_library
from api.ui.shell.words import LANGUAGES, words
from api.verbs.content import ContentLibrary, ListedType
from tools.copywriting.content import ContentEntry, ContentType, entries

WOOL = ContentEntry(
    id="wool", type="care", words=("wool", "<laine>"), text={"en": "Air it & <b>rest it.", "de": "Lüften."}
)
FOUND = ContentLibrary(
    languages=("de", "en", "ja"), types=(ListedType(type="care", said_by=("care_guide",), entries=(WOOL,)),)
)


def test_s1_39_an_entry_says_its_words_in_the_language_and_where_it_is_missing() -> None:
    html = render_library(FOUND, "en", words("en"))
    assert '<span lang="en">Air it &amp; &lt;b&gt;rest it.</span>' in html and "&lt;laine&gt;" in html
    assert "Wool" in html and "Usage and care guide" in html and "of 1 entries" in html
    assert "Japanese</span>" in html and "German</span>" not in html
    missing = render_library(FOUND, "ja", words("en"))
    assert "missing" in missing and ">0<" in missing and "Air it" not in missing


def test_a_type_and_an_attribute_that_nobody_worded_stand_as_they_are_named() -> None:
    other = WOOL.model_copy(update={"id": "merino_blend"})
    found = ContentLibrary(languages=("en",), types=(ListedType(type="repair_tips", said_by=(), entries=(other,)),))
    html = render_library(found, "en", words("en"))
    assert "repair tips" in html and "merino blend" in html and "No message says it." in html
    assert "The library is empty." in render_library(ContentLibrary(languages=("en",), types=()), "en", words("en"))


def test_what_the_product_brings_has_its_words_in_both_languages() -> None:
    for language in LANGUAGES:
        say = words(language)
        assert all(say.found("content", "types", one) for one in get_args(ContentType))
        assert all(say.found("content", "attributes", e.id) for one in get_args(ContentType) for e in entries(one))
