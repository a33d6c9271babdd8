"""Normal forms of identifiers: any two spellings a provider delivers to one box share one form (case B4).

Dots are folded only for the two domains whose provider documents that it ignores them. Plus tags are kept
unless the caller asks for folding, because not every provider treats them as the same box.
"""

import re
import unicodedata
from functools import lru_cache

from memory.domain.consent import IdentifierKind

DOTLESS_DOMAINS = frozenset({"gmail.com", "googlemail.com"})
"""Google ignores dots in the local part and delivers both domains to one box: answer 7436150 of its mail help."""
_PLAIN = re.compile(r"[a-z0-9_.-]+@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+")
_DOTLESS_ENDINGS = tuple(f"@{domain}" for domain in sorted(DOTLESS_DOMAINS))
MIN_PHONE_LENGTH = 8
"""Shorter numbers are extensions and services, not people."""
MAX_EMAIL_LENGTH = 254
"""RFC 5321 with errata: no longer address can be delivered to."""


@lru_cache(maxsize=65_536)
def normalise_email(text: str, *, fold_plus: bool = False) -> str | None:
    """Give the normal form of an address, or none where it cannot be one."""
    if len(text) <= MAX_EMAIL_LENGTH and _PLAIN.fullmatch(text) and not text.endswith(_DOTLESS_ENDINGS):
        return text  # nearly all addresses; the long way gives the same
    folded = unicodedata.normalize("NFKC", text.strip().removeprefix("mailto:")).strip().strip("<>")
    local, at, domain = folded.rpartition("@")
    # the dotted capital I of Turkish lower-cases to i plus a combining dot: two spellings of one box
    local = unicodedata.normalize("NFC", local.lower().replace("i\u0307", "i"))
    host = _host(domain)
    if not at or not local or host is None or any(sign.isspace() or not sign.isprintable() for sign in local + host):
        return None
    if "@" in local or len(local) + len(host) + 1 > MAX_EMAIL_LENGTH or any(sign in local for sign in ',;<>"()\\'):
        return None
    if fold_plus or host in DOTLESS_DOMAINS:
        local = local.partition("+")[0] if fold_plus else local
    if host in DOTLESS_DOMAINS:
        local, host = local.replace(".", ""), "gmail.com"
    return f"{local}@{host}" if local else None


def _host(domain: str) -> str | None:
    domain = domain.strip().rstrip(".").lower().replace("i\u0307", "i")
    if domain.isascii():
        return domain if "." in domain and ".." not in domain and not domain.startswith((".", "-")) else None
    try:
        return domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return None


@lru_cache(maxsize=65_536)
def normalise_phone(text: str, region: str) -> str | None:
    """Give the E.164 form of a number written anyhow in `region` (ISO country), or none where it cannot be one."""
    import phonenumbers

    written = unicodedata.normalize("NFKC", text).strip().lstrip("'").strip()
    if not any(sign.isdigit() for sign in written) or len(written) > 40:
        return None
    if written.startswith("00"):
        written = "+" + written[2:]  # the international prefix of most countries; numbers of a country never begin so
    try:
        number = phonenumbers.parse(written, region or None)
    except phonenumbers.NumberParseException:
        return None
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return written if phonenumbers.is_possible_number(number) and len(written) >= MIN_PHONE_LENGTH else None


def normalise_plain(text: str) -> str | None:
    """Give a customer id or device id without the apostrophe spreadsheets add and without outer spaces."""
    plain = unicodedata.normalize("NFKC", text).strip().lstrip("'").strip()
    return plain if plain and len(plain) <= 200 else None


def normalise(kind: IdentifierKind, text: str, region: str) -> str | None:
    """Give the normal form of an identifier of a kind, or none where it cannot be one."""
    if kind == "email":
        return normalise_email(text)
    if kind == "phone":
        return normalise_phone(text, region)
    return normalise_plain(text)
