"""SMS segments: what a text costs depends on its alphabet and length (3GPP TS 23.038)."""

from typing import Literal

from memory.domain.base import Count, Frozen

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")


class SmsSize(Frozen):
    """How a text travels."""

    alphabet: Literal["GSM-7", "UCS-2"]
    """GSM-7 where every character has a place in it; one curly quote makes it UCS-2."""
    n_units: Count
    """Septets or UTF-16 units."""
    n_segments: Count
    """How many messages are billed."""


def sms_size(text: str) -> SmsSize:
    """Count the segments of a rendered text: 160 or 153 septets each, or 70 or 67 UTF-16 units each."""
    if all(char in _BASIC or char in _EXTENDED for char in text):
        n_units = sum(2 if char in _EXTENDED else 1 for char in text)
        return SmsSize(alphabet="GSM-7", n_units=n_units, n_segments=_parts(n_units, 160, 153))
    n_units = len(text.encode("utf-16-le")) // 2
    return SmsSize(alphabet="UCS-2", n_units=n_units, n_segments=_parts(n_units, 70, 67))


def _parts(n_units: int, single: int, joined: int) -> int:
    return 1 if n_units <= single else -(-n_units // joined)
