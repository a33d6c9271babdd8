"""The support page: find a person, see why they got a message, stop everything. It shows no address."""

import asyncio
from html import escape
from typing import Any

from agent.assembly import App
from api.ui.shell.frame import add_page, header, tell
from api.ui.shell.visible import visible
from api.ui.shell.visitor import Visitor
from api.ui.shell.words import Words
from api.verbs import support
from memory.domain.errors import SecondOrderError


def register(app: App) -> None:
    """Add the page."""
    add_page(app, "/support", "contact", lambda visitor: Page(visitor).build())


class Page:
    """The elements of one open page."""

    def __init__(self, visitor: Visitor) -> None:
        """Begin with nobody."""
        self._visitor = visitor

    def build(self) -> None:
        """Make the page."""
        from nicegui import ui

        words = self._visitor.words
        header(self._visitor, "support")
        with ui.element("div").classes("so-page so-single"):
            ui.html(f"<h2>{words('find_person')}</h2>", sanitize=False)
            with ui.element("div").classes("so-find"):
                self._field = ui.input(words("exact_address")).props("outlined dense maxlength=320 autocomplete=off")
                self._field.on("keydown.enter", self._find)
                ui.button(words("find"), on_click=self._find).props("unelevated no-caps color=primary")
            self._panel = ui.element("section").classes("so-plan").props("aria-live=polite")

    async def _find(self) -> None:
        from nicegui import ui

        words = self._visitor.words
        try:
            people = await asyncio.to_thread(support.find, self._visitor.acting(), str(self._field.value or ""))
        except SecondOrderError as error:
            tell(self._panel, str(error))
            return
        self._field.set_value("")
        self._panel.clear()
        with self._panel:
            if not people:
                ui.label(words("nobody")).classes("so-soft")
        for person in people:
            await self._show(person)

    async def _show(self, person: support.FoundPerson) -> None:
        from nicegui import ui

        words = self._visitor.words
        messages = await asyncio.to_thread(support.why, self._visitor.acting(), person.person_id)
        with self._panel:
            ui.html(render_person(person, messages, words), sanitize=False)
            note = ui.input(words("said")).props("outlined dense maxlength=500")
            ui.button(words("stop_all"), on_click=self._stopper(person.person_id, note)).props(
                "unelevated no-caps color=negative"
            )

    def _stopper(self, person_id: str, note: Any) -> Any:
        async def stop() -> None:
            try:
                await asyncio.to_thread(support.stop_all, self._visitor.acting(), person_id, str(note.value or ""))
            except SecondOrderError as error:
                tell(self._panel, str(error))
                return
            tell(self._panel, self._visitor.words("stopped_all"))

        return stop


def render_person(person: support.FoundPerson, messages: tuple[support.WhyMessage, ...], words: Words) -> str:
    """Give a person by pseudonym with what they were sent and why."""
    channels = ", ".join(
        f"{words('channels', one.channel)} {words('closed' if one.is_suppressed or not one.is_consented else 'open')}"
        for one in person.channels
    )
    head = f"<h3><code>{escape(person.person_id)}</code></h3><p class='so-soft'>{escape(channels)}</p>"
    if not messages:
        return f"{head}<p>{words('no_messages')}</p>"
    heads = "".join(f"<th>{words(name)}</th>" for name in ("due", "message", "became", "because", "approval"))
    rows = "".join(_row(one, words) for one in messages)
    return f'{head}<div class="so-scroll"><table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>'


def _row(one: support.WhyMessage, words: Words) -> str:
    message = one.message
    cells = (
        f"<time>{message.due_at:%Y-%m-%d %H:%M}</time>",
        f"{words('channels', message.channel)} · {escape(message.message_kind)}<br>"
        f"<code>{escape(message.template)}</code>",
        escape(" ".join(filter(None, (message.state, message.reason)))),
        f"{visible(one.why)}<br>{words('chosen')}: {escape(one.chosen_reason or '–')}",
        f"{escape(one.approved_by)}<br><code>{escape(one.approval_id[:12])}</code>",
    )
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"
