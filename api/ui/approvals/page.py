"""The approvals page: open requests, what each would send, and the decision."""

import asyncio
from typing import Any

from agent.assembly import App
from api.ui.shell.frame import add_page, header, tell
from api.ui.shell.visitor import Visitor
from api.verbs import approvals, plans
from api.verbs.exhibits import Exhibit, exhibit
from memory.domain.approval import Approval, ApprovalDecision
from memory.domain.errors import SecondOrderError

from .view import render_exhibit

DECISIONS: tuple[tuple[ApprovalDecision, str], ...] = (
    ("approve", "primary"),
    ("send_back", "secondary"),
    ("reject", "negative"),
)


def register(app: App) -> None:
    """Add the page; `?request=ID` opens one request at once."""
    add_page(app, "/approvals", "read", lambda visitor: Page(visitor).build())


class Page:
    """The elements of one open page."""

    def __init__(self, visitor: Visitor) -> None:
        """Begin with no request chosen."""
        self._visitor = visitor
        self._found: Exhibit | None = None

    def build(self) -> None:
        """Make the page."""
        from nicegui import ui

        header(self._visitor, "approvals")
        with ui.element("div").classes("so-page"):
            self._list = ui.element("nav").classes("so-requests")
            self._list.props(f'aria-label="{self._visitor.words("open_requests")}"')
            self._panel = ui.element("section").classes("so-plan")
        self._draw_list()
        tell(self._panel, self._visitor.words("choose_request"))
        named = ui.context.client.request.query_params.get("request", "")
        if named:
            ui.timer(0, lambda: self._open(named), once=True)

    def _draw_list(self) -> None:
        from nicegui import ui

        words, acting = self._visitor.words, self._visitor.acting()
        self._list.clear()
        with self._list:
            ui.html(f"<h2>{words('open_requests')}</h2>", sanitize=False)
            found = approvals.waiting(acting)
            if not found:
                ui.label(words("no_requests")).classes("so-soft")
            for one in found:
                label = f"{one.plan_id[:8]} · {one.requested_by} · {one.expires_at:%m-%d}"
                ui.button(label, on_click=self._opener(one)).props("flat no-caps align=left color=primary")

    def _opener(self, one: Approval) -> Any:
        async def open_() -> None:
            await self._open(one.id)

        return open_

    async def _open(self, approval_id: str) -> None:
        visitor = self._visitor
        tell(self._panel, visitor.words("reading_request"))
        try:
            self._found = await asyncio.to_thread(exhibit, visitor.acting(), approval_id, visitor.language)
        except SecondOrderError as error:
            tell(self._panel, str(error))
            return
        self._draw()

    def _draw(self) -> None:
        from nicegui import ui

        assert self._found is not None, "it was just read"
        visitor, words = self._visitor, self._visitor.words
        self._panel.clear()
        with self._panel:
            title = plans.get(visitor.acting(), self._found.approval.plan_id).plan.title
            ui.html(render_exhibit(self._found, title, words), sanitize=False)
            acting = visitor.acting()
            if not acting.principal.may("approve", acting.shop_id):
                ui.label(words("not_approver")).classes("so-soft")
                return
            with ui.element("div").classes("so-decide"):
                note = ui.input(words("note")).props("outlined dense maxlength=2000")
                for decision, colour in DECISIONS:
                    button = ui.button(words("decisions", decision), on_click=self._decider(decision, note))
                    button.props(f"unelevated no-caps color={colour}")

    def _decider(self, decision: ApprovalDecision, note: Any) -> Any:
        async def decide() -> None:
            await self._decide(decision, str(note.value or ""))

        return decide

    async def _decide(self, decision: ApprovalDecision, note: str) -> None:
        """Decide about what is on the page and nothing else: its hash goes along."""
        if self._found is None:
            return
        found, self._found = self._found, None
        visitor = self._visitor
        try:
            done = await asyncio.to_thread(
                approvals.decide, visitor.acting(), found.approval.id, decision, note, found.shown_hash
            )
        except SecondOrderError as error:
            tell(self._panel, str(error))
        else:
            tell(self._panel, f"{done.plan_id[:12]}: {visitor.words('decided', done.status)}")
        self._draw_list()
