"""The rule builder: rows of a form or a phrase in, the rule in words with its size and examples out, and saving it."""

import asyncio
import json
from collections.abc import Callable
from html import escape
from typing import Any, cast
from urllib.parse import quote

from api.ui.shell.parts import bookmark, do, fill, notice
from api.ui.shell.refusals import error_html, error_text
from api.ui.shell.visitor import Visitor
from api.verbs import segments
from api.verbs.acting import Acting
from memory.domain.errors import SecondOrderError
from memory.domain.money import Currency
from memory.domain.segment import Segment, SegmentRule

from .rows import MOST_ROWS, NO_VALUE, TESTS, Join, Row, kind_of, rows_of, rule_of, subjects
from .view import not_read, size_panel

FIRST = Row("bought", "at_least", "2", "90")
MAX_ADDRESS = 1_500


class Builder:
    """The builder on one open page."""

    def __init__(self, visitor: Visitor, currency: Currency, segment_id: str, rule_text: str) -> None:
        """Begin with a segment or a rule that the address names."""
        self._visitor, self._currency = visitor, currency
        self._segment_id, self._rule_text = segment_id, rule_text
        self._join: Join = "all"
        self._rows: list[Row] = [FIRST]
        self._wrong: dict[int, str] = {}
        self._nested: SegmentRule | None = None
        self._segment: Segment | None = None

    def build(self) -> None:
        """Make the phrase's field, the rows, and the place of what they give."""
        from nicegui import ui

        words = self._visitor.words
        with ui.element("form").classes("so-lookup").on("submit.prevent", self._say):
            self._phrase = ui.input(words("people_page", "phrase")).props(
                "outlined dense maxlength=500 autocomplete=off"
            )
            ui.button(words("people_page", "read"), on_click=self._say).props("outline no-caps color=primary")
        self._said = ui.element("div").props("aria-live=polite")
        self._form = ui.element("section").props(f'aria-label="{words("people_page", "conditions")}"')
        with ui.element("div").classes("so-buttons"):
            count = ui.button(words("people_page", "count"), on_click=self._count)
            count.props("unelevated no-caps color=primary id=so-count")
            self._add = ui.button(words("people_page", "add"), on_click=self._add_row).props(
                "flat no-caps color=primary"
            )
        self._result = ui.element("section").classes("so-section").props("aria-live=polite")
        self._save = ui.element("section").classes("so-section")
        if self._segment_id or self._rule_text:
            fill(self._visitor, self._asked, self._open)
        else:
            self._draw()

    def _asked(self, acting: Acting) -> tuple[Segment | None, SegmentRule]:
        """Read what the address names."""
        from tools.segments import load_rule

        if self._segment_id:
            found = segments.get_segment(acting, self._segment_id)
            return found, found.rule
        return None, load_rule(self._rule_text)

    def _open(self, found: tuple[Segment | None, SegmentRule]) -> None:
        self._segment, rule = found
        self._take(rule)
        self._draw()
        self._show(rule)

    def _take(self, rule: SegmentRule) -> None:
        """Put a rule into the rows, or keep it whole where rows cannot say it."""
        flat = rows_of(rule, self._currency)
        self._nested = None if flat else rule
        if flat:
            self._join, self._rows = flat[0], list(flat[1])
        self._wrong = {}

    def _draw(self) -> None:
        from nicegui import ui

        words = self._visitor.words
        self._form.clear()
        self._add.set_visibility(self._nested is None and len(self._rows) < MOST_ROWS)
        with self._form:
            if self._nested is not None:
                ui.html(notice(escape(words("people_page", "nested"))), sanitize=False)
                start = ui.button(words("people_page", "afresh"), on_click=self._afresh)
                start.props("flat no-caps color=primary")
                return
            if len(self._rows) > 1:
                joins = {name: words("people_page", "joins", name) for name in ("all", "any")}
                join = ui.radio(joins, value=self._join, on_change=self._joined)
                join.props(f'inline aria-label="{words("people_page", "join")}"')
            for place, row in enumerate(self._rows):
                self._draw_row(place, row)

    def _draw_row(self, place: int, row: Row) -> None:
        from nicegui import ui

        words, kind = self._visitor.words, kind_of(row.what)
        group = words("people_page", "condition").format(n=place + 1)
        with ui.element("div").classes("so-condition").props(f'role=group aria-label="{group}"'):
            about = ui.select(self._names(), value=row.what, label=words("people_page", "what"), with_input=True)
            about.props("outlined dense options-dense").on_value_change(self._setter(place, "what"))
            tests = {name: words("people_page", "tests", name) for name in TESTS[kind]}
            test = ui.select(tests, value=row.test, label=words("people_page", "test")).props(
                "outlined dense options-dense"
            )
            test.on_value_change(self._setter(place, "test"))
            if row.test not in NO_VALUE:
                unit = {"money": self._currency, "share": "%"}.get(kind, "")
                value = ui.input(words("people_page", "values", kind), value=row.value)
                value.props("outlined dense autocomplete=off maxlength=300" + (f' suffix="{unit}"' if unit else ""))
                value.on_value_change(self._setter(place, "value"))
                value.error = words("people_page", "wrong", self._wrong[place]) if place in self._wrong else None
            if kind == "count":
                days = ui.input(words("people_page", "days"), value=row.days)
                days.props("outlined dense inputmode=numeric maxlength=5").on_value_change(self._setter(place, "days"))
                category = ui.input(words("people_page", "category"), value=row.category)
                category.props("outlined dense maxlength=100").on_value_change(self._setter(place, "category"))
            if len(self._rows) > 1:
                remove = ui.button(icon="close", on_click=lambda: self._remove(place)).props("flat dense color=primary")
                remove.props(f'aria-label="{words("people_page", "remove").format(n=place + 1)}"')

    def _names(self) -> dict[str, str]:
        from tools.segments.words import ATTRIBUTES, EVENTS

        words = self._visitor.words
        at = 1 if words.language == "zh" else 0
        events = {f"did.{kind}": names[at] for kind, names in EVENTS.items()}
        attributes = {str(name): names[at] for name, names in ATTRIBUTES.items()}
        known = {"bought": words("people_page", "bought"), **events, **attributes}
        return {name: known[name] for name in subjects()}

    def _setter(self, place: int, part: str) -> Callable[[Any], None]:
        def put(event: Any) -> None:
            row = self._rows[place]
            changed = row._replace(**{part: str(event.value or "")})
            if part == "what" and changed.what != row.what:
                kind = kind_of(changed.what)
                is_same = kind == kind_of(row.what)
                changed = changed if is_same else Row(changed.what, TESTS[kind][0], "1" if kind == "count" else "")
            self._rows[place] = changed
            if part == "what" or (part == "test" and (changed.test in NO_VALUE) != (row.test in NO_VALUE)):
                self._draw()

        return put

    def _joined(self, event: Any) -> None:
        self._join = cast(Join, event.value)

    def _add_row(self) -> None:
        self._rows.append(FIRST)
        self._draw()

    def _remove(self, place: int) -> None:
        self._rows.pop(place)
        self._draw()

    def _afresh(self) -> None:
        self._nested, self._segment, self._rows = None, None, [FIRST]
        self._draw()

    async def _say(self) -> None:
        """Read the phrase; what is understood stands in the rows and is counted."""
        from nicegui import ui

        from tools.segments import NotRead

        words, text = self._visitor.words, str(self._phrase.value or "")
        try:
            found = await asyncio.to_thread(segments.rule_from_words, self._visitor.acting(), text, words.language)
        except SecondOrderError as error:
            found = NotRead(part=error_text(error, words), examples=())
        self._said.clear()
        if isinstance(found, NotRead):
            with self._said:
                ui.html(not_read(found, words), sanitize=False)
            return
        self._segment = None
        self._take(found)
        self._draw()
        self._show(found)

    def _count(self) -> None:
        """Read the rows and count who belongs to the rule."""
        from nicegui import ui

        from tools.segments import load_rule

        if self._nested is not None:
            self._show(self._nested)
            return
        made, wrong = rule_of(self._rows, self._join, self._currency)
        self._wrong = dict(wrong)
        self._draw()
        if made is None:
            return
        try:
            self._show(load_rule(made))
        except SecondOrderError as error:
            self._result.clear()
            with self._result:
                ui.html(notice(error_html(error, self._visitor.words), "wrong"), sanitize=False)

    def _show(self, rule: SegmentRule) -> None:
        """Count behind the page and offer to save; the address keeps the rule."""
        words = self._visitor.words
        self._result.clear()
        self._remember(rule)

        def read(acting: Acting) -> tuple[Any, str]:
            return segments.size_rule(acting, rule), segments.describe_rule(acting, rule, words.language)

        def draw(found: tuple[Any, str]) -> None:
            from nicegui import ui

            ui.html(size_panel(found[0], found[1], words, self._currency), sanitize=False)

        with self._result:
            fill(self._visitor, read, draw)
        self._offer(rule)

    def _remember(self, rule: SegmentRule) -> None:
        if self._segment is not None and self._segment.rule == rule:
            bookmark(f"/ui/people?view=build&segment={quote(self._segment.id)}")
            return
        text = json.dumps(rule.model_dump(mode="json", exclude_none=True), separators=(",", ":"))
        if len(text) <= MAX_ADDRESS:
            bookmark(f"/ui/people?view=build&rule={quote(text)}")

    def _offer(self, rule: SegmentRule) -> None:
        """Offer to keep the rule as a segment to whoever may plan."""
        from nicegui import ui

        words, acting = self._visitor.words, self._visitor.acting()
        self._save.clear()
        if not acting.principal.may("plan", acting.shop_id):
            return
        with self._save:
            ui.html(f"<h3>{escape(words('people_page', 'keep'))}</h3>", sanitize=False)
            with ui.element("div").classes("so-fields"):
                id_ = ui.input(words("people_page", "id"), value=self._segment.id if self._segment else "")
                titles = self._segment.title if self._segment else {}
                english = ui.input(words("people_page", "title_en"), value=titles.get("en", ""))
                chinese = ui.input(words("people_page", "title_zh"), value=titles.get("zh", ""))
                for one in (id_, english, chinese):
                    one.props("outlined dense maxlength=64 autocomplete=off")

            async def keep() -> None:
                titles = {code: str(one.value) for code, one in (("en", english), ("zh", chinese)) if one.value}
                given = {"id": str(id_.value or ""), "title": titles, "rule": rule.model_dump(mode="json")}
                kept = await do(
                    self._visitor, lambda acting: segments.define_segment(acting, given), words("people_page", "kept")
                )
                if kept is not None:
                    ui.navigate.to(f"/people?view=build&segment={quote(kept.id)}")

            with ui.element("div").classes("so-buttons"):
                ui.button(words("people_page", "save"), on_click=keep).props("outline no-caps color=primary")
