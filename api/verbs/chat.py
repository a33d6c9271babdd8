"""Chat: open a thread, take a turn, hear what comes back piece by piece."""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from .acting import Acting

if TYPE_CHECKING:
    from agent.chat.chat import Chat
    from agent.chat.events import ChatEvent


def open_chat(acting: Acting) -> str:
    """Make a thread and give its id."""
    acting.require("plan")
    return _chat(acting).open(acting.principal, acting.shop_id)


def turn(acting: Acting, chat_id: str, text: str) -> "Iterator[ChatEvent]":
    """Give the events of one turn in a thread of the principal's own; raises `NotFound` before the first event."""
    acting.require("plan")
    with acting.app.store.read() as uow:
        thread = uow.chats.get(chat_id)
    acting.own("chat", chat_id, thread.shop_id)
    return _chat(acting).turn(chat_id, acting.principal, text)


def has_llm(acting: Acting) -> bool:
    """Say whether a language model answers, or rules."""
    return acting.app.settings.has_llm


def _chat(acting: Acting) -> "Chat":
    from agent.chat.chat import Chat
    from agent.llm.endpoint import endpoint_of, limits_of, tools_of

    from .notes import recalled

    app = acting.app
    return Chat(
        store=app.store,
        lake=app.lake,
        clock=app.clock,
        key=app.key,
        endpoint=endpoint_of(app.settings),
        limits=limits_of(app.settings),
        tools=tools_of(app.settings),
        recall=partial(recalled, acting),
        contexts=app.contexts,
    )
