"""Plain text in a vendor's Markdown: marks of a title become letters, so that nobody puts a link or a heading in."""

import re

_MARKS = re.compile(r"[\\`*_{}\[\]()#<>|~@]")
FULL_WIDTH = {ord(char): chr(ord(char) + 0xFEE0) for char in r"\`*_{}[]()#<>|~@"}
"""Each mark as its full-width twin: it reads the same, and no dialect of Markdown takes it for a mark."""


def plain(text: str) -> str:
    """Give a line without line breaks in which no mark has a meaning."""
    return " ".join(_MARKS.sub(lambda found: found[0].translate(FULL_WIDTH), text).split())


def cut(text: str, most_bytes: int) -> str:
    """Give as much of a text as has so many bytes in UTF-8, whole characters only."""
    return text.encode()[:most_bytes].decode(errors="ignore")
