from typing import get_args

import pytest
from hypothesis import given

from memory.domain.facts import EVENT_KINDS
from memory.domain.profile import ATTRIBUTES
from memory.domain.segment import (
    AllOf,
    AnyOf,
    Bought,
    Compare,
    Did,
    Everyone,
    NotOf,
    Operator,
    OrderedBetween,
    SegmentRule,
)
from tests.tools.segments.rules import RULES
from tools.segments import describe, words


@given(rule=RULES)
def test_every_rule_has_words_in_both_languages(rule: SegmentRule) -> None:
    for language in ("en", "zh"):
        text = describe(rule, language, currency="EUR")
        assert text.strip()
        assert "None" not in text


def test_every_attribute_event_and_test_has_words() -> None:
    assert tuple(words.ATTRIBUTES) == ATTRIBUTES
    assert tuple(words.EVENTS) == EVENT_KINDS
    assert set(words.TESTS) == set(get_args(Operator))


SPENT = Compare(attribute="revenue_minor", test="ge", value=10_000)
LOOKED = Did(events=("view", "cart"), category="running", within_days=30, at_least=5)


@pytest.mark.parametrize(
    ("rule", "en", "zh"),
    [
        (SPENT, "money spent so far is at least 100.00 EUR", "累计消费至少为100.00 EUR"),
        (
            LOOKED,
            'viewed or added to the cart at least 5 times in the category "running" in the last 30 days',
            "最近30天内在“running”品类浏览或加入购物车至少5次",
        ),
        (Bought(at_most=0, within_days=7), "not ordered in the last 7 days", "最近7天内未下单"),
        (Bought(at_least=1, at_most=1, sku="s1"), 'ordered exactly 1 times with the article "s1"', None),
        (Bought(at_most=3), "ordered at most 3 times", "下单最多3次"),
        (Did(events=("return",), at_least=1, at_most=2), "returned something 1 to 2 times", "退货1至2次"),
        (
            OrderedBetween(from_on="2025-11-28", until_on="2025-12-02"),
            "ordered at least 1 time from 2025-11-28 until before 2025-12-02",
            "2025-11-28起至2025-12-02之前下单至少1次",
        ),
        (Compare(attribute="consent_sms", test="eq", value=False), "not: may be texted", "非：可发送短信"),
        (Compare(attribute="market", test="in", value=("DE", "FR")), 'market is one of "DE", "FR"', None),
        (
            Compare(attribute="discount_depth_rate", test="ge", value=0.125),
            "mean discount is at least 12.5 %",
            "平均折扣幅度至少为12.5%",
        ),
        (NotOf(of=Everyone()), "not (everyone)", "不满足（所有人）"),
        (
            AllOf(of=(Bought(), AnyOf(of=(Bought(at_least=2), Everyone())))),
            "ordered at least 1 time and (ordered at least 2 times or everyone)",
            "下单至少1次，且（下单至少2次，或所有人）",
        ),
    ],
)
def test_rules_read_as_a_person_would_say_them(rule: SegmentRule, en: str, zh: str | None) -> None:
    assert describe(rule, "en", currency="EUR") == en
    assert zh is None or describe(rule, "zh", currency="EUR") == zh


def test_foreign_text_is_quoted_cut_and_stripped_of_control_characters() -> None:
    text = describe(Compare(attribute="origin", test="eq", value="a\u202eb\n" + "x" * 200))
    assert "\u202e" not in text
    assert "\n" not in text
    assert len(text) < 120
