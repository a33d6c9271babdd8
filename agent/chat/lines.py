"""What a thread has shown, line by line, so that it can be opened again."""

from typing import Any, Literal

from memory.domain.base import Frozen
from memory.domain.outcome import Blocked

from .events import ChatEvent, PlanChanged, PlanRefused, Said, ToolUsed

LineKind = Literal["you", "assistant", "tool", "refused", "changes"]
MAX_LINES = 200
MAX_DETAIL_CHARS = 3_000
"""A tool's answer that is longer is kept as its beginning; the session holds it whole."""


class ChatLine(Frozen):
    """One shown line."""

    kind: LineKind
    """Who says it, or what it is."""
    text: str
    """What it says; of a tool, its name; personal data is replaced."""
    items: tuple[str, ...] = ()
    """Reasons of a refusal in English, changes in the plan."""
    reasons: tuple[Blocked, ...] = ()
    """The reasons of a refusal themselves, for whoever reads in another language; empty in older chats."""
    asked: str = ""
    """What a tool was asked, as JSON."""
    answered: str = ""
    """What it answered, as JSON."""
    is_refused: bool = False
    """Whether a tool answered with reasons instead of figures."""


def line_of(event: ChatEvent) -> ChatLine | None:
    """Give the line that an event shows; none where it shows nothing in the conversation."""
    if isinstance(event, Said):
        return ChatLine(kind="assistant", text=event.text)
    if isinstance(event, ToolUsed):
        asked, answered = _shown(event.arguments), _shown(event.result)
        return ChatLine(kind="tool", text=event.tool, asked=asked, answered=answered, is_refused=event.is_refused)
    if isinstance(event, PlanRefused):
        reasons = tuple(f"{one.rule.replace('_', ' ')}: {one.message}" for one in event.reasons)
        return ChatLine(kind="refused", text="", items=reasons, reasons=event.reasons)
    if isinstance(event, PlanChanged):
        return ChatLine(kind="changes", text=str(len(event.words)), items=event.words)
    return None


def _shown(value: dict[str, Any]) -> str:
    import json

    text = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True)
    return text if len(text) <= MAX_DETAIL_CHARS else f"{text[:MAX_DETAIL_CHARS]}\n…"
