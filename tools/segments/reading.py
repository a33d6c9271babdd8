"""Segment rules from common phrases in English and Chinese: fixed patterns, no language model.

A phrase is split at `or` and at `and`; of each part every word has to be understood, or the part is named as not read:
a rule that drops half of what was said would reach other people than were meant.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from memory.domain.base import Frozen
from memory.domain.facts import EventKind
from memory.domain.money import Currency, exponent
from memory.domain.profile import Attribute
from memory.domain.segment import AllOf, AnyOf, Bought, Compare, Did, Everyone, Intends, NotOf, SegmentRule

from .reading_counts import Found, counts_in, plain_number, without

MAX_CHARACTERS = 500
EXAMPLES: Mapping[str, tuple[str, ...]] = {
    "en": (
        "bought at least 2 times in the last 90 days and may be mailed",
        "live in Germany and spent more than 100",
        "abandoned their cart or viewed something in the last 7 days",
        "not bought in the last 180 days",
    ),
    "zh": (
        "最近90天买过至少2次，且可发送邮件",
        "来自德国，累计消费超过100",
        "加购未下单或最近7天浏览过",
        "最近180天没有购买",
    ),
}
"""Phrases that are read."""
_OR = re.compile(r"\s+or\s+|或者|或|；|;")
_AND = re.compile(r"\s+(?:and|but)\s+|,(?!\d)\s*(?:and\s+)?|，\s*(?:并且|而且|且|但)?|、|并且|而且|且|但是|但")
_OPENING = re.compile(
    r"^(?:(?:people|customers|buyers|everybody|those|all)\s+)?(?:who|that)\s+|^(?:people|customers|buyers)\s+"
)
_CLOSING = re.compile(r"(?:的)?(?:客户|顾客|用户|人)$|[.。!]$")
_NOT = re.compile(
    r"\b(?:not|never|didn't|haven't|hasn't|don't|doesn't|without)\b|没有|没|未(?!下单)|不(?!超过|少于|低于|足|到|为)"
)
_AUXILIARY = re.compile(r"\b(?:who|that|have|has|had|did|do|does|were|was|is|are|been|ever|they)\b")


class NotRead(Frozen):
    """A phrase that is no rule yet."""

    part: str
    """What was not understood."""
    examples: tuple[str, ...]
    """Phrases that are."""


class _Said(NamedTuple):
    """What the parts of a phrase are read with."""

    currency: Currency
    categories: tuple[str, ...]


def read_words(
    text: str, currency: Currency, categories: Sequence[str] = (), language: str = "en"
) -> SegmentRule | NotRead:
    """Read a rule from a phrase; sums are in whole units of `currency`, `categories` are the shop's.

    `and` binds closer than `or`. The examples of a refusal are in `language`.
    """
    said, examples = _Said(currency, tuple(categories)), EXAMPLES.get(language, EXAMPLES["en"])
    whole = _tidy(text)
    if not whole or len(whole) > MAX_CHARACTERS:
        return NotRead(part=text.strip()[:80], examples=examples)
    choices: list[SegmentRule] = []
    for choice in _OR.split(whole):
        rules: list[SegmentRule] = []
        for part in filter(None, (_tidy(one) for one in _AND.split(choice))):
            rule = _part(part, said)
            if rule is None:
                return NotRead(part=part, examples=examples)
            rules.append(rule)
        if not rules:
            return NotRead(part=choice.strip() or whole, examples=examples)
        choices.append(rules[0] if len(rules) == 1 else AllOf(of=tuple(rules)))
    return choices[0] if len(choices) == 1 else AnyOf(of=tuple(choices))


def _tidy(text: str) -> str:
    found = " ".join(text.casefold().replace("’", "'").split())
    return _CLOSING.sub("", _OPENING.sub("", found)).strip()


def _part(part: str, said: _Said) -> SegmentRule | None:
    for read in READERS:
        rule = read(part, said)
        if rule is not None:
            return rule
    negation = _NOT.search(part)
    if negation is None:
        return None
    bare = _AUXILIARY.sub(" ", part[: negation.start()]) + " " + part[negation.end() :]
    rule = _part(" ".join(bare.split()), said)
    return None if rule is None else NotOf(of=rule)


def _deed(part: str, said: _Said) -> SegmentRule | None:
    """Read how often something was done or bought, in a category, within a window."""
    if _NOT.search(part):
        return None
    found: Found = counts_in(part)
    category, rest = _category(found.rest, said.categories)
    for words, events in DEEDS:
        match = words.search(rest)
        if match is None or without(rest, match, FILLERS):
            continue
        shared: dict[str, Any] = {"category": category, "within_days": found.within_days}
        shared |= {"at_least": found.at_least, "at_most": found.at_most}
        return Did(events=events, **shared) if events else Bought(**shared)
    return None


def _category(part: str, categories: Sequence[str]) -> tuple[str | None, str]:
    """Find the shop's longest category that is named; give it and what else was said."""
    for category in sorted(categories, key=len, reverse=True):
        name = re.escape(category.casefold())
        match = re.search(rf"(?:(?:in|from|of)\s+)?(?:the\s+)?(?:category\s+|品类\s*)?(?<![a-z]){name}(?![a-z])", part)
        if match:
            return category, part[: match.start()] + " " + part[match.end() :]
    return None, part


def _sum(part: str, said: _Said) -> SegmentRule | None:
    for words, attribute, is_money in AMOUNTS:
        match = words.match(part)
        if match is None:
            continue
        amount = plain_number(match["n"].strip())
        if not amount and "0" not in match["n"]:
            return None
        value: Any = round(amount * 10 ** exponent(said.currency)) if is_money else amount
        if not is_money and float(value).is_integer():
            value = int(value)
        if attribute in ("discount_order_share", "return_share"):
            value = amount / 100
        test = next(test for test, spelled in TESTS if re.fullmatch(spelled, match["test"] or ""))
        return Compare(attribute=attribute, test=test, value=value)
    return None


def _place(part: str, said: _Said) -> SegmentRule | None:
    match = re.fullmatch(r"(?:live in|living in|from|market(?: is)?|in|来自|市场为|市场是|住在)\s*(?P<name>.+)", part)
    code = _names("territories").get(match["name"].strip()) if match else None
    return Compare(attribute="market", test="eq", value=code.upper()) if code else None


def _language(part: str, said: _Said) -> SegmentRule | None:
    match = re.fullmatch(r"(?:speak|speaking|speaks|read|language(?: is)?|语言为|语言是|讲|说)\s*(?P<name>.+)", part)
    code = _names("languages").get(match["name"].strip()) if match else None
    return Compare(attribute="language", test="eq", value=code) if code else None


def _favourite(part: str, said: _Said) -> SegmentRule | None:
    match = re.fullmatch(r"(?:like|favou?rite category(?: is)?|mostly buy|最常购买|喜欢)\s*(?P<name>.+)", part)
    named = {category.casefold(): category for category in said.categories}
    category = named.get(match["name"].strip()) if match else None
    return Compare(attribute="top_category", test="eq", value=category) if category else None


def _fixed(part: str, said: _Said) -> SegmentRule | None:
    return next((rule for words, rule in FIXED if words.fullmatch(part)), None)


@cache
def _names(kind: str) -> dict[str, str]:
    """Give codes of countries or languages by their name in English and Chinese, and by the code itself."""
    from babel import Locale

    found: dict[str, str] = {}
    for locale in ("en", "zh_CN"):
        for code, name in getattr(Locale.parse(locale), kind).items():
            if len(code) == 2 and code.isalpha():
                found |= {str(name).casefold(): code, code.casefold(): code}
    return found | ({"usa": "US", "uk": "GB", "the us": "US", "the uk": "GB"} if kind == "territories" else {})


_MONEY = r"\s*(?P<n>[\d.,]+)\s*(?:[a-z]{3}|€|\$|£|¥|元|欧元|美元|日元)?"
_MORE = (
    r"(?P<test>more than|over|above|at least|less than|below|under|at most|up to|超过|大于|高于|至少|不少于|不低于|"
    r"少于|低于|小于|不足|最多|不超过)"
)
_TIMES = r"\s*(?P<n>[\d.,]+|[a-z]+|[一二两三四五六七八九十]+)\s*"
TESTS: tuple[tuple[Any, str], ...] = (
    ("gt", "more than|over|above|超过|大于|高于"),
    ("ge", "at least|至少|不少于|不低于"),
    ("lt", "less than|below|under|少于|低于|小于|不足"),
    ("le", "at most|up to|最多|不超过"),
)
AMOUNTS: tuple[tuple[re.Pattern[str], Attribute, bool], ...] = (
    (re.compile(rf"(?:spent|spend|spending|累计消费|消费)\s*{_MORE}{_MONEY}$"), "revenue_minor", True),
    (re.compile(rf"(?:average (?:order|basket)(?: value)?|aov|客单价)\s*(?:is )?{_MORE}{_MONEY}$"), "aov_minor", True),
    (re.compile(rf"(?:with )?{_MORE}{_TIMES}(?:orders?|个订单|笔订单)$"), "n_orders", False),
    (
        re.compile(rf"(?:a )?(?:discount(?: on)?|折扣订单占比)\s*{_MORE}{_MONEY}\s*%(?: of (?:their )?orders)?$"),
        "discount_order_share", False,
    ),
    (re.compile(rf"(?:returned|退货占比)\s*{_MORE}{_MONEY}\s*%(?: of (?:their )?orders)?$"), "return_share", False),
)  # fmt: skip
DEEDS: tuple[tuple[re.Pattern[str], tuple[EventKind, ...]], ...] = (
    (re.compile(r"add(?:ed)? (?:something |anything )?to (?:the |their |a )?cart|加入购物车|加购过?"), ("cart",)),
    (re.compile(r"(?:began|begin|started|start) (?:the |a )?checkout|进入结账"), ("checkout",)),
    (re.compile(r"open(?:ed)? (?:the |our )?app|打开(?:过)?app"), ("app_open",)),
    (re.compile(r"open(?:ed)? (?:a |an |our |any )?(?:e-?)?mails?|打开(?:过)?邮件"), ("mail_open",)),
    (re.compile(r"click(?:ed)? (?:in |on )?(?:a |an |our |any )?(?:e-?)?mails?|点击(?:过)?邮件"), ("mail_click",)),
    (re.compile(r"(?:wrote|write|left) (?:a |any )?reviews?|reviewed|写过评价|评价过?"), ("review",)),
    (re.compile(r"return(?:ed)?(?: (?:something|anything))?|退(?:过)?货"), ("return",)),
    (re.compile(r"unsubscribed?|left the list|退订过?"), ("unsubscribe",)),
    (re.compile(r"complain(?:ed)?|投诉过?"), ("complaint",)),
    (
        re.compile(r"view(?:ed)?(?: (?:something|anything))?|look(?:ed)?(?: at (?:something|anything))?|浏览过?"),
        ("view",),
    ),
    (
        re.compile(
            r"(?:placed|place) an order|(?:bought|buy|ordered|order|purchased|purchase)(?: (?:something|anything))?|"
            r"购买过?|买过?|下(?:过)?单"
        ),
        (),
    ),
)  # fmt: skip
FILLERS = re.compile(r"\b(?:who|that|have|has|had|did|ever|only|again|us|our|shop|from)\b|[了过在曾经的\s]")
FIXED: tuple[tuple[re.Pattern[str], SegmentRule], ...] = (
    (re.compile(r"everyone|everybody|all|所有|全部|所有人|全部客户|所有客户"), Everyone()),
    (
        re.compile(r"(?:abandoned|left) (?:something in )?(?:a|the|their) cart|加购未下单|弃购|购物车未结算"),
        Intends(state="abandon"),
    ),
    (re.compile(r"(?:are )?(?:exploring|browsing without buying)|只看不买|浏览未购买"), Intends(state="explore")),
    (
        re.compile(r"(?:may|can) be (?:e-?)?mailed|(?:with )?e-?mail consent|可(?:以)?发(?:送)?邮件|同意(?:接收)?邮件"),
        Compare(attribute="consent_email", test="eq", value=True),
    ),
    (
        re.compile(r"(?:may|can) be texted|(?:with )?sms consent|可(?:以)?发(?:送)?短信|同意(?:接收)?短信"),
        Compare(attribute="consent_sms", test="eq", value=True),
    ),
    (
        re.compile(r"(?:may|can) be pushed|(?:with )?push consent|可(?:以)?推送|同意(?:接收)?推送"),
        Compare(attribute="consent_push", test="eq", value=True),
    ),
    (
        re.compile(r"(?:were |was |are )?referred(?: by a friend)?|came through a referral|由?朋友推荐(?:而来)?"),
        Compare(attribute="is_referred", test="eq", value=True),
    ),
)  # fmt: skip
READERS: tuple[Callable[[str, _Said], SegmentRule | None], ...] = (
    _fixed, _sum, _place, _language, _favourite, _deed,
)  # fmt: skip
"""In the order they are asked; the first that reads all of a part wins."""
