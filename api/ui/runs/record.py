"""The part of the record: who did what, by whom and by what it was, page by page, and whether it still holds."""

from html import escape
from urllib.parse import urlencode

from api.ui.shell.parts import fill, notice, refill
from api.ui.shell.visitor import Visitor
from api.verbs import audit
from api.verbs.acting import Acting
from memory.store.audit import AuditEntry

from .sends_view import render_record, render_verification

PAGE = 50


class Record:
    """The elements of the open part; `who`, `what` and `before` of the address choose the entries."""

    def __init__(self, visitor: Visitor) -> None:
        """Begin with what the address asks for."""
        from nicegui import ui

        self._visitor, asked = visitor, ui.context.client.request.query_params
        self._zone = visitor.acting().shop().zone
        self._who, self._what = asked.get("who", "")[:64], asked.get("what", "")[:64]
        before = asked.get("before", "")
        self._before = int(before) if before.isascii() and before.isdigit() and len(before) < 16 else 0

    def build(self) -> None:
        """Make the part: anybody may have the record checked, admins of every shop read it."""
        from nicegui import ui

        words = self._visitor.words

        async def check() -> None:
            button.disable()
            with answer:
                ui.label(words("reading")).classes("so-loading").props("role=status")
            await refill(self._visitor, answer, audit.verify, lambda found: _draw(render_verification(found, words)))
            button.enable()

        ui.html(f"<p>{words('runs', 'record_about')}</p>", sanitize=False)
        with ui.element("div").classes("so-buttons"):
            button = ui.button(words("runs", "check_record"), on_click=check)
            button.props("outline no-caps color=primary")
        answer = ui.element("div").props("role=status").classes("so-answer-place")
        fill(self._visitor, self._read, self._draw)

    def _read(self, acting: Acting) -> tuple[AuditEntry, ...] | None:
        if not audit.may_list(acting):
            return None
        return audit.latest(acting, self._before, PAGE + 1, self._who, self._what)

    def _draw(self, found: tuple[AuditEntry, ...] | None) -> None:
        words = self._visitor.words
        if found is None:
            _draw(notice(f"<p>{escape(words('runs', 'record_for_admins'))}</p>"))
            return
        _draw(self._form())
        _draw(render_record(found[:PAGE], words, self._zone))
        links = [(words("runs", "newest_entries"), 0)] if self._before else []
        links += [(words("runs", "older_entries"), found[PAGE - 1].seq)] if len(found) > PAGE else []
        _draw(
            " ".join(f'<a class="so-way" href="{escape(self._address(at))}">{escape(name)}</a>' for name, at in links)
        )

    def _form(self) -> str:
        """Give the fields that choose entries: a plain form, so that its state is an address."""
        words = self._visitor.words
        fields = "".join(
            f'<label>{escape(words("runs", label))}<input name="{name}" value="{escape(value)}" maxlength="64"></label>'
            for name, label, value in (("who", "of_whom", self._who), ("what", "of_what", self._what))
        )
        return (
            f'<form class="so-filter" method="get" action="/ui/runs"><input type="hidden" name="part" value="audit">'
            f"{fields}<button>{escape(words('runs', 'choose_entries'))}</button></form>"
        )

    def _address(self, before: int) -> str:
        asked = {"part": "audit", "who": self._who, "what": self._what, "before": before or ""}
        return f"/ui/runs?{urlencode({name: value for name, value in asked.items() if value})}"


def _draw(html: str) -> None:
    from nicegui import ui

    ui.html(html, sanitize=False)
