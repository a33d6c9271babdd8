"""Untrusted text (product titles, category names, notes) on its way to a language model: short, plain, data only."""

import re
import unicodedata

_ADDRESS = re.compile(r"\S+@\S+|\b(?:https?://|www\.)\S+|\+?\d[\d ()/.-]{6,}\d", re.I)
_MARKS = re.compile(r"[<>{}\[\]`|\\\"*#=~^$]+")


def clean(text: str, limit: int = 48) -> str:
    """Give `text` on one line without control marks, markup, addresses and numbers people are reached at, shortened.

    What it says cannot be made harmless; that it can do nothing is the toolbox's work. Cleaning keeps it from
    looking like anything but a name, and from filling the context.
    """
    plain = unicodedata.normalize("NFKC", text)
    plain = "".join(char if unicodedata.category(char)[0] != "C" else " " for char in plain)
    plain = _MARKS.sub(" ", _ADDRESS.sub(" ", plain))
    short = " ".join(plain.split())
    return short if len(short) <= limit else short[: limit - 1].rstrip() + "…"
