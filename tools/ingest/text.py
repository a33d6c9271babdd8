"""Cleaning untrusted text at intake (case C5): what nobody can see goes, what people write stays.

NFKC leaves direction overrides, tag characters and zero-width signs in place, so they are removed by category.
Joiners inside words of scripts that need them (Arabic, Persian, Indic) and in emoji survive.
"""

import re
import unicodedata
from functools import lru_cache

MAX_MARKS = 3
"""Combining marks kept in a row; real writing needs fewer, floods use hundreds."""
SHORT = 64
"""Texts up to this length are remembered; names and categories come again and again."""
_JOINERS = "\u200c\u200d"
_REMOVED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_BLANKS = frozenset("\u3164\u115f\u1160\uffa0\u2800")  # letters by category, blank on the screen


def clean(text: str, limit: int = 500) -> str:
    """Give one line of text without invisible, control, bidi and private-use signs, at most `limit` characters."""
    if text.isascii() and text.isprintable():
        return text.strip()[:limit]
    return (_clean_short(text) if len(text) <= SHORT else _clean(text))[:limit]


@lru_cache(maxsize=65_536)
def _clean_short(text: str) -> str:
    return _clean(text)


def _clean(text: str) -> str:
    kept: list[str] = []
    n_marks = 0
    for place, sign in enumerate(text):
        category = unicodedata.category(sign)
        n_marks = n_marks + 1 if category in ("Mn", "Me") else 0
        if sign in "\t\n\r\u2028\u2029\x0b\x0c\x85":
            kept.append(" ")
        elif _is_variation(sign) or sign in _BLANKS or n_marks > MAX_MARKS:
            continue
        elif category not in _REMOVED or (sign in _JOINERS and _joins(text, place)):
            kept.append(sign)
    return re.sub(r"\s+", " ", "".join(kept)).strip()


def _is_variation(sign: str) -> bool:
    return "\ufe00" <= sign <= "\ufe0e" or "\U000e0100" <= sign <= "\U000e01ef"


def _joins(text: str, place: int) -> bool:
    """Say whether a joiner stands between two signs that it can join."""
    if not 0 < place < len(text) - 1:
        return False
    return all(_is_joinable(text[near]) for near in (place - 1, place + 1))


def _is_joinable(sign: str) -> bool:
    if unicodedata.category(sign) in ("So", "Sk", "Mn", "Mc"):
        return True
    return unicodedata.category(sign) == "Lo" and not "\u2e80" <= sign <= "\u9fff"
