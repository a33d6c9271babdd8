"""One request in full: what it is about, exact content, edges, what changed; beside it the decision and its rules."""

from html import escape
from typing import Any

from agent.approval.exhibit import ShownMessage
from agent.approval.reading import MarketReading
from api.ui.shell.frame import header
from api.ui.shell.parts import do, fill, refill, tabs
from api.ui.shell.visitor import Visitor
from api.verbs import approvals
from api.verbs.acting import Acting
from api.verbs.exhibits import Digest, Exhibit, digest, exhibit

from .deciding import Deciding
from .keys import Keys
from .standing_view import head, key_figures, outcome, passing, read_state, told, what, who
from .view import changes, edges, message, messages_head, parts_held, preview, proof, render_step, steps_of
from .zone import my_zone


class Review:
    """The elements of one open request."""

    def __init__(self, visitor: Visitor, approval_id: str) -> None:
        """Begin with nothing read; `?texts=ja` shows the texts of one language, opened, as a reader wants them."""
        from nicegui import ui

        self._visitor, self._id, self._zone = visitor, approval_id, "UTC"
        self._texts = ui.context.client.request.query_params.get("texts", "")
        self._keys = Keys(visitor, approval_id)

    def build(self) -> None:
        """Make the page; what is decided about stands left, the decision beside it, below it where it is narrow."""
        from nicegui import ui

        words = self._visitor.words
        ui.html(f'<a class="so-skip" href="#decide">{words("approvals", "skip")}</a>', sanitize=False)
        header(self._visitor, "approvals")
        with ui.element("div").classes("so-page so-single so-review-page"):
            back = escape(words("approvals", "all"))
            ui.html(f'<p><a href="/ui/approvals">{back}</a></p>', sanitize=False)
            self._head = ui.element("div")
            with ui.element("div").classes("so-review"):
                self._main = ui.element("div")
                self._aside = ui.element("aside").props(f'aria-label="{words("approvals", "beside")}"')
                self._aside.props("id=decide tabindex=-1")
        ui.timer(0, self._begin, once=True)

    async def _begin(self) -> None:
        self._zone = await my_zone(self._visitor)
        with self._head:
            fill(self._visitor, self._digest, self._draw_head)
        with self._main:
            fill(self._visitor, self._exhibit, self._draw_exhibit)

    def _digest(self, acting: Acting) -> Digest:
        return digest(acting, self._id)

    def _exhibit(self, acting: Acting) -> Exhibit:
        return exhibit(acting, self._id, self._visitor.language)

    def _draw_head(self, found: Digest) -> None:
        from nicegui import ui

        words, standing = self._visitor.words, found.standing
        parts = (
            head(standing, words, self._zone),
            outcome(standing, words, self._zone),
            f"<p>{what(found, words)}</p>",
            key_figures(found, words),
        )
        ui.html("".join(parts), sanitize=False)
        self._aside.clear()
        with self._aside:
            self._draw_aside(found)

    def _draw_aside(self, found: Digest) -> None:
        from nicegui import ui

        words, standing = self._visitor.words, found.standing
        with ui.element("section").classes("so-panel"):
            ui.html(f"<h3>{words('approvals', 'decision')}</h3>{who(standing, words)}", sanitize=False)
            if not standing.why_not:
                unread = tuple(one.market for one in found.readings if one.read is None)
                panel = Deciding(self._visitor, standing, found.shown_hash, unread=unread)
                panel.build()
                self._keys.build(panel)
            elif standing.approval.status in ("sent_back", "void", "expired") and standing.plan_status == "draft":
                self._offer_again(found)
        if found.readings:
            with ui.element("section").classes("so-panel"):
                ui.html(f"<h3>{words('approvals', 'reading')}</h3>", sanitize=False)
                for one in found.readings:
                    self._draw_reading(one, is_open=standing.approval.status == "waiting")
        for name, html in (
            ("deputies", passing(standing, words, self._zone)),
            ("told", told(standing, words, self._zone)),
        ):
            if html:
                title = words("approvals", name)
                ui.html(f'<section class="so-panel"><h3>{title}</h3>{html}</section>', sanitize=False)

    def _draw_reading(self, one: MarketReading, *, is_open: bool) -> None:
        from nicegui import ui

        words, acting = self._visitor.words, self._visitor.acting()
        ui.html(read_state(one, words, self._zone), sanitize=False)
        if not (is_open and one.read is None and acting.principal.id in one.readers):
            return

        async def mark() -> None:
            said = words("approvals", "marked").format(market=one.market)
            done = await do(
                self._visitor, lambda acting: approvals.mark_read(acting, self._id, one.market, one.texts_hash), said
            )
            if done is not None:
                await refill(self._visitor, self._head, self._digest, self._draw_head)

        link = f"/ui/approvals/{escape(self._id)}?texts={one.languages[0] if one.languages else ''}"
        name = escape(words("approvals", "read_texts").format(language=", ".join(one.languages)))
        about = f'<p class="so-soft">{escape(words("approvals", "read_first"))}</p><p><a href="{link}">{name}</a></p>'
        ui.html(about, sanitize=False)
        name = words("approvals", "mark").format(market=one.market)
        ui.button(name, on_click=mark).props(f"outline no-caps color=primary id=read-{one.market}")

    def _offer_again(self, found: Digest) -> None:
        """Let the marketer amend a plan that came back, or ask again for it as it is."""
        from nicegui import ui

        words, acting, plan_id = self._visitor.words, self._visitor.acting(), found.standing.approval.plan_id
        if not acting.principal.may("submit", acting.shop_id):
            return
        ui.html(f"<p>{escape(words('approvals', 'again_text'))}</p>", sanitize=False)

        async def again() -> None:
            asked = await do(self._visitor, lambda acting: approvals.request(acting, plan_id), "")
            if asked is not None:
                ui.navigate.to(f"/approvals/{asked.id}")

        with ui.element("div").classes("so-buttons"):
            link = f'<a href="/ui/plans/{escape(plan_id)}">{escape(words("approvals", "amend"))}</a>'
            ui.html(link, sanitize=False)
            ui.button(words("approvals", "again"), on_click=again).props("outline no-caps color=primary id=do-again")

    def _draw_exhibit(self, found: Exhibit) -> None:
        from nicegui import ui

        words = self._visitor.words
        ui.html(changes(found, words) + edges(found, words) + parts_held(found, words), sanitize=False)
        with ui.element("section").classes("so-shown so-section"):
            ui.html(messages_head(found, words), sanitize=False)
            languages = sorted({one.language for one in found.messages})
            only = self._texts if self._texts in languages else ""
            ui.html(tabs(words("approvals", "languages"), self._languages(languages, only)), sanitize=False)
            cohort = ""
            for step_id, some in steps_of(found, only):
                if some[0].cohort != cohort:
                    cohort = some[0].cohort
                    ui.html(f"<h4>{words('cohorts', cohort)}</h4>", sanitize=False)
                self._draw_step(step_id, some, is_open=bool(only))
        back = f'<p><a href="#decide">{escape(words("approvals", "skip"))}</a></p>'
        ui.html(proof(found, words) + back, sanitize=False)

    def _languages(self, languages: list[str], only: str) -> list[tuple[str, str, bool]]:
        address, every = f"/ui/approvals/{self._id}", self._visitor.words("approvals", "every_language")
        return [(address, every, not only), *((f"{address}?texts={one}", one, one == only) for one in languages)]

    def _draw_step(self, step_id: str, some: list[ShownMessage], *, is_open: bool) -> None:
        """A step's messages are drawn when it is opened: hundreds of mails at once are more than anybody reads.

        The texts of one language are there to be read through, so they stand open, without the mails' looks.
        """
        from nicegui import ui

        words = self._visitor.words
        if is_open:
            texts = "".join(message(one, words) for one in some)
            html = f"<details open><summary>{render_step(step_id, some, words)}</summary>{texts}</details>"
            ui.html(html, sanitize=False)
            return
        with ui.element("details") as opened:
            ui.html(render_step(step_id, some, words), tag="summary", sanitize=False)
            body = ui.element("div")

        def draw(_event: Any = None) -> None:
            if body.default_slot.children:
                return
            with body:
                for one in some:
                    ui.html(preview(one, words), sanitize=False)

        opened.on("toggle", draw)
