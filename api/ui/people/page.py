"""The page: segments and cohorts with their sizes, a rule builder, and the way to one person."""

from hashlib import sha256
from typing import Any
from urllib.parse import quote

from agent.assembly import App
from api.ui.shell.frame import add_page, header
from api.ui.shell.parts import fill, heading, tabs
from api.ui.shell.visitor import Visitor
from api.verbs import cohorts, segments
from api.verbs.acting import Acting
from memory.domain.money import Currency

from .builder import Builder
from .person_page import PersonPage
from .view import cohorts_table, segments_table

VIEWS = ("segments", "build", "cohorts")


def register(app: App) -> None:
    """Add the pages: `?view=segments`, `build` (with `&segment=ID` or `&rule=JSON`), `cohorts`; one person by id."""
    add_page(app, "/people", "read", lambda visitor: Page(visitor).build())
    add_page(app, "/people/{person_id}", "read", lambda visitor, person_id: PersonPage(visitor, person_id).build())


class Page:
    """The elements of one open page."""

    def __init__(self, visitor: Visitor) -> None:
        """Begin with what the address names."""
        from nicegui import ui

        asked = ui.context.client.request.query_params
        self._visitor = visitor
        self._view = asked["view"] if asked.get("view") in VIEWS else VIEWS[0]
        self._segment, self._rule = asked.get("segment", ""), asked.get("rule", "")

    def build(self) -> None:
        """Make the page."""
        from nicegui import ui

        words = self._visitor.words
        header(self._visitor, "people")
        with ui.element("div").classes("so-page so-single"):
            with ui.element("div").classes("so-head"):
                ui.html(heading(words("pages", "people"), words("people_page", "lead")), sanitize=False)
                with ui.element("form").classes("so-lookup").on("submit.prevent", self._go):
                    self._field = ui.input(words("people_page", "pseudonym")).props(
                        "outlined dense maxlength=64 autocomplete=off"
                    )
                    ui.button(words("people_page", "open"), on_click=self._go).props("outline no-caps color=primary")
            links = [
                (f"/ui/people?view={name}", words("people_page", "views", name), name == self._view) for name in VIEWS
            ]
            ui.html(tabs(words("people_page", "parts"), links), sanitize=False)
            if self._view == "segments":
                fill(self._visitor, self._listed, self._draw_segments)
            elif self._view == "cohorts":
                fill(self._visitor, _cohorts, self._draw_cohorts)
            else:
                currency = self._visitor.acting().shop().currency
                Builder(self._visitor, currency, self._segment, self._rule).build()

    def _go(self) -> None:
        from nicegui import ui

        if wanted := str(self._field.value or "").strip():
            ui.navigate.to(f"/people/{quote(wanted, safe='')}")

    def _listed(self, acting: Acting) -> Any:
        return segments.list_segments(acting, self._visitor.words.language)

    def _draw_segments(self, listed: Any) -> None:
        """Show the list at once; sizes stand in it when they are counted."""
        from nicegui import ui

        words = self._visitor.words
        shown = ui.html(segments_table(listed, None, words), sanitize=False)

        def draw(counts: Any) -> None:
            shown.set_content(segments_table(listed, counts, words))

        rules = sha256("".join(one.segment.model_dump_json() for one in listed).encode()).hexdigest()
        fill(self._visitor, lambda acting: acting.lately("sizes", segments.sizes, rules), draw)

    def _draw_cohorts(self, found: Any) -> None:
        from nicegui import ui

        table, currency = found
        words = self._visitor.words
        ui.html(f'<p class="so-soft">{words("people_page", "cohorts_about")}</p>', sanitize=False)
        ui.html(cohorts_table(table, words, currency), sanitize=False)


def _cohorts(acting: Acting) -> tuple[cohorts.CohortTable, Currency]:
    return acting.lately("cohorts", cohorts.show_cohorts), acting.shop().currency
