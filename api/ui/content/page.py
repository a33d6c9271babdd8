"""The page of content: the library's paragraphs, the shop's own items, and the words of messages, per language."""

from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlencode

from agent.assembly import App
from api.ui.shell.frame import add_page
from api.ui.shell.numbers import language_name
from api.ui.shell.parted import open_part, parted, put, section
from api.ui.shell.parts import fill, tabs
from api.ui.shell.visitor import Visitor
from api.verbs import content, library
from api.verbs.acting import Acting
from api.verbs.content import ContentLibrary, MessageTemplates
from memory.domain.content import KeptContent

from .items_view import no_item, render_items
from .library_view import render_library
from .messages_view import render_message, render_messages

PARTS = ("library", "items", "messages")
"""The parts of the page; the first is open where none is named."""
ADDRESS = "/ui/content"
LONGEST = 64


def register(app: App) -> None:
    """Add the page; `?part=library|items|messages`, `language` of the words, `message` for the one that is open."""
    add_page(app, "/content", "read", lambda visitor: Page(visitor).build())


class Page:
    """The elements of one open page."""

    def __init__(self, visitor: Visitor) -> None:
        """Begin with what the address names."""
        from nicegui import ui

        asked = ui.context.client.request.query_params
        self._visitor, self._part = visitor, open_part(PARTS)
        self._language, self._message = asked.get("language", "")[:LONGEST], asked.get("message", "")[:LONGEST]

    def build(self) -> None:
        """Make the page: all of it comes from files, and is read at once."""
        with parted(self._visitor, "content", PARTS, self._part, lambda one: self._address(part=one)):
            if self._part == "library":
                fill(self._visitor, content.library, self._draw_library)
            elif self._part == "items":
                fill(self._visitor, _items, lambda found: self._draw_items(*found))
            else:
                fill(self._visitor, content.messages, self._draw_messages)

    def _address(self, **named: str) -> str:
        asked = {"part": self._part, "language": self._language, **named}
        return f"{ADDRESS}?" + urlencode({name: value for name, value in asked.items() if value})

    def _open_language(self, languages: tuple[str, ...]) -> str:
        """Give the language that the address names, else the reader's, else the first."""
        wanted = (self._language, self._visitor.language, *languages)
        return next(one for one in wanted if one in languages)

    def _languages(self, languages: tuple[str, ...], **more: str) -> str:
        """Draw the choice of language; give the one that is open."""
        words, chosen = self._visitor.words, self._open_language(languages)
        links = [
            (self._address(language=one, **more), language_name(one, words.language), one == chosen)
            for one in languages
        ]
        put(tabs(words("content", "languages_label"), links))
        return chosen

    def _draw_library(self, found: ContentLibrary) -> None:
        put(render_library(found, self._languages(found.languages), self._visitor.words))

    def _draw_items(self, found: tuple[KeptContent, ...], languages: tuple[str, ...]) -> None:
        acting, words = self._visitor.acting(), self._visitor.words
        if not found:
            put(no_item(words, may_set=acting.principal.may("guardrail", acting.shop_id)))
            return
        every = tuple(sorted({*languages, *(one for kept in found for one in kept.item.words)}))
        put(render_items(found, every, self._languages(every), words))

    def _draw_messages(self, found: MessageTemplates) -> None:
        words = self._visitor.words
        put(render_messages(found, partial(self._address, part="messages"), self._message, words))
        if not self._message:
            return
        with section("words", words("content", "words_of")):
            chosen = self._languages(found.languages, message=self._message)
            read: Callable[[Acting], Any] = partial(_message, name=self._message, language=chosen)
            fill(self._visitor, read, lambda one: put(render_message(self._message, one, chosen, words)))


def _items(acting: Acting) -> tuple[tuple[KeptContent, ...], tuple[str, ...]]:
    return library.items(acting), content.library(acting).languages


def _message(acting: Acting, *, name: str, language: str) -> Any:
    return content.message(acting, name, language)
