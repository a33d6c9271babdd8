import pytest

from memory.domain.segment import AllOf, AnyOf, Bought, Compare, Did, Everyone, Intends, NotOf, SegmentRule
from tools.segments import NotRead, check_rule, read_words
from tools.segments.reading import EXAMPLES

CATEGORIES = ("skincare", "home", "home linen")
TWICE_IN_90 = Bought(at_least=2, within_days=90)
MAILED = Compare(attribute="consent_email", test="eq", value=True)
GERMAN = Compare(attribute="market", test="eq", value="DE")


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("bought at least 2 times in the last 90 days and may be mailed", AllOf(of=(TWICE_IN_90, MAILED))),
        ("最近90天买过至少2次，且可发送邮件", AllOf(of=(TWICE_IN_90, MAILED))),
        ("Customers who bought once", Bought(at_least=1, at_most=1)),
        ("买过一次的客户", Bought(at_least=1, at_most=1)),
        ("never bought", NotOf(of=Bought())),
        ("have not bought anything in the last 3 months", NotOf(of=Bought(within_days=90))),
        ("最近180天没有购买", NotOf(of=Bought(within_days=180))),
        ("bought home linen more than twice", Bought(category="home linen", at_least=3)),
        ("viewed skincare in the last 30 days", Did(events=("view",), category="skincare", within_days=30)),
        ("最近7天浏览过", Did(events=("view",), within_days=7)),
        ("spent more than 1,000 EUR", Compare(attribute="revenue_minor", test="gt", value=100_000)),
        ("累计消费超过100元", Compare(attribute="revenue_minor", test="gt", value=10_000)),
        ("more than 3 orders", Compare(attribute="n_orders", test="gt", value=3)),
        ("live in Germany or from France", AnyOf(of=(GERMAN, GERMAN.model_copy(update={"value": "FR"})))),
        ("来自德国", GERMAN),
        ("speak Japanese", Compare(attribute="language", test="eq", value="ja")),
        ("like skincare", Compare(attribute="top_category", test="eq", value="skincare")),
        ("abandoned their cart", Intends(state="abandon")),
        ("everyone", Everyone()),
    ],
)
def test_common_phrases_are_read(text: str, rule: SegmentRule) -> None:
    assert read_words(text, "EUR", CATEGORIES) == rule


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("bought with love", "bought with love"),
        ("bought 2 times and dance", "dance"),
        ("bought houses in the last 30 days", "bought houses in the last 30 days"),
        ("live in Atlantis", "live in atlantis"),
        ("", ""),
    ],
)
def test_a_phrase_that_is_not_wholly_understood_is_no_rule_and_names_the_part(text: str, part: str) -> None:
    found = read_words(text, "EUR", CATEGORIES)
    assert isinstance(found, NotRead)
    assert found.part == part
    assert found.examples == EXAMPLES["en"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_example_that_a_refusal_gives_is_read(language: str) -> None:
    for text in EXAMPLES[language]:
        found = read_words(text, "JPY", language=language)
        assert not isinstance(found, NotRead), text
        assert check_rule(found) >= 1


def test_sums_are_whole_units_of_the_shops_currency() -> None:
    found = read_words("spent at least 5000", "JPY")
    assert found == Compare(attribute="revenue_minor", test="ge", value=5_000)
