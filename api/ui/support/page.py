"""The support page: find a person, answer in their language why they got a message, stop everything. No address."""

import asyncio
import json
from html import escape
from typing import Any

from agent.assembly import App
from api.ui.shell.frame import add_page, header, tell
from api.ui.shell.numbers import language_name
from api.ui.shell.parts import heading
from api.ui.shell.refusals import error_text
from api.ui.shell.visible import visible
from api.ui.shell.visitor import Visitor
from api.verbs import support
from memory.domain.errors import SecondOrderError

from .view import language_note, person_head, why_table


def register(app: App) -> None:
    """Add the page."""
    add_page(app, "/support", "contact", lambda visitor: Page(visitor).build())


class Page:
    """The elements of one open page."""

    def __init__(self, visitor: Visitor) -> None:
        """Begin with nobody."""
        self._visitor = visitor
        self._zone = visitor.acting().shop().zone

    def build(self) -> None:
        """Make the page."""
        from nicegui import ui

        words = self._visitor.words
        header(self._visitor, "support")
        with ui.element("div").classes("so-page so-single"):
            ui.html(heading(words("support", "title"), words("support", "lead")), sanitize=False)
            with ui.element("div").classes("so-lookup"):
                self._field = ui.input(words("support", "field")).props("outlined dense maxlength=320 autocomplete=off")
                self._field.on("keydown.enter", self._find)
                ui.button(words("find"), on_click=self._find).props("unelevated no-caps color=primary")
            self._panel = ui.element("section").props("aria-live=polite")

    async def _find(self) -> None:
        from nicegui import ui

        words = self._visitor.words
        try:
            people = await asyncio.to_thread(support.find, self._visitor.acting(), str(self._field.value or ""))
        except SecondOrderError as error:
            tell(self._panel, error_text(error, self._visitor.words))
            return
        self._field.set_value("")
        self._panel.clear()
        with self._panel:
            if not people:
                ui.label(words("support", "nobody")).classes("so-soft").props("role=status")
        for person in people:
            await self._show(person)

    async def _show(self, person: support.FoundPerson) -> None:
        """Show one person: how their channels stand, the answer, the button that stops everything, their messages."""
        from nicegui import ui

        words = self._visitor.words
        messages = await asyncio.to_thread(support.why, self._visitor.acting(), person.person_id)
        with self._panel, ui.element("article").classes("so-section"):
            ui.html(person_head(person, words), sanitize=False)
            with ui.element("div").classes("so-grid so-support"):
                with ui.element("section").classes("so-panel"):
                    await self._answer(person)
                with ui.element("section").classes("so-panel"):
                    self._stop(person.person_id)
            ui.html(why_table(messages, words, self._zone), sanitize=False)

    async def _answer(self, person: support.FoundPerson) -> None:
        """Show the answer as text to copy, in the person's language or one that is chosen."""
        from nicegui import ui

        words = self._visitor.words
        written = await asyncio.to_thread(support.answer, self._visitor.acting(), person.person_id)
        title, about = escape(words("support", "answer")), escape(words("support", "answer_about"))
        ui.html(f'<h3>{title}</h3><p class="so-soft">{about}</p>', sanitize=False)
        names = {code: language_name(code, words.language) for code in support.answer_languages()}
        chosen = ui.select(names, value=written.language, label=words("support", "language"))
        chosen.props("outlined dense options-dense")
        note = language_note(person.language, written.language, words)
        ui.html(f'<p class="so-soft">{visible(note)}</p>', sanitize=False)
        text = ui.textarea(words("support", "text"), value=written.text).props("outlined readonly autogrow")
        text.classes("so-answer")

        async def change(event: Any) -> None:
            found = await asyncio.to_thread(
                support.answer, self._visitor.acting(), person.person_id, str(event.value or "")
            )
            text.set_value(found.text)

        def copy() -> None:
            ui.run_javascript(f"navigator.clipboard.writeText({json.dumps(str(text.value))})")
            ui.notify(words("support", "copied"), color="primary")

        chosen.on_value_change(change)
        with ui.element("div").classes("so-buttons"):
            ui.button(words("support", "copy"), on_click=copy).props("outline no-caps color=primary")

    def _stop(self, person_id: str) -> None:
        from nicegui import ui

        words = self._visitor.words
        title, about = escape(words("support", "stop_title")), escape(words("support", "stop_about"))
        ui.html(f'<h3>{title}</h3><p class="so-soft">{about}</p>', sanitize=False)
        note = ui.input(words("said")).props("outlined dense maxlength=500")

        async def stop() -> None:
            try:
                await asyncio.to_thread(support.stop_all, self._visitor.acting(), person_id, str(note.value or ""))
            except SecondOrderError as error:
                tell(self._panel, error_text(error, self._visitor.words))
                return
            tell(self._panel, words("stopped_all"))

        with ui.element("div").classes("so-buttons"):
            ui.button(words("stop_all"), on_click=stop).props("unelevated no-caps color=negative")
