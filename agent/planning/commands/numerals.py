"""Numbers and sums as people write them: 2,000, 2k, 2.000 EUR, 两千欧, 一万五, 百分之十, ten percent."""

import re
from datetime import date
from decimal import Decimal

from memory.domain.errors import InvalidInput
from memory.domain.money import Money

DIGITS = dict(zip("零〇一二两三四五六七八九", (0, 0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
UNITS = {"十": 10, "百": 100, "千": 1000}
HAN = "零〇一二两三四五六七八九十百千万亿"
HAN_NUMBER = rf"[{HAN}]+"
LATIN_NUMBER = r"\d[\d.,\s']*\d|\d"
CURRENCIES: tuple[tuple[str, str], ...] = (
    (r"eur(?:os?)?\b|€|欧元|欧", "EUR"),
    (r"usd\b|us dollars?|dollars?|\$|美元|美金|刀", "USD"),
    (r"gbp\b|pounds?(?: sterling)?|£|英镑", "GBP"),
    (r"cny\b|rmb\b|yuan|人民币|元|块", "CNY"),
    (r"jpy\b|yen|日元|日圆|円", "JPY"),
    (r"cad\b|加元", "CAD"),
    (r"aud\b|澳元|澳币", "AUD"),
    (r"chf\b|francs?|瑞郎", "CHF"),
)
"""Words for currencies, longer ones first; the dollar sign alone is the US dollar."""
CURRENCY = "|".join(pattern for pattern, _ in CURRENCIES)
WORDS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "fifteen": 15, "twenty": 20, "thirty": 30, "fifty": 50,
}  # fmt: skip
"""Small numbers in English words."""


def han_number(text: str) -> int | None:
    """Give a Chinese numeral: 两千 2000, 一万五 15000, 十 10, 二〇二六 2026; none where it is no number."""
    if not text or any(char not in HAN for char in text):
        return None
    if all(char in DIGITS for char in text):
        return int("".join(str(DIGITS[char]) for char in text))
    for unit, size in (("亿", 10**8), ("万", 10**4)):
        if unit in text:
            high, _, low = text.partition(unit)
            left, right = han_number(high or "一"), _rest(low, size)
            return None if left is None or right is None else left * size + right
    return _below_ten_thousand(text)


def number(text: str) -> Decimal | None:
    """Give a number in digits, with separators and k, or in Chinese numerals; none where it is none."""
    text = text.strip().lower()
    if text in WORDS:
        return Decimal(WORDS[text])
    if (han := han_number(text)) is not None:
        return Decimal(han)
    match = re.fullmatch(rf"({LATIN_NUMBER})\s*(k|thousand|千|万)?", text)
    if match is None:
        return None
    scale = {"k": 1000, "thousand": 1000, "千": 1000, "万": 10_000}.get(match[2] or "", 1)
    plain = _plain(match[1])
    return None if plain is None else plain * scale


def rate(text: str) -> float | None:
    """Give a share: 10%, 10 percent, 百分之十, 一成, 0.1; none where it is none or beyond 0 to 1."""
    text = text.strip().lower()
    if match := re.fullmatch(r"百分之(.+)", text):
        found = number(match[1])
        value = None if found is None else found / 100
    elif match := re.fullmatch(r"(.+?)成", text):
        found = number(match[1])
        value = None if found is None else found / 10
    elif match := re.fullmatch(r"(.+?)\s*(%|percent|per cent|％)", text):
        found = number(match[1])
        value = None if found is None else found / 100
    else:
        value = number(text)
    return float(value) if value is not None and 0 <= value <= 1 else None


def money(amount: str, currency: str) -> Money | None:
    """Give a sum from a number and a word for its currency; none where either is unknown."""
    value, code = number(amount), currency_code(currency)
    if value is None or code is None:
        return None
    try:
        return Money.parse(str(value), code)
    except InvalidInput:
        return None


def currency_code(word: str) -> str | None:
    """Give the ISO code behind a word for a currency, or none."""
    word = word.strip().lower()
    return next((code for pattern, code in CURRENCIES if re.fullmatch(pattern, word)), None)


def day(text: str, near: date) -> date | None:
    """Give a date: 2026-12-01, 1 December 2026, 12月1日 (the year nearest to `near`); none where it is none."""
    text = text.strip().lower().replace(",", " ")
    if match := re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})[日号]?", text):
        return _date(int(match[1]), int(match[2]), int(match[3]))
    if match := re.fullmatch(rf"(\d{{1,2}}|{HAN_NUMBER})月(\d{{1,2}}|{HAN_NUMBER})[日号]?", text):
        return _nearest(number(match[1]), number(match[2]), near)
    months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
    if match := re.fullmatch(
        r"(?:(\d{1,2})(?:st|nd|rd|th)?\s+)?([a-z]{3})[a-z]*\.?(?:\s+(\d{1,2})(?:st|nd|rd|th)?)?(?:\s+(\d{4}))?", text
    ):
        number_of, name = match[1] or match[3], match[2]
        if number_of is None or name not in months:
            return None
        month = months.index(name) + 1
        return _date(int(match[4]), month, int(number_of)) if match[4] else _nearest(month, int(number_of), near)
    return None


def _plain(text: str) -> Decimal | None:
    """Digits with thousands separators: the last separator is decimal only with one or two digits behind it."""
    digits = re.sub(r"[\s']", "", text)
    match = re.fullmatch(r"(.*?)(?:[.,](\d{1,2}))?", digits)
    whole = re.sub(r"[.,]", "", match[1]) if match else ""
    if match is None or not whole.isdigit() or not re.fullmatch(r"\d+|\d{1,3}([.,]\d{3})+", match[1]):
        return None
    return Decimal(whole) + (Decimal(f"0.{match[2]}") if match[2] else 0)


def _below_ten_thousand(text: str) -> int | None:
    total, digit = 0, 0
    last = 1
    for char in text:
        if char in DIGITS:
            digit = DIGITS[char]
        elif char in UNITS:
            total += (digit or 1) * UNITS[char]
            digit, last = 0, UNITS[char]
        else:
            return None
    trailing = text[-1] in DIGITS and text[-1] not in "零〇" and "零" not in text and last > 10
    return total + (digit * last // 10 if trailing else digit)


def _rest(text: str, size: int) -> int | None:
    """What follows 万 or 亿: 一万五 means fifteen thousand, 一万零五 ten thousand and five."""
    if not text:
        return 0
    if len(text) == 1 and text in DIGITS:
        return DIGITS[text] * size // 10
    return han_number(text)


def _nearest(month: Decimal | int | None, number_of: Decimal | int | None, near: date) -> date | None:
    if month is None or number_of is None:
        return None
    found = [_date(year, int(month), int(number_of)) for year in (near.year - 1, near.year, near.year + 1)]
    return min((each for each in found if each), key=lambda each: abs((each - near).days), default=None)


def _date(year: int, month: int, number_of: int) -> date | None:
    try:
        return date(year, month, number_of)
    except ValueError:
        return None
