"""Normal forms of postal addresses: two spellings of one flat share one form, two flats of one house do not."""

import re
import unicodedata

_SHORTER = {
    "strasse": "str", "street": "st", "road": "rd", "avenue": "ave", "boulevard": "blvd", "drive": "dr", "lane": "ln",
    "court": "ct", "place": "pl",
}  # fmt: skip
"""Words that stand shortened as often as in full."""
_LEFT_OUT = frozenset({"apartment", "apt", "appartement", "flat", "unit", "suite", "ste", "wohnung", "whg", "no", "nr"})
"""Words before the number of a flat that say nothing beside it."""
_WORD = re.compile(r"[^\W\d_]+|\d+")


def normalise_address(country: str | None, postal_code: str, street: str, flat: str = "") -> str | None:
    """Give the normal form of an address, or none where country, postal code or street is missing.

    Case, full-width letters, signs, common short forms and the words before a flat's number make no difference.
    """
    place, lines = "".join(_words(postal_code)), _line(street) + _line(flat)
    if not country or not place or not lines:
        return None
    return f"{country}|{place}|{' '.join(lines)}"


def _line(text: str) -> list[str]:
    words = (_short(word) for word in _words(text))
    return [word for word in words if word not in _LEFT_OUT]


def _short(word: str) -> str:
    if word in _SHORTER:
        return _SHORTER[word]
    return word.removesuffix("asse") if word.endswith("strasse") else word


def _words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", text[:300]).casefold())
