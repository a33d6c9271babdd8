from api.ui.people.view import not_read, segments_table, size_panel
from api.ui.shell.words import words
from api.verbs.segments import ListedSegment
from memory.domain.segment import Bought, Segment
from tools.segments import NotRead, RuleCounts, SegmentSize

LISTED = (
    ListedSegment(segment=Segment(id="lib", title={"en": "Library"}, rule=Bought()), words="ordered", origin="library"),
    ListedSegment(segment=Segment(id="own", title={"en": "<i>Own"}, rule=Bought()), words="ordered", origin="shop"),
)


def test_the_shops_own_segments_stand_first_and_sizes_follow_when_counted() -> None:
    html = segments_table(LISTED, None, words("en"))
    assert html.index("&lt;i&gt;Own") < html.index("Library") and "…" in html
    counted = segments_table(LISTED, RuleCounts(n_all=4_000, n_people={"lib": 1_000, "own": 0}), words("en"))
    assert "25.0%" in counted and "of 4,000 people" in counted and "…" not in counted


def test_a_size_names_money_reach_and_examples_that_lead_to_people() -> None:
    found = SegmentSize(
        n_people=5, n_all=10, n_reachable={"email": 4, "sms": 0, "push": 1}, n_buyers=5, revenue_minor=123_456,
        examples=("p1", "p2"),
    )  # fmt: skip
    html = size_panel(found, "ordered", words("en"), "EUR")
    assert "50.0% of 10" in html and "€1,235" in html and 'href="/ui/people/p1"' in html


def test_a_phrase_that_is_not_read_gives_examples_and_is_never_markup() -> None:
    html = not_read(NotRead(part="<b>dance", examples=("bought once",)), words("en"))
    assert "&lt;b&gt;dance" in html and "bought once" in html
