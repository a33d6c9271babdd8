"""The content library in a plan: which item a step speaks of, and where a message may carry it (S1-38)."""

from memory.domain.content import ContentItem
from memory.domain.market import Channel
from memory.domain.message import MessageKind
from memory.domain.outcome import Blocked

from .catalogue import StepTemplate
from .context import PlanContext

CONTENT: MessageKind = "library_content"
"""The kind of message that speaks of an item."""


def content_of(name: str | None, context: PlanContext) -> ContentItem | None:
    """Give the item of that name; none where the step names none, or nobody knows it."""
    return next((item for item in context.content if item.id == name), None) if name else None


def carries(item: ContentItem, channel: Channel) -> bool:
    """Say whether a channel may carry an item: an app-only one goes by push alone, and no page shows any."""
    return channel == "push" or (channel != "onpage" and not item.is_app_only)


def misnamed(template: StepTemplate, name: str | None, context: PlanContext, path: str) -> Blocked | None:
    """Give why a step may not speak of this item, or nothing: it exists, and only `library_content` steps name one."""
    if (template.kind == CONTENT) == (name is not None) and (name is None or content_of(name, context) is not None):
        return None
    known = ", ".join(item.id for item in context.content) or "none yet"
    if template.kind != CONTENT:
        message = f"{template.id} speaks of no content item; only library_content steps name one."
    elif name is None:
        message = f"{template.id} names no content item; add one of the library: {known}."
    else:
        message = f"There is no content item {name!r} in use; name one of: {known}."
    return Blocked(rule="known", code="unknown_content", message=message, path=path, limit=known, actual=name or "")
