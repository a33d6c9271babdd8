"""What is wrong with a field, in words that say what to write instead: no marketer reads regular expressions.

One sentence per pattern, with an example that fits it; a test holds that every pattern of the code has one.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

_HTTPS = (
    r"^https://([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}(:[0-9]{1,5})?"
    r"([/?][A-Za-z0-9._~:/?#@!$&()*+,;=%-]*)?$"
)


class Expected(NamedTuple):
    """What a pattern asks for."""

    words: str
    """What to write, to go on after "write"."""
    example: str
    """Something that fits."""


PATTERNS: Mapping[str, Expected] = {
    r"^[a-z0-9][a-z0-9_.-]{0,63}$": Expected(
        "a short name of small letters, digits, dots, dashes and underscores, at most 64 and no space", "spring_2027"
    ),
    r"^[a-z0-9][a-z0-9_.-]{0,39}$": Expected(
        "a short name of small letters, digits, dots, dashes and underscores, at most 40 and no space", "team-chat"
    ),
    r"^[a-z0-9][a-z0-9_-]{0,31}$": Expected(
        "a short name of small letters, digits, dashes and underscores, at most 32 and no space", "plain"
    ),
    r"^[a-z0-9][a-z0-9_.@-]{0,63}$": Expected(
        "somebody's id: small letters, digits, dots, dashes, underscores or @, at most 64 and no space", "mia"
    ),
    r"^[a-z0-9_-]{1,64}$": Expected("a pseudonym as lists of people show it, no address and no name", "p0a1b2c3"),
    r"^[a-z0-9._-]{1,100}$": Expected("an id as lists show it: small letters, digits, dots, dashes", "run-2027"),
    r"^[A-Za-z0-9_.-]{1,64}$": Expected("an id of letters, digits, dots, dashes and underscores", "case-17"),
    r"^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$": Expected(
        "a reference of letters, digits, dots, dashes, colons and underscores, at most 64", "till-7:0042"
    ),
    r"^[A-Za-z0-9#][A-Za-z0-9_.:#-]{0,63}$": Expected(
        "the shop's own name of an order: letters, digits, #, dots, dashes, at most 64", "#1042"
    ),
    r"^[0-9a-f]{8,64}$": Expected("the first 8 or more signs of an id as lists show it", "4f9b02ac"),
    r"^([0-9a-f]{8,64})?$": Expected("the first 8 or more signs of an id as lists show it, or nothing", "4f9b02ac"),
    r"^[0-9a-f]{6,64}$": Expected("the first 6 or more signs of an id as lists show it", "4f9b02ac"),
    r"^([a-z0-9][a-z0-9-]{0,60}\.myshopify\.com)?$": Expected(
        "the shop's address at Shopify without https://, or nothing", "my-shop.myshopify.com"
    ),
    r"^[a-z0-9]([a-z0-9-]{0,62}\.)+[a-z]{2,24}$": Expected(
        "a host in small letters, without https:// and without a path", "track.example.com"
    ),
    r"^([0-9a-f]{64})?$": Expected("all 64 signs of the hash as the page shows it, or nothing", "0" * 64),
    r"^[0-9a-f]{16}$": Expected("the 16 signs of the id as the list shows it", "4f9b02ac11d07e35"),
    r"^[0-9a-f]{8}$": Expected("the 8 signs of the id as the list shows it", "4f9b02ac"),
    r"^[A-Z]{3}$": Expected("a currency by its three capital letters (ISO 4217)", "EUR"),
    r"^[A-Z]{2}$": Expected("a country by its two capital letters (ISO 3166)", "DE"),
    r"^([A-Z]{2})?$": Expected("a country by its two capital letters (ISO 3166), or nothing", "DE"),
    r"^[a-z]{2}$": Expected("a language by its two small letters (ISO 639-1)", "en"),
    r"^([a-z]{2})?$": Expected("a language by its two small letters (ISO 639-1), or nothing", "en"),
    r"^\d{4}-\d{2}-\d{2}$": Expected("a day as year-month-day", "2027-02-14"),
    r"^\d{4}-\d{2}$": Expected("a month as year-month", "2027-02"),
    r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$": Expected("a day of every year as month-day", "12-25"),
    r"^#\w{1,60}$": Expected("a tag: # and then letters or digits, no space", "#RunWithUs"),
    r"^[^\x00-\x1f]+$": Expected("one line of text, without line breaks and tabs", "SHOE-42-RED"),
    r"^[^@\s<>,;:\"()\[\]\\]+@[^@\s<>,;:\"()\[\]\\]+$": Expected("one mail address, without a name", "mia@example.com"),
    _HTTPS: Expected("a full address that begins with https://, without spaces", "https://shop.example.com/club"),
    r"^https://[^\s\"'<>\\]{3,300}$": Expected(
        "a full address that begins with https://, without spaces and quotes", "https://social.example.com/shop"
    ),
    r"^[a-z][a-z0-9+.-]{1,30}://[A-Za-z0-9._~:/?#@!$&()*+,;=%-]+$": Expected(
        "a full address that begins with https:// or with the app's own scheme, without spaces", "shopapp://course/1"
    ),
    r"^([a-z][a-z0-9+.-]{0,30})?$": Expected("the scheme alone, without ://, in small letters, or nothing", "shopapp"),
    r"^(social:[a-z]{1,20}|goods:[^\x00-\x1f]{1,200}|share|code)$": Expected(
        "what was clicked: social:, goods: and the article, share, or code", "goods:SHOE-42"
    ),
}  # fmt: skip
"""Every pattern that a field may be held to."""


def said(row: Mapping[str, Any]) -> str:
    """Give what one row of pydantic's errors says, in words; a pattern is explained with an example.

    Rows need their context (`include_context`), or a pattern cannot be told from another.
    """
    if row["type"] == "string_pattern_mismatch":
        expected = PATTERNS.get(str(row.get("ctx", {}).get("pattern", "")))
        if expected is not None:
            return f"write {expected.words}, such as {expected.example}"
    return str(row["msg"]).removeprefix("Value error, ")
