"""The tool `draft_copy`: the words a step would carry; templates write them, never the planner."""

from typing import Any

from memory.domain.errors import InvalidInput
from memory.domain.market import Channel, Language
from memory.domain.message import MessageKind
from memory.domain.outcome import Blocked

from .desk import Desk
from .tool import Arguments, Tool


class Wanted(Arguments):
    """Which message."""

    kind: MessageKind
    """What it says."""
    language: Language = "en"
    """In which language."""
    channel: Channel = "email"
    """For which channel."""


def run(desk: Desk, arguments: Wanted) -> dict[str, Any]:
    """Give subject and first lines for an unnamed reader; raise `InvalidInput` where there are no words."""
    from tools.copywriting.facts import CopyFacts
    from tools.copywriting.render import render
    from tools.copywriting.tone import refused_tone

    facts = CopyFacts(shop=desk.context.shop.name, url="https://shop.example.invalid")
    copy = render(arguments.kind, arguments.language, facts, arguments.channel)
    if isinstance(copy, Blocked):
        raise InvalidInput(what=f"copy for {arguments.kind}", why=copy.code, remedy="Choose another kind or language")
    if why := refused_tone(arguments.kind, arguments.language, copy.subject, copy.text):
        raise InvalidInput(what=f"copy for {arguments.kind}", why=why, remedy="Choose another kind or language")
    return {"subject": copy.subject, "text": copy.text[:600]}


TOOL = Tool("draft_copy", "Subject and text a step would carry.", Wanted, run)
