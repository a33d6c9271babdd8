"""How often and in which window, read out of a phrase in English or Chinese."""

import re
from typing import NamedTuple

NUMBERS = {
    "once": 1, "one": 1, "twice": 2, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9,
    "十": 10,
}  # fmt: skip
_N = r"(?P<n>\d[\d,]*|once|twice|one|two|three|four|five|six|seven|eight|nine|ten|[一二两三四五六七八九十])"
WINDOWS = (
    re.compile(
        rf"(?:in|within|for|during|over)\s+(?:the\s+)?(?:(?:last|past)\s+)?{_N}\s+(?P<unit>day|week|month|year)s?"
    ),
    re.compile(rf"(?:在)?(?:最近|近|过去)?\s*{_N}\s*(?P<unit>天|周|个月|月|年)(?:之?内|以来)?"),
)
UNIT_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365, "天": 1, "周": 7, "个月": 30, "月": 30, "年": 365}
"""Months are counted as 30 days, years as 365."""
COUNTS: tuple[tuple[re.Pattern[str], int | None, int | None], ...] = (
    (re.compile(rf"more than {_N}(?: times)?|超过{_N.replace('<n>', '<m>')}次"), 1, None),
    (re.compile(rf"at least {_N}(?: times)?|至少{_N.replace('<n>', '<m>')}次"), 0, None),
    (re.compile(rf"{_N} (?:or more times|times or more)|{_N.replace('<n>', '<m>')}次(?:或|及)?以上"), 0, None),
    (re.compile(rf"(?:fewer|less) than {_N}(?: times)?|少于{_N.replace('<n>', '<m>')}次"), None, -1),
    (re.compile(rf"at most {_N}(?: times)?|(?:最多|不超过){_N.replace('<n>', '<m>')}次"), None, 0),
    (re.compile(rf"(?:exactly |only )?{_N} times|(?:仅|只|恰好)?{_N.replace('<n>', '<m>')}次"), 0, 0),
    (re.compile(r"(?:exactly |only )?(?P<n>once|twice)"), 0, 0),
)
"""Patterns with what is added to the number for the smallest and the largest count."""


class Found(NamedTuple):
    """What was read."""

    at_least: int | None
    """Smallest count."""
    at_most: int | None
    """Largest count."""
    within_days: int | None
    """The window."""
    rest: str
    """What else was said."""


def counts_in(part: str) -> Found:
    """Read a window and a count; each may be missing."""
    within, rest = None, part
    for pattern in WINDOWS:
        if match := pattern.search(rest):
            within = int(plain_number(match["n"])) * UNIT_DAYS[match["unit"]]
            rest = rest[: match.start()] + " " + rest[match.end() :]
            break
    for pattern, low, high in COUNTS:
        if match := pattern.search(rest):
            groups = match.groupdict()
            number = int(plain_number(groups["n"] or groups.get("m") or "1"))
            at_least = None if low is None else number + low
            at_most = None if high is None else number + high
            return Found(at_least, at_most, within, rest[: match.start()] + " " + rest[match.end() :])
    return Found(None, None, within, rest)


def plain_number(text: str) -> float:
    """Give the number of digits or of a number word; 0 where it is neither."""
    if text in NUMBERS:
        return NUMBERS[text]
    try:
        return float(text.replace(",", ""))
    except ValueError:
        return 0.0


def without(text: str, match: re.Match[str], fillers: re.Pattern[str]) -> str:
    """Give what is left of a text without a match and without words that say nothing."""
    return fillers.sub("", text[: match.start()] + " " + text[match.end() :]).strip()
