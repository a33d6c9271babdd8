"""Words for markets, channels, cohorts and steps in commands, Chinese and English."""

import re
from functools import cache

from agent.planning.catalogue import CATALOGUE, StepTemplate
from memory.domain.cohort import CohortId
from memory.domain.market import Channel, CountryCode

MARKETS: dict[CountryCode, tuple[str, ...]] = {
    "US": ("united states", "the states", "usa", "u.s.", "the us", "america", "美国"),
    "CA": ("canada", "加拿大"),
    "GB": ("united kingdom", "great britain", "britain", "england", "u.k.", "uk", "英国"),
    "IE": ("ireland", "爱尔兰"),
    "DE": ("germany", "german market", "德国"),
    "AT": ("austria", "奥地利"),
    "FR": ("france", "french market", "法国"),
    "ES": ("spain", "西班牙"),
    "IT": ("italy", "意大利"),
    "NL": ("netherlands", "holland", "荷兰"),
    "AU": ("australia", "澳大利亚", "澳洲"),
    "JP": ("japan", "日本"),
    "CN": ("china", "中国"),
}
CHANNELS: dict[Channel, tuple[str, ...]] = {
    "sms": ("sms", "text messages", "text message", "texts", "texting", "text", "短信", "手机短信"),
    "email": ("emails", "email", "e-mails", "e-mail", "mails", "mail", "邮件", "电邮"),
    "push": ("app push", "push notifications", "push notification", "push", "推送"),
    "onpage": ("on-page", "onpage", "页面"),
}
COHORT_WORDS: dict[CohortId, tuple[str, ...]] = {
    "vip": ("vip customers", "vip", "loyal customers", "会员", "老客", "忠诚客户"),
    "first_time": (
        "first-time buyers",
        "first-time",
        "first time buyers",
        "new customers",
        "newcomers",
        "新客",
        "首单",
    ),
    "reactivated": ("reactivated buyers", "reactivated", "returning customers", "returning", "回流", "唤回"),
    "discount_sensitive": (
        "discount-sensitive",
        "discount sensitive",
        "price-sensitive",
        "bargain hunters",
        "价格敏感",
        "折扣敏感",
    ),
}


def find_market(text: str) -> CountryCode | None:
    """Give the market a phrase names, or none."""
    return _find(text, MARKETS)


def find_channel(text: str) -> Channel | None:
    """Give the channel a phrase names, or none."""
    return _find(text, CHANNELS)  # type: ignore[return-value]


def find_cohort(text: str) -> CohortId | None:
    """Give the cohort a phrase names, or none."""
    return _find(text, COHORT_WORDS)  # type: ignore[return-value]


def find_template(text: str) -> StepTemplate | None:
    """Give the step template a phrase names, the longest name first; none where it names none."""
    found = _find(text, _template_words())
    return next((template for template in CATALOGUE if template.id == found), None)


@cache
def _template_words() -> dict[str, tuple[str, ...]]:
    return {
        template.id: tuple(
            sorted(
                {*template.words, template.id, template.id.replace("_", " "),
                 *(title.lower() for title in template.title.values())},
                key=_longest_first,
            )
        )
        for template in CATALOGUE
    }  # fmt: skip


def _find(text: str, words: object) -> str | None:
    assert isinstance(words, dict)
    pairs = [(word, key) for key, names in words.items() for word in names]
    for word, key in sorted(pairs, key=_longest_pair_first):
        if re.search(_pattern(word), text):
            return str(key)
    return None


def _pattern(word: str) -> str:
    return rf"(?<![a-z]){re.escape(word)}s?(?![a-z])" if word.isascii() else re.escape(word)


def _longest_first(word: str) -> tuple[int, str]:
    return -len(word), word


def _longest_pair_first(pair: tuple[str, str]) -> tuple[int, str]:
    return -len(pair[0]), pair[0]
