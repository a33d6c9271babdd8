"""Refusals in the reader's language: errors of verbs and reasons of guardrails.

An error's sentence is a word of the catalogue with the error's own holes; what fills them is put into words where it is
known (kinds, permissions, states, and the sentences that our own code gives), else it stands as it is. English that
stays within another language is marked as English, so that a screen reader says it so.
"""

import re
from collections.abc import Callable, Mapping
from html import escape

from agent.planning.reasons import reason_in_words
from memory.domain.errors import SecondOrderError
from memory.domain.outcome import Blocked

from .visible import visible
from .words import Words

SUBJECT = re.compile(r"^([a-z]+) ([0-9a-f]{6,64})$")
"""A kind and the id of one, such as `plan 0123456789ab`."""
STATUS = re.compile(r"^it is ([a-z_]+)$")
Show = Callable[[str], str]


def slug(text: str) -> str:
    """Give the end of a sentence's path in the catalogue."""
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")


def reason_html(reason: Blocked, words: Words) -> str:
    """Give a guardrail's reason as HTML; one that nobody worded in English, after a sentence that says so."""
    said = reason_in_words(reason, words.language)
    return visible(said) if said is not None else f"{escape(words('refusals', 'held'))} {_english(reason.message)}"


def reason_text(reason: Blocked, words: Words) -> str:
    """Give a guardrail's reason as plain text."""
    said = reason_in_words(reason, words.language)
    return said if said is not None else f"{words('refusals', 'held')} {reason.message}"


def error_html(error: SecondOrderError, words: Words) -> str:
    """Give an error as HTML: what happened, why, and what helps."""
    return _error(error, words, visible, _english if words.language != "en" else visible)


def error_text(error: SecondOrderError, words: Words) -> str:
    """Give an error as plain text, for a message that passes."""
    return _error(error, words, str, str)


def _error(error: SecondOrderError, words: Words, show: Show, english: Show) -> str:
    if words.language == "en":
        return show(str(error))
    found = words.found("refusals", "errors", error.code)
    if found is None:
        return f"{show(words('refusals', 'other'))} {english(str(error))}"
    filled = {name: _detail(name, str(value), words, show, english) for name, value in error.details.items()}
    return show(found).format_map(filled)


def _detail(name: str, value: str, words: Words, show: Show, english: Show) -> str:
    """Give what fills a hole: in words where they are known, marked as English where it is a sentence."""
    known = _known(name, value, words)
    if known is not None:
        return show(known)
    return english(value) if " " in value and value.isascii() else show(value)


def _known(name: str, value: str, words: Words) -> str | None:
    place: Mapping[str, tuple[str, ...]] = {
        "permission": ("permissions",), "status": ("status",), "kind": ("refusals", "kinds"),
    }  # fmt: skip
    if name in place:
        return words.found(*place[name], slug(value))
    if subject := SUBJECT.match(value):
        kind = words.found("refusals", "kinds", subject[1])
        return None if kind is None else f"{kind} {subject[2]}"
    if (status := STATUS.match(value)) and (state := words.found("status", status[1])) is not None:
        return words("refusals", "is_status").format(status=state)
    return words.found("refusals", "said", slug(value))


def _english(text: str) -> str:
    return f'<span lang="en">{visible(text)}</span>'
