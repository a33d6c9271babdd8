"""Reading a question about other limits: 'what if the budget were 3,000 EUR?', '如果每周最多三条促销，会怎样？'."""

import re

from agent.planning.context import PlanContext
from agent.planning.what_if import AskedLimits
from memory.domain.base import Frozen
from memory.domain.brief import BriefChange, SetBudget, SetHoldout

from .numerals import HAN_NUMBER, LATIN_NUMBER, number
from .parsing import parse, phrases
from .phrases import rate_in

ASKING = re.compile(
    r"\bwhat (?:if|would(?: \w+)? (?:happen|change|it (?:cost|bring))(?: if)?)\b|\bhow much (?:more )?would\b|\bif\b"
    r"|\b(?:we|i|you|it) (?:had|allowed|set|used|raised|lowered|were to)\b"
    r"|如果|假如|要是|倘若|会?怎么?样呢?|会发生什么|会带来多少|结果会如何",
    re.I,
)
"""The asking itself."""
SPENT = re.compile(r"\bspent\b", re.I)
NUMBER = rf"({LATIN_NUMBER}|{HAN_NUMBER}|one|two|three|four|five|six|seven)"
CAP = re.compile(
    rf"{NUMBER}\s+(?:promotional |promotion )?(?:messages?|promotions?|mails?)\s+(?:a|per|each|every)\s+week"
    rf"|每周(?:最多|至多|可以|允许|发|有)*\s*{NUMBER}\s*[条封个次则](?:促销|营销)?"
    rf"|(?:frequency )?cap\D{{0,20}}{NUMBER}|频次上限\D{{0,6}}{NUMBER}"
)
MARGIN_FLOOR = re.compile(r"margin floor|lowest margin|minimum margin|毛利(?:率)?(?:底线|下限|最低)|最低毛利")
PRICE_FLOOR = re.compile(r"price floor|lowest price|minimum price|价格(?:底线|下限)|最低价")
SPELLED = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7}


class Hypothetical(Frozen):
    """What a question asks to look at."""

    limits: AskedLimits
    """Other limits."""
    changes: tuple[BriefChange, ...]
    """Other wishes; a plan is made with them to compare, and not kept."""
    unknown: tuple[str, ...]
    """Phrases nobody understood, as they were said."""


def read_hypothetical(text: str, context: PlanContext) -> Hypothetical:
    """Read the limits and wishes a question names; every phrase ends in one of the three."""
    found: dict[str, object] = {}
    changes: list[BriefChange] = []
    unknown: list[str] = []
    for phrase in phrases(ASKING.sub(" ", SPENT.sub("spend", text))):
        if named := _limit(phrase.lower()):
            found |= named
            continue
        read = parse(phrase, context)
        for change in read.changes:
            if isinstance(change, SetBudget):
                found["budget"] = change.budget
            elif isinstance(change, SetHoldout):
                found["holdout_rate"] = change.rate
            else:
                changes.append(change)
        unknown.extend(read.unknown)
    return Hypothetical(limits=AskedLimits.model_validate(found), changes=tuple(changes), unknown=tuple(unknown))


def _limit(phrase: str) -> dict[str, object]:
    for pattern, name in ((MARGIN_FLOOR, "min_margin_rate"), (PRICE_FLOOR, "min_price_ratio")):
        rate = rate_in(phrase)
        if pattern.search(phrase) and rate is not None:
            return {name: rate}
    if cap := CAP.search(phrase):
        said = next(group for group in cap.groups() if group)
        value = SPELLED.get(said, number(said))
        if value is not None and 0 <= value <= 100 and value == int(value):
            return {"promotional_cap": int(value)}
    return {}
