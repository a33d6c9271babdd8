"""Chat: open a thread, take a turn, hear what comes back piece by piece, open an earlier thread again."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from agent.chat.lines import ChatLine
from memory.domain.base import Frozen, Instant
from memory.domain.errors import InvalidInput, NotFound

from .acting import Acting

if TYPE_CHECKING:
    from agent.chat.chat import Chat
    from agent.chat.events import ChatEvent, ToolUsed
    from agent.chat.state import ChatLanguage
    from memory.store.chats import ChatThread

MAX_BRIEF_CHARS = 4_000
NEW_TITLE_CHARS = 60


class ListedChat(Frozen):
    """One earlier thread."""

    chat_id: str
    """Its id."""
    title: str
    """The first words that were said in it."""
    plan_id: str
    """The plan it came to; empty for none."""
    updated_at: Instant
    """When the last turn ended."""


class ChatNow(Frozen):
    """A thread as it stands."""

    lines: tuple[ChatLine, ...]
    """What was shown, oldest first."""
    plan_id: str
    """The plan that stands; empty for none."""
    suggestions: tuple[str, ...]
    """What one could say next."""


def open_chat(acting: Acting) -> str:
    """Make a thread and give its id."""
    acting.require("plan")
    return _chat(acting).open(acting.principal, acting.shop_id)


def turn(
    acting: Acting,
    chat_id: str,
    text: str,
    *,
    is_stopped: Callable[[], bool] = lambda: False,
    tool_heard: "Callable[[ToolUsed], None] | None" = None,
) -> "Iterator[ChatEvent]":
    """Give the events of one turn in a thread of the principal's own; raises `NotFound` before the first event.

    `is_stopped` and `tool_heard` are those of `Chat.turn`.
    """
    acting.require("plan")
    _own(acting, chat_id)
    return _chat(acting).turn(chat_id, acting.principal, text, is_stopped=is_stopped, tool_heard=tool_heard)


def attach(
    acting: Acting,
    chat_id: str,
    name: str,
    text: str,
    *,
    is_stopped: Callable[[], bool] = lambda: False,
    tool_heard: "Callable[[ToolUsed], None] | None" = None,
) -> "Iterator[ChatEvent]":
    """Give the events of a turn that brings a file: YAML or JSON is a brief, plain text is said as it is.

    Raise `InvalidInput` for another kind of file, one that is empty or too long, or a brief that does not hold.
    """
    from .plans import read_brief

    acting.require("plan")
    _own(acting, chat_id)
    ending = name.rpartition(".")[2].lower()
    if not text.strip() or len(text) > MAX_BRIEF_CHARS:
        why = "it is empty" if not text.strip() else f"it is longer than {MAX_BRIEF_CHARS:,} characters"
        raise InvalidInput(what=f"the file {name[:80]!r}", why=why, remedy="Attach the part that says what is wanted.")
    if ending in ("txt", "md"):
        return turn(acting, chat_id, text, is_stopped=is_stopped, tool_heard=tool_heard)
    if ending not in ("yaml", "yml", "json"):
        remedy = "Attach a brief as YAML or JSON, or wishes as plain text (.txt, .md)."
        raise InvalidInput(what=f"the file {name[:80]!r}", why="it is of another kind", remedy=remedy)
    brief = read_brief(text)
    said = f"[{name[:80]}]"
    chat = _chat(acting)
    return chat.turn(chat_id, acting.principal, said, is_stopped=is_stopped, tool_heard=tool_heard, brief=brief)


def guided(acting: Acting, chat_id: str, brief: str) -> "Iterator[ChatEvent]":
    """Give the events of a turn whose wishes come from the guided form, as a brief in JSON."""
    return attach(acting, chat_id, "form.json", brief)


def list_chats(acting: Acting, limit: int = 50) -> tuple[ListedChat, ...]:
    """Give the principal's own threads that hold a turn, last used first."""
    acting.require("read")
    with acting.app.store.read() as uow:
        found = uow.chats.of(acting.shop_id, acting.principal.id, limit)
    return tuple(one for one in map(_listed, found) if one.title)


def show(acting: Acting, chat_id: str, language: "ChatLanguage" = "en") -> ChatNow:
    """Give a thread of the principal's own as it stands; raise `NotFound` for any other."""
    from agent.chat.chat import lines_of, state_of
    from agent.chat.suggest import suggestions

    acting.require("read")
    thread = _own(acting, chat_id)
    state, home = state_of(thread), acting.shop().home_market
    ideas = suggestions(state, language, home) if acting.principal.may("plan", acting.shop_id) else ()
    return ChatNow(lines=lines_of(thread), plan_id=state.plan.id if state.plan else "", suggestions=ideas)


def first_ideas(acting: Acting, language: "ChatLanguage" = "en") -> tuple[str, ...]:
    """Give what one could say in a thread that is not begun."""
    from agent.chat.state import ChatState
    from agent.chat.suggest import suggestions

    acting.require("read")
    return suggestions(ChatState(), language, acting.shop().home_market)


def has_llm(acting: Acting) -> bool:
    """Say whether a language model answers, or rules."""
    return acting.app.settings.has_llm


def _own(acting: Acting, chat_id: str) -> "ChatThread":
    with acting.app.store.read() as uow:
        thread = uow.chats.get(chat_id)
    acting.own("chat", chat_id, thread.shop_id)
    if thread.principal != acting.principal.id:
        raise NotFound(kind="chat", id=chat_id)
    return thread


def _listed(thread: "ChatThread") -> ListedChat:
    from agent.chat.chat import lines_of

    said = next((line.text for line in lines_of(thread) if line.kind == "you"), "")
    plan = thread.state.get("plan") or {}
    return ListedChat(
        chat_id=thread.id,
        title=said[:NEW_TITLE_CHARS],
        plan_id=str(plan.get("id", "")),
        updated_at=thread.updated_at,
    )


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
