"""Says a segment rule in natural words, in English and Chinese."""

import re

from memory.domain.money import Money
from memory.domain.segment import (
    AllOf,
    AnyOf,
    Bought,
    Compare,
    Did,
    Everyone,
    Intends,
    IntentState,
    NotOf,
    OrderedBetween,
    Scalar,
    SegmentRule,
)

from .compare import kind_of
from .words import ATTRIBUTES, EVENTS, TESTS, WordLanguage

MAX_QUOTED = 60
INTENTS: dict[IntentState, tuple[str, str]] = {
    "explore": (
        "explores a category: looked at it at least 5 times, never bought in it, no cart left behind",
        "正在探索某一品类：互动至少5次、从未在该品类下单、没有遗留的购物车",
    ),
    "abandon": (
        "left a cart behind: filled it in the last 30 days and has not ordered since",
        "遗留了购物车：最近30天内加购，之后未下单",
    ),
}


def describe(rule: SegmentRule, language: WordLanguage = "en", *, currency: str | None = None) -> str:
    """Give the rule in words; sums in `currency` where one is given, else in minor units."""
    return _Words(language, currency).say(rule)


class _Words:
    """One language and currency; every method gives a phrase without a full stop."""

    def __init__(self, language: WordLanguage, currency: str | None) -> None:
        self.at = 0 if language == "en" else 1
        self.currency = currency

    def pick(self, en: str, zh: str) -> str:
        return (en, zh)[self.at]

    def say(self, rule: SegmentRule) -> str:
        match rule:
            case Compare():
                return self.compare(rule)
            case Did() | Bought():
                return self.counted(rule)
            case OrderedBetween():
                return self.ordered_between(rule)
            case Intends():
                return self.pick(*INTENTS[rule.state])
            case AllOf() | AnyOf():
                return self.joined(rule)
            case NotOf():
                return self.pick(f"not ({self.say(rule.of)})", f"不满足（{self.say(rule.of)}）")
            case Everyone():
                return self.pick("everyone", "所有人")

    def joined(self, rule: AllOf | AnyOf) -> str:
        word = self.pick(" and ", "，且") if isinstance(rule, AllOf) else self.pick(" or ", "，或")
        return word.join(self.inner(part, rule) for part in rule.of)

    def inner(self, part: SegmentRule, outer: AllOf | AnyOf) -> str:
        text = self.say(part)
        is_other = isinstance(part, AllOf | AnyOf) and len(part.of) > 1 and part.op != outer.op
        return self.pick(f"({text})", f"（{text}）") if is_other else text

    def compare(self, rule: Compare) -> str:
        name, test = ATTRIBUTES[rule.attribute][self.at], TESTS[rule.test][self.at]
        if isinstance(rule.value, bool):
            holds = rule.value == (rule.test == "eq")
            return name if holds else self.pick(f"not: {name}", f"非：{name}")
        values = rule.value if isinstance(rule.value, tuple) else (rule.value,)
        text = self.pick(", ", "、").join(self.value(rule, value) for value in values)
        return self.pick(f"{name} {test} {text}", f"{name}{test}{text}")

    def value(self, rule: Compare, value: Scalar) -> str:
        if isinstance(value, bool):
            return self.pick("yes" if value else "no", "是" if value else "否")
        if isinstance(value, str):
            return self.moment(value) if kind_of(rule.attribute) == "instant" else self.quoted(value)
        if rule.attribute.endswith("_minor"):
            return self.money(value)
        if rule.attribute.endswith(("_share", "_rate")):
            return f"{value:.4%}".rstrip("%").rstrip("0").rstrip(".") + self.pick(" %", "%")
        return f"{value:g}" if isinstance(value, float) else str(value)

    def money(self, value: int | float) -> str:
        if self.currency is None or value != int(value) or abs(value) > 2**62:
            return self.pick(f"{value:g} minor units", f"{value:g}（最小货币单位）")
        return str(Money(amount_minor=int(value), currency=self.currency))

    def moment(self, value: str) -> str:
        return self.quoted(value.replace("T", " "))

    def quoted(self, value: str) -> str:
        text = re.sub(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]+", " ", value)
        text = text if len(text) <= MAX_QUOTED else text[: MAX_QUOTED - 1] + "…"
        return self.pick(f'"{text}"', f"“{text}”")

    def counted(self, rule: Did | Bought) -> str:
        n_least, n_most = rule.at_least, rule.at_most
        if n_least is None and n_most is None:
            n_least = 1
        if n_most == 0 and not n_least:
            en, zh = ("never", "从未") if rule.within_days is None else ("not", "未")
            return self.pick(f"{en} {self.act(rule)}{self.where(rule)}", f"{self.where(rule)}{zh}{self.act(rule)}")
        times = self.times(n_least, n_most)
        return self.pick(f"{self.act(rule)}{times}{self.where(rule)}", f"{self.where(rule)}{self.act(rule)}{times}")

    def act(self, rule: Did | Bought) -> str:
        if isinstance(rule, Bought):
            return self.pick("ordered", "下单")
        return self.pick(" or ", "或").join(EVENTS[kind][self.at] for kind in rule.events)

    def times(self, n_least: int | None, n_most: int | None) -> str:
        if n_least is not None and n_least == n_most:
            return self.pick(f" exactly {n_least} times", f"恰好{n_least}次")
        if not n_least and n_most is not None:
            return self.pick(f" at most {n_most} times", f"最多{n_most}次")
        if n_most is None:
            plural = "" if n_least == 1 else "s"
            return self.pick(f" at least {n_least or 0} time{plural}", f"至少{n_least or 0}次")
        return self.pick(f" {n_least} to {n_most} times", f"{n_least}至{n_most}次")

    def where(self, rule: Did | Bought) -> str:
        parts = []
        if rule.within_days is not None:
            parts.append(self.pick(f"in the last {rule.within_days} days", f"最近{rule.within_days}天内"))
        if rule.category is not None:
            name = self.quoted(rule.category)
            parts.append(self.pick(f"in the category {name}", f"在{name}品类"))
        if isinstance(rule, Bought) and rule.sku is not None:
            name = self.quoted(rule.sku)
            parts.append(self.pick(f"with the article {name}", f"购买商品{name}"))
        return self.pick("".join(f" {part}" for part in reversed(parts)), "".join(parts))

    def ordered_between(self, rule: OrderedBetween) -> str:
        if rule.at_least == 0:
            return self.pick("everyone", "所有人")
        times = self.times(rule.at_least, None)
        return self.pick(
            f"ordered{times} from {rule.from_on} until before {rule.until_on}",
            f"{rule.from_on}起至{rule.until_on}之前下单{times}",
        )
