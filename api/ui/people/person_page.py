"""The page of one person under their pseudonym: what is known, what happened, what was decided and why, consent."""

import json
from html import escape
from typing import Any
from urllib.parse import quote

from api.ui.shell.asking import Question, ask
from api.ui.shell.frame import header
from api.ui.shell.going import go
from api.ui.shell.parts import bookmark, do, fill, heading, tabs
from api.ui.shell.visitor import Visitor
from api.verbs import decisions, people, rights
from api.verbs.acting import Acting

from .person_view import consent_table, decisions_table, erased_notice, facts_table, links_table, timeline_list
from .why_view import record_view, why_view

VIEWS = ("timeline", "decisions", "consent", "profile")


class PersonPage:
    """The elements of one open page."""

    def __init__(self, visitor: Visitor, person_id: str) -> None:
        """Begin with what the address names."""
        from nicegui import ui

        asked = ui.context.client.request.query_params
        self._visitor, self._person = visitor, person_id
        self._zone = visitor.acting().shop().zone
        self._view = asked["view"] if asked.get("view") in VIEWS else VIEWS[0]
        self._kind, self._decision = asked.get("kind", ""), asked.get("decision", "")

    @property
    def _address(self) -> str:
        return f"/ui/people/{quote(self._person, safe='')}"

    def build(self) -> None:
        """Make the page."""
        from nicegui import ui

        words, acting = self._visitor.words, self._visitor.acting()
        header(self._visitor, "people", title=self._person[:12])
        with ui.element("div").classes("so-page so-single"):
            back = f'<p><a href="/ui/people">{escape(words("people_page", "back"))}</a></p>'
            ui.html(back + heading(words("people_page", "person").format(id=self._person)), sanitize=False)
            names = VIEWS
            links = [
                (f"{self._address}?view={name}", words("people_page", "person_views", name), name == self._view)
                for name in names
            ]
            ui.html(tabs(words("people_page", "person_parts"), links), sanitize=False)
            if self._view == "timeline":
                fill(self._visitor, self._timeline, self._draw_timeline)
            elif self._view == "decisions":
                fill(self._visitor, self._decisions, self._draw_decisions)
                self._why = ui.element("section").classes("so-section").props("aria-live=polite")
                self._open_decision(self._decision)
            elif self._view == "consent":
                fill(self._visitor, self._timeline, self._draw_consent)
            else:
                fill(self._visitor, self._profile, self._draw_profile)
            if acting.principal.may("contact", acting.shop_id):
                self._rights()

    def _timeline(self, acting: Acting) -> Any:
        return people.timeline(acting, self._person)

    def _draw_timeline(self, found: Any) -> None:
        from nicegui import ui

        html = timeline_list(found, self._kind, self._address, self._visitor.words, self._zone)
        ui.html(html, sanitize=False)

    def _draw_consent(self, found: Any) -> None:
        from nicegui import ui

        ui.html(consent_table(found, self._visitor.words, self._zone), sanitize=False)

    def _profile(self, acting: Acting) -> Any:
        return people.profile(acting, self._person), acting.shop().currency

    def _draw_profile(self, found: Any) -> None:
        from nicegui import ui

        profile, currency = found
        words = self._visitor.words
        ui.html(erased_notice(profile, words), sanitize=False)
        ui.html(facts_table(profile, words, currency), sanitize=False)
        title = f"<h3>{escape(words('people_page', 'links'))}</h3>"
        links = links_table(profile, words, self._zone)
        ui.html(f'<section class="so-section">{title}{links}</section>', sanitize=False)

    def _decisions(self, acting: Acting) -> Any:
        return decisions.list_decisions(acting, person_id=self._person)

    def _draw_decisions(self, found: Any) -> None:
        from nicegui import ui

        words = self._visitor.words
        html = decisions_table(found, self._address, self._decision, words, self._zone)
        ui.html(html, sanitize=False)

    def _open_decision(self, decision_id: str) -> None:
        """Show one decision: what was rejected at once, the smallest change that flips it when it is worked out."""
        from nicegui import ui

        if not decision_id:
            return
        words = self._visitor.words
        bookmark(f"{self._address}?view=decisions&decision={quote(decision_id, safe='')}")
        with self._why:
            ui.html(f"<h3>{escape(words('people_page', 'why'))}</h3>", sanitize=False)
            fill(self._visitor, lambda acting: decisions.show(acting, decision_id), self._draw_record)

    def _draw_record(self, record: Any) -> None:
        from nicegui import ui

        words = self._visitor.words
        ui.html(record_view(record, words, self._zone), sanitize=False)
        if record.arm != "treated":
            return
        with self._why:
            ui.html(f'<h3 class="so-section">{escape(words("people_page", "flip"))}</h3>', sanitize=False)
            fill(self._visitor, lambda acting: decisions.why(acting, record.decision_id), self._draw_why)

    def _draw_why(self, found: Any) -> None:
        from nicegui import ui

        ui.html(why_view(found, self._visitor.words), sanitize=False)

    def _rights(self) -> None:
        """Offer a copy of everything and erasure, to whoever may see contact data."""
        from nicegui import ui

        words = self._visitor.words
        with ui.element("section").classes("so-section").props("aria-labelledby=so-rights"):
            title, about = escape(words("people_page", "rights")), escape(words("people_page", "rights_about"))
            ui.html(f'<h3 id="so-rights">{title}</h3><p class="so-soft">{about}</p>', sanitize=False)
            with ui.element("div").classes("so-buttons"):
                copy = ui.button(words("people_page", "export"), on_click=self._export)
                copy.props("outline no-caps color=primary id=so-export")
                erase = ui.button(words("people_page", "erase"), on_click=self._erase)
                erase.props("outline no-caps color=negative id=so-erase")

    async def _export(self) -> None:
        from nicegui import ui

        words, name = self._visitor.words, words_name(self._person)
        yes = words("people_page", "export")
        question = Question(words("people_page", "export_title"), words("people_page", "export_text"), yes,
                            words("stop", "cancel"))  # fmt: skip
        if await ask(question, back_to="so-export") is None:
            return
        found = await do(self._visitor, lambda acting: rights.export(acting, self._person), "")
        if found is not None:
            text = json.dumps(found, ensure_ascii=False, indent=2).encode()
            ui.download(text, name, "application/json")

    async def _erase(self) -> None:

        words = self._visitor.words
        question = Question(
            title=words("people_page", "erase_title"), text=words("people_page", "erase_text"),
            yes=words("people_page", "erase"), no=words("stop", "cancel"), note=words("people_page", "erase_note"),
            is_harsh=True,
        )  # fmt: skip
        answer = await ask(question, back_to="so-erase")
        if answer is None:
            return
        done = await do(
            self._visitor, lambda acting: rights.erase(acting, self._person, answer.note),
            words("people_page", "erased"),
        )  # fmt: skip
        if done is not None:
            go("/ui/people")


def words_name(person_id: str) -> str:
    """Give the file name of a copy: the pseudonym alone."""
    return f"person-{''.join(letter for letter in person_id if letter.isalnum())[:24]}.json"
