from datetime import UTC, datetime
from typing import get_args

from api.ui.content.items_view import no_item, render_items
from api.ui.shell.words import LANGUAGES, words
from memory.domain.content import Audience, ContentItem, ContentLinks, ContentType, ContentWords, KeptContent

AT = datetime(2027, 1, 2, tzinfo=UTC)
ITEM = ContentItem(
    id="first_run", type="course", words={"en": ContentWords(title="Your <first> run", text="Three weeks & runs.")},
    categories=("running",), audience="members", min_tier="gold",
    links=ContentLinks(ios="nord://course/1", android="nord://course/1"),
)  # fmt: skip
ENDED = ITEM.model_copy(update={"id": "old", "audience": "everybody", "min_tier": None, "categories": ()})
KEPT = (
    KeptContent(item=ENDED, set_by="mia", set_at=AT, ended_at=AT),
    KeptContent(item=ITEM, set_by="mia", set_at=AT),
)


def test_s1_38_an_item_says_for_whom_it_is_what_it_says_and_where_it_opens() -> None:
    html = render_items(KEPT, ("de", "en"), "en", words("en"))
    assert "Your &lt;first&gt; run" in html and "Three weeks &amp; runs." in html and "<first>" not in html
    assert "Members from tier Gold on" in html and "Categories: running" in html and "whatever they bought" in html
    assert "app only" in html and "nord://course/1" in html and "href" not in html
    assert html.index("Members from tier") < html.index("ended") and "German</span>" in html


def test_an_item_that_nobody_wrote_in_the_language_is_missing_under_its_name() -> None:
    html = render_items(KEPT, ("de", "en"), "de", words("en"))
    assert "first_run" in html and "missing" in html and "Three weeks" not in html


def test_every_type_and_audience_has_its_words_in_both_languages() -> None:
    for language in LANGUAGES:
        say = words(language)
        assert all(say("content", "item_types", one) for one in get_args(ContentType))
        assert all(say("content", "audiences", one) for one in get_args(Audience))
        assert "secondorder content set" in no_item(say, may_set=False)
