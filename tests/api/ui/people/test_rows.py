import pytest

from api.ui.people.rows import TESTS, Row, kind_of, rows_of, rule_of, subjects
from api.ui.shell.words import UiLanguage, words
from memory.domain.segment import AllOf, AnyOf, Bought, Compare, Did, Everyone, NotOf, SegmentRule
from tools.segments import builtin_segments, load_rule

ROWS = (
    Row("bought", "at_least", "2", "90", "shoes"),
    Row("did.view", "never", "", "30"),
    Row("revenue_minor", "gt", "100"),
    Row("discount_order_share", "ge", "50"),
    Row("market", "in", "DE, FR"),
    Row("consent_email", "yes"),
    Row("n_orders", "le", "3"),
)


@pytest.mark.parametrize("join", ["all", "any"])
def test_rows_make_a_rule_and_the_rule_makes_the_same_rows(join: str) -> None:
    made, wrong = rule_of(ROWS, "any" if join == "any" else "all", "EUR")
    assert made is not None and wrong == {}
    rule = load_rule(made)
    assert isinstance(rule, AnyOf if join == "any" else AllOf)
    assert rule.of[2] == Compare(attribute="revenue_minor", test="gt", value=10_000)
    assert rule.of[1] == NotOf(of=Did(events=("view",), within_days=30, at_least=1))
    assert rows_of(rule, "EUR") == (join, ROWS)


def test_rows_that_cannot_be_read_are_named_and_make_no_rule() -> None:
    rows = (Row("revenue_minor", "gt", "much"), Row("bought", "at_least", "-1"), Row("market", "eq", " "))
    assert rule_of(rows, "all", "EUR") == (None, {0: "money", 1: "count", 2: "text"})
    assert rule_of((), "all", "EUR") == (None, {})


@pytest.mark.parametrize(
    "rule",
    [
        Everyone(), AllOf(of=(AnyOf(of=(Bought(), Bought())), Bought())), Bought(at_least=1, at_most=3),
        NotOf(of=Everyone()), Bought(sku="A"),
    ],
)  # fmt: skip
def test_what_rows_cannot_say_is_kept_whole(rule: SegmentRule) -> None:
    assert rows_of(rule, "EUR") is None


def test_segments_of_the_library_that_have_rows_keep_their_rule() -> None:
    flat = 0
    for one in builtin_segments():
        found = rows_of(one.rule, "EUR")
        if found is not None:
            made, wrong = rule_of(found[1], found[0], "EUR")
            assert made is not None and wrong == {}, one.id
            flat += 1
    assert flat >= 5


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_subject_has_a_kind_and_every_test_its_word(language: UiLanguage) -> None:
    say = words(language)
    for what in subjects():
        kind = kind_of(what)
        assert say("people_page", "values", kind) and say("people_page", "wrong", kind)
        assert all(say("people_page", "tests", test) for test in TESTS[kind])
