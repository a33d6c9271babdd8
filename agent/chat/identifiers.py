"""Replacing personal data in chat text before it is stored, recorded or sent to a language model."""

import re
from collections.abc import Callable, Iterable
from itertools import pairwise

PLACEHOLDERS = {"email": "[email]", "phone": "[phone]", "name": "[name]"}
_EMAIL = re.compile(r"[^\s@<>,;，；。（）()]+@[^\s@<>,;，；。（）()]+\.[^\s@<>,;，；。（）()]+")
_PHONE = re.compile(r"(?<![\w.,-])\+?\d[\d ()/\-]{6,}\d(?![\w%])")
_DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}$")
_LATIN = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_CJK_RUN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]+")
MAX_CJK_NAME = 6
MAX_CANDIDATES = 400

KnownNames = Callable[[Iterable[str]], set[str]]
"""Gives which of the candidates are names in the shop's contacts, case kept as asked."""


def hide(text: str, known_names: KnownNames) -> str:
    """Give the text with addresses, numbers and known names replaced."""
    plain = _EMAIL.sub(PLACEHOLDERS["email"], text)
    plain = _PHONE.sub(lambda found: found[0] if _DATE.match(found[0]) else PLACEHOLDERS["phone"], plain)
    names = known_names(candidates(plain))
    for name in sorted(names, key=lambda one: (-len(one), one)):
        pattern = rf"(?<!\w){re.escape(name)}(?!\w)" if name.isascii() else re.escape(name)
        plain = re.sub(pattern, PLACEHOLDERS["name"], plain)
    return plain


def candidates(text: str) -> list[str]:
    """Give the words that could be names: capitalised Latin words, alone or in twos, and short Chinese runs.

    `OUR_WORDS` are left out.
    """
    words = [word for word in _LATIN.findall(text) if word[0].isupper() and not _CJK_RUN.match(word) and len(word) > 1]
    pairs = [f"{one} {other}" for one, other in pairwise(words)]
    runs = [
        run[at : at + size]
        for run in _CJK_RUN.findall(text)
        for size in range(2, MAX_CJK_NAME + 1)
        for at in range(len(run) - size + 1)
    ]
    found = dict.fromkeys([*pairs, *words, *runs])
    return [each for each in found if each not in OUR_WORDS][:MAX_CANDIDATES]


OUR_WORDS = frozenset(
    (
        "VIP", "VIPs", "SMS", "EUR", "USD", "GBP", "JPY", "CNY", "Email", "Push", "Draft", "Why", "Undo", "No",
        "Please", "Germany", "France", "Japan", "China", "Britain", "America", "Spend", "Budget", "Only", "Start",
        "Move", "Remove", "Set", "The", "And", "For", "Use", "Allow",
    )
)  # fmt: skip
"""Words of commands that are never taken for names."""
