"""Editing a plan by form: look at what would change, then keep it as a new draft; and plans as files."""

from html import escape

from api.ui.shell.going import go
from api.ui.shell.parts import do, notice, refill
from api.verbs import plan_edits
from api.verbs.acting import Acting
from api.verbs.plan_edits import Trial
from memory.domain.brief import Brief

from .edit_form import EditForm
from .files_part import show_import
from .opened import Opened
from .trial_view import render_trial


def show_edit(opened: Opened) -> None:
    """Show the form to who may plan; others read what was wished for."""
    from nicegui import ui

    acting, words = opened.visitor.acting(), opened.words
    if not acting.principal.may("plan", acting.shop_id):
        ui.html(notice(escape(words("plan_page", "edit_not_yours")), "warn"), sanitize=False)
        return
    Editing(opened).build()
    show_import(opened.visitor, opened.plan.id)


class Editing:
    """The form, what it would change, and the button that keeps it."""

    def __init__(self, opened: Opened) -> None:
        """Begin with the plan's own wishes."""
        self._opened = opened
        self._wanted: Brief | None = None

    def build(self) -> None:
        """Make the form and the place of its answer."""
        from nicegui import ui

        words = self._opened.words
        with ui.element("section").props('aria-labelledby="so-edit"'):
            about = words("plan_page", "edit_about")
            ui.html(f'<h3 id="so-edit">{words("plan_page", "edit")}</h3><p class="so-soft">{about}</p>', sanitize=False)
            if self._opened.plan.planner.kind == "llm":
                ui.html(notice(escape(words("plan_page", "edit_llm")), "warn"), sanitize=False)
            self._form = EditForm(self._opened.plan, words)
            self._form.build()
            with ui.element("div").classes("so-buttons"):
                look = ui.button(words("plan_page", "look"), on_click=self._look)
                look.props("unelevated no-caps color=primary id=so-look")
            self._answer = ui.element("div").props("aria-live=polite").classes("so-section")

    async def _look(self) -> None:
        await refill(self._opened.visitor, self._answer, self._read, self._draw)

    def _read(self, acting: Acting) -> Trial:
        self._wanted = plan_edits.wishes(self._opened.plan.brief, self._form.values())
        return plan_edits.try_edit(acting, self._opened.plan.id, self._wanted, self._opened.words.language)

    def _draw(self, found: Trial) -> None:
        from nicegui import ui

        words = self._opened.words
        ui.html(render_trial(found.differences, found.reasons, words), sanitize=False)
        if found.plan_id and found.differences:
            keep = ui.button(words("plan_page", "keep"), on_click=lambda: self._keep(found.plan_id))
            keep.props("unelevated no-caps color=primary id=so-keep")

    async def _keep(self, seen_id: str) -> None:
        opened, wanted = self._opened, self._wanted
        assert wanted is not None, "it was looked at"
        kept = await do(
            opened.visitor,
            lambda acting: plan_edits.keep_edit(acting, opened.plan.id, wanted, seen_id, opened.words.language),
            "",
        )
        if kept is not None:
            go(f"/ui/plans/{seen_id}?from={opened.plan.id}")
