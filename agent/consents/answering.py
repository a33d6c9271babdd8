"""The plain answer to "why did I get this?" in the customer's language: which message, by which consent, how to stop.

It names facts and no reasons that nobody can check: what was sent and when, the statement it rests on with its source,
and that it can be stopped. It holds no address.
"""

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from memory.domain.base import Frozen
from memory.domain.errors import InvalidInput
from memory.domain.market import Shop
from memory.store.message_history import PastMessage

from .proof import ChannelProof

TEXTS = Path(__file__).with_name("answers.yaml")
FALLBACK = "en"
LEFT = ("sent", "unknown", "claimed")


class Answer(Frozen):
    """What support can send."""

    language: str
    """The language it is in."""
    is_theirs: bool
    """Whether that is the language the person's messages are in."""
    text: str
    """The answer, without a greeting by name."""


def languages() -> tuple[str, ...]:
    """Give the languages an answer can be written in."""
    return tuple(_texts())


def answer(
    shop: Shop, theirs: str, messages: tuple[PastMessage, ...], channels: tuple[ChannelProof, ...], wanted: str = ""
) -> Answer:
    """Write the answer about the newest message that left, in `wanted`, else in the person's language, else English.

    `messages` are newest first. Raise `InvalidInput` for a language there are no texts in.
    """
    known = _texts()
    if wanted and wanted not in known:
        remedy = f"Choose one of {', '.join(known)}"
        raise InvalidInput(what=f"language {wanted!r}", why="there is no answer in it", remedy=remedy)
    language = wanted or (theirs if theirs in known else FALLBACK)
    words = known[language]
    last = next((one for one in messages if one.state in LEFT), None)
    lines = [words["thanks"].format(shop=shop.name)]
    if last is None:
        lines.append(words["nothing"].format(shop=shop.name))
    else:
        at = _day(last.finished_at or last.due_at, shop.zone, language)
        channel = words["channels"].get(last.channel, last.channel)
        lines.append(words["sent"].format(shop=shop.name, day=at, channel=channel))
        lines.append(words["classes"].get(last.message_class, words["classes"]["service"]))
        if last.message_class != "transactional":
            lines.append(_basis(channels, last.channel, words, shop, language))
    lines.append(words["stop"])
    return Answer(language=language, is_theirs=language == theirs, text="\n\n".join(lines))


def _basis(channels: tuple[ChannelProof, ...], channel: str, words: dict[str, Any], shop: Shop, language: str) -> str:
    """Say what the message rests on: the statement, its day, how it was made and which source says so."""
    found = next((one for one in channels if one.channel == channel), None)
    rests = found.rests_on if found else None
    if found is None or rests is None:
        return str(words["basis"]["none"])
    if rests.status != "granted":
        name = "revoked"
    elif rests.at is None:
        name = "undated"
    else:
        name = {"double_opt_in": "confirmed", "existing_customer": "customer"}.get(rests.method, "granted")
    day = "" if rests.at is None else _day(rests.at, shop.zone, language)
    how = words["methods"].get(rests.method, words["methods"]["unknown"])
    said = words["basis"][name].format(day=day, channel=words["channels"].get(channel, channel), how=how)
    return f"{said} {words['source'].format(source=rests.source)}" if rests.source else str(said)


def _day(at: datetime, zone: str, language: str) -> str:
    from babel.dates import format_date

    return format_date(at.astimezone(ZoneInfo(zone)).date(), format="long", locale=language)


def _texts() -> dict[str, dict[str, Any]]:
    import yaml

    found: dict[str, dict[str, Any]] = yaml.safe_load(TEXTS.read_text(encoding="utf-8"))
    return found
