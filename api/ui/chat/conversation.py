"""The chat's side of the workspace: what is said appears as it comes, tool calls as cards that open."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from typing import TYPE_CHECKING, Any

from agent.chat.lines import ChatLine, line_of
from api.ui.shell.parts import bookmark
from api.ui.shell.refusals import error_text
from api.ui.shell.visitor import THREAD, Visitor
from api.verbs import chat
from api.verbs.acting import Acting
from memory.domain.errors import NotFound, SecondOrderError

from .lines_view import render_line

if TYPE_CHECKING:
    from agent.chat.events import ChatEvent

Heard = Callable[["ChatEvent"], None]
Begin = Callable[[Acting, str, Callable[[], bool], Callable[["ChatEvent"], None]], Iterator["ChatEvent"]]
"""Begins a turn: who, in which thread, whether it was stopped, who hears of tools at once."""
END = object()
MAX_TEXT = 4_000


class Conversation:
    """Log, ideas and the line to write in."""

    def __init__(self, visitor: Visitor, heard: Heard) -> None:
        """Build the elements in the present slot; `heard` gets every event."""
        self._visitor, self._heard = visitor, heard
        self._stopped = threading.Event()
        self._is_busy = False
        self._build()

    def _build(self) -> None:
        from nicegui import ui

        words = self._visitor.words
        self._log = ui.element("div").classes("so-log").props("role=log aria-live=polite tabindex=0")
        self._log.props(f'aria-label="{words("chat")}"')
        now = self._now()
        with self._log:
            ui.label(words("welcome")).classes("so-say they")
            if not chat.has_llm(self._visitor.acting()):
                ui.label(words("without_llm")).classes("so-hint")
            for line in now.lines if now else ():
                ui.html(render_line(line, words), sanitize=False).classes("so-line")
        self._ideas = ui.element("div").classes("so-examples").props(f'aria-label="{words("chat_more", "ideas")}"')
        self._ideas.props("role=group")
        if now:
            self._scroll()
        self._suggest(now.suggestions if now else chat.first_ideas(self._visitor.acting(), self._visitor.language))
        with ui.element("div").classes("so-form"):
            self._field = ui.textarea(words("ask")).props(f"outlined autogrow dense rows=1 maxlength={MAX_TEXT}")
            self._field.classes("so-ask").props(f'aria-label="{words("ask")}"')
            self._field.on("keydown", self._send, js_handler=ENTER_SENDS)
            self._button = ui.button(words("send"), on_click=self._send).props("unelevated no-caps color=primary")
            stop = ui.button(words("chat_more", "stop"), on_click=self._stop)
            self._stop_button = stop.props("outline no-caps color=negative")
            self._stop_button.set_visibility(False)

    def _now(self) -> chat.ChatNow | None:
        """Give the browser's thread as it stands; none for a new one, or one that is not there any more."""
        thread = str(self._visitor.kept.get(THREAD, ""))
        if not thread:
            return None
        try:
            return chat.show(self._visitor.acting(), thread, self._visitor.language)
        except NotFound:
            self._visitor.kept.pop(THREAD, None)
            return None

    async def say(self, text: str) -> None:
        """Take one turn."""
        text = text.strip()[:MAX_TEXT]
        if text:
            await self.take(text, lambda acting, thread, is_stopped, heard: chat.turn(
                acting, thread, text, is_stopped=is_stopped, tool_heard=heard
            ))  # fmt: skip

    async def take(self, shown: str, begin: Begin) -> None:
        """Take a turn that `begin` starts; `shown` stands for it in the conversation."""
        if self._is_busy:
            return
        self._set_busy(True)
        busy = None
        try:
            thread = await self._thread()
            self._add(ChatLine(kind="you", text=shown))
            busy = self._busy()
            await self._turn(thread, begin)
        except SecondOrderError as error:
            self._add(ChatLine(kind="refused", text=error_text(error, self._visitor.words)))
        finally:
            if busy is not None and not busy.is_deleted:
                busy.delete()
            self._set_busy(False)
            self._scroll()

    def _set_busy(self, is_busy: bool) -> None:
        self._is_busy = is_busy
        self._stopped.clear()
        self._ideas.set_visibility(not is_busy)
        self._button.set_visibility(not is_busy)
        self._stop_button.set_visibility(is_busy)

    def _stop(self) -> None:
        self._stopped.set()

    async def _thread(self) -> str:
        """Give the browser's thread; make one where there is none."""
        kept = self._visitor.kept
        thread = str(kept.get(THREAD, "")) or await asyncio.to_thread(chat.open_chat, self._visitor.acting())
        kept[THREAD] = thread
        bookmark(f"/ui/chat?chat={thread}")
        return thread

    async def _turn(self, thread: str, begin: Begin) -> None:
        loop, queue = asyncio.get_running_loop(), asyncio.Queue[Any]()
        acting, language = self._visitor.acting(), self._visitor.language

        def pass_on(heard: Any) -> None:
            loop.call_soon_threadsafe(queue.put_nowait, heard)

        def listen() -> None:
            try:
                for event in begin(acting, thread, self._stopped.is_set, pass_on):
                    pass_on(event)
                pass_on(chat.show(acting, thread, language).suggestions)
                pass_on(END)
            except Exception as error:
                pass_on(error)

        listening = asyncio.create_task(asyncio.to_thread(listen))
        while (heard := await queue.get()) is not END:
            if isinstance(heard, Exception):
                raise heard
            if isinstance(heard, tuple):
                self._suggest(heard)
            else:
                self._show(heard)
        await listening

    def _show(self, event: "ChatEvent") -> None:
        if (line := line_of(event)) is not None:
            self._add(line)
        self._heard(event)
        self._scroll()

    def _add(self, line: ChatLine) -> None:
        from nicegui import ui

        with self._log:
            ui.html(render_line(line, self._visitor.words), sanitize=False).classes("so-line")
        self._scroll()

    def _suggest(self, ideas: tuple[str, ...]) -> None:
        from nicegui import ui

        self._ideas.clear()
        with self._ideas:
            for idea in ideas:
                ui.button(idea, on_click=self._sayer(idea)).props("outline no-caps dense color=primary size=sm")

    def _busy(self) -> Any:
        from nicegui import ui

        with self._log:
            return ui.label(self._visitor.words("working")).classes("so-busy").props("role=status")

    def _scroll(self) -> None:
        from nicegui import ui

        ui.run_javascript(f"const log = getHtmlElement({self._log.id}); if (log) log.scrollTop = log.scrollHeight")

    async def _send(self) -> None:
        text, self._field.value = self._field.value or "", ""
        await self.say(text)

    def _sayer(self, text: str) -> Callable[[], Awaitable[None]]:
        async def say() -> None:
            await self.say(text)

        return say


ENTER_SENDS = """(event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); emit(); }
}"""
"""Enter sends unless an input method is composing; Shift and Enter breaks the line."""
