"""What a message says of the content item its step names: the reader's language, the platform's link (S1-38)."""

from typing import Any, NamedTuple

from memory.domain.content import ContentItem
from memory.domain.market import Language
from memory.domain.plan import Plan

CONTENT = "library_content"
"""The kind of message that speaks of an item."""
NO_SPACE_AFTER: frozenset[Language] = frozenset({"zh", "ja"})
"""Languages whose colon is a full-width one."""


class Told(NamedTuple):
    """An item as one message tells it."""

    title: str
    """What it is called."""
    text: str
    """Title and text, as a mail says them."""
    link: str
    """Where it opens; what every platform opens that has no link of its own."""
    ios: str
    """What an iPhone opens instead, or nothing."""
    android: str
    """What Android opens instead, or nothing."""


def item_of(row: Any, plan: Plan) -> ContentItem | None:
    """Give the item that the message's step names, or none."""
    if row.message_kind != CONTENT:
        return None
    return next((step.content for step in plan.steps() if step.id == row.step_id), None)


def told(row: Any, plan: Plan) -> Told | str | None:
    """Give what the message says of its item, none where it has none, or why it may not.

    Reasons: `no_content` where its step names no item, `no_language`, and `app_only` where only the app opens it.
    """
    item = item_of(row, plan)
    if item is None:
        return "no_content" if row.message_kind == CONTENT else None
    words = item.words.get(row.language)
    if words is None:
        return "no_language"
    links, is_push = item.links, row.channel == "push"
    if item.is_app_only and not is_push:
        return "app_only"
    colon = "：" if row.language in NO_SPACE_AFTER else ": "
    text = f"{words.title}{colon}{words.text}"
    if not is_push:
        return Told(words.title, text, links.web or "", "", "")
    return Told(words.title, text, links.web or links.android or "", links.ios or "", links.android or "")
