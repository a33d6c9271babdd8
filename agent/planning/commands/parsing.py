"""Reading a command: phrases one by one; what nobody understands is reported, never ignored."""

import re
import unicodedata

from agent.planning.context import PlanContext
from memory.domain.base import Frozen
from memory.domain.brief import BriefChange

from .phrases import READERS

MAX_CHARS = 2000
SEPARATORS = re.compile(
    r"[;；。!！?？\n，、]|(?<!\d),|,(?!\d)|(?<!\d)\.(?=\s|$)|\.(?=\s)"
    r"|\b(?:and|then|also|but)\b|并且|然后|同时|另外|而且"
)
DOUBLE_NEGATION = re.compile(
    r"(?:\bdon'?t|\bdo not|\bnever|\bnot|别|不要|勿)\s*"
    r"(?:remove|delete|drop|skip|stop|exclude|disable|删|去掉|停|排除|取消)"
)
"""Saying what not to take out changes nothing here; it is reported rather than misread."""
POLITE = re.compile(
    r"^(?:(?:please|pls|kindly|ok|okay|hi|hello|thanks|thank you)(?![a-z])|请|麻烦|好的|你好|谢谢)\s*[:：]?\s*", re.I
)


class ParsedCommand(Frozen):
    """What a text asks for."""

    changes: tuple[BriefChange, ...]
    """Typed changes in the order they were said."""
    unknown: tuple[str, ...]
    """Phrases nobody understood, as they were said."""


def parse(text: str, context: PlanContext) -> ParsedCommand:
    """Read a command in Chinese or English; every phrase ends among the changes or the unknown."""
    changes: list[BriefChange] = []
    unknown: list[str] = []
    for phrase in phrases(text):
        found = _read(phrase, context)
        changes.extend(change for change in found if change not in changes)
        if not found:
            unknown.append(phrase)
    return ParsedCommand(changes=tuple(changes), unknown=tuple(unknown))


def parse_command(text: str, context: PlanContext) -> tuple[BriefChange, ...]:
    """Give only the changes of a command; `parse` also tells what was not understood."""
    return parse(text, context).changes


def phrases(text: str) -> list[str]:
    """Give the phrases of a text: normalised, without courtesy, longest 2,000 characters in all."""
    plain = unicodedata.normalize("NFKC", text[:MAX_CHARS]).replace("’", "'")
    parts = (POLITE.sub("", part.strip()).strip(" .:：") for part in SEPARATORS.split(plain))
    return [part for part in parts if part]


def _read(phrase: str, context: PlanContext) -> tuple[BriefChange, ...]:
    lowered = re.sub(r"\s+", " ", phrase.lower())
    if DOUBLE_NEGATION.search(lowered):
        return ()
    for reader in READERS:
        if found := reader(lowered, context):
            return found
    return ()
