"""Content: what the library says of bought things, and the words of messages, with the languages that have them."""

from typing import TYPE_CHECKING

from memory.domain.base import Frozen
from memory.domain.errors import NotFound
from memory.domain.market import Language
from memory.domain.message import MessageKind
from tools.copywriting.content import ContentEntry

from .acting import Acting

if TYPE_CHECKING:
    from tools.copywriting.templates import Template


class ListedType(Frozen):
    """Entries of one type."""

    type: str
    """Its name, such as care."""
    said_by: tuple[MessageKind, ...]
    """Kinds of message that say one of them."""
    entries: tuple[ContentEntry, ...]
    """The entries, in the order they are tried."""


class ContentLibrary(Frozen):
    """The content library as it stands."""

    languages: tuple[Language, ...]
    """Languages in which an entry or a message has words, sorted."""
    types: tuple[ListedType, ...]
    """Entries by type."""


class ListedMessage(Frozen):
    """A message template and where it has words."""

    name: str
    """Its name."""
    n_subjects: int
    """Subject lines in each of its languages."""
    languages: tuple[Language, ...]
    """Languages it can be sent in."""


class MessageTemplates(Frozen):
    """Every message template."""

    languages: tuple[Language, ...]
    """Languages in which an entry or a message has words, sorted."""
    messages: tuple[ListedMessage, ...]
    """The templates by name."""


def library(acting: Acting) -> ContentLibrary:
    """Give the content library: every entry with its words in each language that has them."""
    from tools.copywriting.content import CONTENT_OF

    acting.require("read")
    types = tuple(
        ListedType(type=one, said_by=tuple(kind for kind, of in CONTENT_OF.items() if of == one), entries=found)
        for one, found in _entries().items()
    )
    return ContentLibrary(languages=_languages(), types=types)


def messages(acting: Acting) -> MessageTemplates:
    """Give every message template with the languages it can be sent in."""
    from tools.copywriting.templates import languages_of, n_subjects, template_names

    acting.require("read")
    listed = tuple(
        ListedMessage(name=name, n_subjects=n_subjects(name), languages=languages_of(name)) for name in template_names()
    )
    return MessageTemplates(languages=_languages(), messages=listed)


def message(acting: Acting, name: str, language: Language) -> "Template | None":
    """Give the words of a template, tokens unfilled; none where nobody wrote them. Raise `NotFound` for the name."""
    from tools.copywriting.templates import load_template, template_names

    acting.require("read")
    if name not in template_names():
        raise NotFound(kind="message template", id=name)
    return load_template(name, language)


def _entries() -> dict[str, tuple[ContentEntry, ...]]:
    from typing import get_args

    from tools.copywriting.content import ContentType, entries

    return {one: entries(one) for one in get_args(ContentType)}


def _languages() -> tuple[Language, ...]:
    from tools.copywriting.templates import languages_of, template_names

    told = {language for found in _entries().values() for entry in found for language in entry.text}
    return tuple(sorted(told.union(*(languages_of(name) for name in template_names()))))
