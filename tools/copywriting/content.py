"""The content library: a paragraph about the very thing that was bought, by its material or kind (S1-39, S1-40).

Material and kind are read from the words of the article's title; whoever bought what no entry stands for gets the
template's own words alone. Entries sell nothing: a mail that carries one has no offer.
"""

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Literal

import yaml

from memory.domain.base import Frozen, Slug
from memory.domain.market import Language
from memory.domain.message import MessageKind

ContentType = Literal["care", "styling"]
CONTENT_OF: dict[MessageKind, ContentType] = {"care_guide": "care", "styling_inspiration": "styling"}
"""Kinds of message that say something of the library."""


class ContentEntry(Frozen):
    """One entry of the library."""

    id: Slug
    """The material it is about, or the kind of thing."""
    type: ContentType
    """How to look after it, or how to wear and place it."""
    words: tuple[str, ...]
    """Words of a title that mean it, in any language."""
    text: dict[Language, str]
    """The paragraph per language."""


@cache
def entries(type: ContentType) -> tuple[ContentEntry, ...]:
    """Give the library's entries of a type, in the order they are tried."""
    raw = yaml.safe_load(files("prompts.content").joinpath(f"{type}.yaml").read_text("utf-8"))
    return tuple(ContentEntry(id=name, type=type, **one) for name, one in raw.items())


def entry_for(type: ContentType, titles: Iterable[str]) -> ContentEntry | None:
    """Give the entry that the first of these titles means, or none."""
    for title in titles:
        said = title.casefold()
        for entry in entries(type):
            if any(_means(said, word) for word in entry.words):
                return entry
    return None


def content_words(kind: MessageKind, language: Language, titles: Iterable[str], *, has_offer: bool) -> str:
    """Give the paragraph a message says about the bought articles; empty for other kinds and where none fits.

    A message with an offer says nothing of the library.
    """
    if has_offer or (type := CONTENT_OF.get(kind)) is None:
        return ""
    entry = entry_for(type, titles)
    return entry.text.get(language, "") if entry else ""


def _means(said: str, word: str) -> bool:
    if word.isascii() or any("a" <= char <= "z" for char in word):
        return re.search(rf"(?<!\w){re.escape(word)}(?:s|es|n)?(?!\w)", said) is not None
    return word in said
