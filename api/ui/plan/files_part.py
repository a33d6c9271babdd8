"""Importing a plan from a file or from pasted text: looked at first, kept as a draft after."""

from html import escape
from typing import Any

from api.ui.shell.going import go
from api.ui.shell.parts import do, notice, refill
from api.ui.shell.visible import visible
from api.ui.shell.visitor import Visitor
from api.verbs import plan_files
from api.verbs.acting import Acting
from api.verbs.plan_files import ImportTrial

from .trial_view import render_trial

READ = """<label class="so-file"><span>%s</span><input type="file" id="so-plan-file" accept=".yaml,.yml,.json"
onchange="this.files[0] && this.files[0].text().then((text) => emitEvent('so_plan_file', text.slice(0, 900000)))">
</label>"""
"""A plain file field: its text goes to the server as an event of this page."""


def show_import(visitor: Visitor, against: str = "") -> None:
    """Show the import; with a plan to compare with it also says what differs from it."""
    Importing(visitor, against).build()


class Importing:
    """A file field, a field for pasted text, and what they would bring."""

    def __init__(self, visitor: Visitor, against: str) -> None:
        """Begin with nothing read."""
        self._visitor, self._against, self._text = visitor, against, ""

    def build(self) -> None:
        """Make the fields and the place of their answer."""
        from nicegui import ui

        words = self._visitor.words
        with ui.element("section").classes("so-section so-panel").props('aria-labelledby="so-import"'):
            title, about = words("plan_page", "import"), words("plan_page", "import_about")
            ui.html(f'<h3 id="so-import">{title}</h3><p class="so-soft">{about}</p>', sanitize=False)
            ui.html(READ % escape(words("plan_page", "file")), sanitize=False)
            pasted = ui.textarea(words("plan_page", "paste")).props("outlined dense maxlength=900000 rows=4")
            pasted.classes("so-paste")
            with ui.element("div").classes("so-buttons"):
                check = ui.button(
                    words("plan_page", "check_file"), on_click=lambda: self._look(str(pasted.value or ""))
                )
                check.props("outline no-caps color=primary")
            self._answer = ui.element("div").props("aria-live=polite").classes("so-section")
        ui.on("so_plan_file", lambda event: self._look(str(event.args)))

    async def _look(self, text: str) -> None:
        self._text = text
        await refill(self._visitor, self._answer, self._read, self._draw)

    def _read(self, acting: Acting) -> ImportTrial:
        return plan_files.try_import(acting, self._text, self._against, self._visitor.words.language)

    def _draw(self, found: ImportTrial) -> None:
        from nicegui import ui

        words = self._visitor.words
        ui.html(f"<p><b>{visible(found.title)}</b> <code>{found.plan_id[:12]}</code></p>", sanitize=False)
        if found.is_known:
            link = f'<a href="/ui/plans/{found.plan_id}">{escape(words("plan_page", "open_it"))}</a>'
            ui.html(notice(f"{escape(words('plan_page', 'known_already'))} {link}"), sanitize=False)
            return
        if found.reasons or self._against:
            ui.html(render_trial(found.differences, found.reasons, words), sanitize=False)
        if not found.reasons:
            keep = ui.button(words("plan_page", "keep"), on_click=self._keep)
            keep.props("unelevated no-caps color=primary")

    async def _keep(self) -> Any:
        kept = await do(self._visitor, lambda acting: plan_files.keep_import(acting, self._text), "")
        if kept is not None:
            go(f"/ui/plans/{kept}")
