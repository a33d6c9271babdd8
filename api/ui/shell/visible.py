"""Foreign text as it is: what the eye cannot see, or what turns the reading order, is written out."""

import unicodedata
from html import escape

JOINERS = ("\u200c", "\u200d")


def visible(text: str) -> str:
    """Give HTML in which invisible, bidirectional and control characters stand as marked code points.

    Letters of every script stay as they are, and so do joiners between two visible characters that are not ASCII:
    Persian, Indic scripts and emoji need them.
    """
    return "".join(_shown(text, place) for place in range(len(text)))


def _shown(text: str, place: int) -> str:
    char = text[place]
    if char == "\n" or not is_unseen(char):
        return escape(char)
    if char in JOINERS and _joins(text, place):
        return char
    return f'<mark class="so-unseen">U+{ord(char):04X}</mark>'


def is_unseen(char: str) -> bool:
    """Say whether a character shows nothing of itself: control, format, unassigned, private, selector."""
    if unicodedata.category(char) in ("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"):
        return True
    code = ord(char)
    is_selector = 0xFE00 <= code <= 0xFE0E or 0xE0100 <= code <= 0xE01EF
    return is_selector or code in (0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0)


def _joins(text: str, place: int) -> bool:
    around = (text[place - 1 : place], text[place + 1 : place + 2])
    return all(char and not char.isascii() and (char == "\ufe0f" or not is_unseen(char)) for char in around)
