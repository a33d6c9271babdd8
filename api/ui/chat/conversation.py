"""The chat's side of the workspace: what is said appears as it comes, tool calls as quiet cards."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from api.ui.shell.visitor import THREAD, Visitor
from api.verbs import chat
from memory.domain.errors import SecondOrderError

if TYPE_CHECKING:
    from agent.chat.events import ChatEvent

Heard = Callable[["ChatEvent"], None]
Line = tuple[str, str]
"""Style and text of one shown line."""
MAX_LINES, MAX_THREADS = 200, 500
END = object()
MAX_TEXT = 4_000


class Conversation:
    """Log, examples and the line to write in."""

    def __init__(self, visitor: Visitor, heard: Heard, logs: dict[str, list[Line]]) -> None:
        """Build the elements in the present slot; `heard` gets every event.

        `logs` keeps what was shown per thread in memory only, so that a reload shows it again.
        """
        from nicegui import ui

        self._visitor, self._heard, self._logs = visitor, heard, logs
        words = visitor.words
        self._log = ui.element("div").classes("so-log").props("role=log aria-live=polite tabindex=0")
        self._log.props(f'aria-label="{words("chat")}"')
        with self._log:
            ui.label(words("welcome")).classes("so-say they")
            if not visitor.app.settings.has_llm:
                ui.label(words("without_llm")).classes("so-tool")
            for style, text in self._logs.get(str(visitor.kept.get(THREAD, "")), ()):
                ui.label(text).classes(style)
        self._examples = ui.element("div").classes("so-examples")
        with self._examples:
            for example in words.some("examples"):
                ui.button(example, on_click=self._sayer(example)).props("outline no-caps dense color=primary size=sm")
        with ui.element("div").classes("so-form"):
            self._field = ui.textarea(words("ask")).props("outlined autogrow dense rows=1 maxlength=4000")
            self._field.classes("so-ask").props(f'aria-label="{words("ask")}"')
            self._field.on("keydown", self._send, js_handler=ENTER_SENDS)
            self._button = ui.button(words("send"), on_click=self._send).props("unelevated no-caps color=primary")

    async def say(self, text: str) -> None:
        """Take one turn."""
        text = text.strip()[:MAX_TEXT]
        if not text:
            return
        self._examples.set_visibility(False)
        self._button.disable()
        busy = None
        try:
            thread = await self._thread()
            self._add("so-say you", text)
            busy = self._busy()
            await self._turn(thread, text)
        except SecondOrderError as error:
            self._add("so-say they wrong", str(error))
        finally:
            if busy is not None:
                busy.delete()
            self._button.enable()
            self._scroll()

    async def _thread(self) -> str:
        """Give the browser's thread; make one where there is none."""
        kept = self._visitor.kept
        thread = str(kept.get(THREAD, "")) or await asyncio.to_thread(chat.open_chat, self._visitor.acting())
        kept[THREAD] = thread
        if len(self._logs) >= MAX_THREADS:
            self._logs.pop(next(iter(self._logs)))
        return thread

    async def _turn(self, thread: str, text: str) -> None:
        loop, queue = asyncio.get_running_loop(), asyncio.Queue[Any]()
        acting = self._visitor.acting()

        def listen() -> None:
            try:
                for event in chat.turn(acting, thread, text):
                    loop.call_soon_threadsafe(queue.put_nowait, event)
                loop.call_soon_threadsafe(queue.put_nowait, END)
            except Exception as error:
                loop.call_soon_threadsafe(queue.put_nowait, error)

        listening = asyncio.create_task(asyncio.to_thread(listen))
        while (heard := await queue.get()) is not END:
            if isinstance(heard, Exception):
                raise heard
            self._show(heard)
        await listening

    def _show(self, event: "ChatEvent") -> None:
        words = self._visitor.words
        if event.kind == "text":
            self._add("so-say they", event.text)
        elif event.kind == "tool":
            refused = f" · {words('refused')}" if event.is_refused else ""
            self._tool(f"{words('looked_at')} {event.tool.replace('_', ' ')}{refused}")
        elif event.kind == "refused":
            self._add(
                "so-say they wrong", "\n".join(f"{one.rule.replace('_', ' ')}: {one.message}" for one in event.reasons)
            )
        elif event.kind == "diff":
            n = len(event.words)
            self._tool(words("n_changes").format(n=n) if n else words("no_changes"))
        self._heard(event)
        self._scroll()

    def _add(self, style: str, text: str) -> None:
        from nicegui import ui

        with self._log:
            ui.label(text).classes(style)
        lines = self._logs.setdefault(str(self._visitor.kept.get(THREAD, "")), [])
        lines.append((style, text))
        del lines[:-MAX_LINES]
        self._scroll()

    def _tool(self, text: str) -> None:
        self._add("so-tool", text)

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
