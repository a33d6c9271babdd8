"""The first page of the workspace: the chat, and the plan it drafts beside it."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from agent.assembly import App
from api.ui.plan.view import Shown, marks_between, render_plan
from api.ui.shell.frame import add_page, header
from api.ui.shell.visitor import THREAD, Visitor
from api.verbs import approvals, plans
from memory.domain.brief import Brief
from memory.domain.errors import SecondOrderError

from .conversation import Conversation, Line

if TYPE_CHECKING:
    from agent.chat.events import ChatEvent


def register(app: App) -> None:
    """Add the page."""
    logs: dict[str, list[Line]] = {}
    add_page(app, "/chat", "read", lambda visitor: Page(visitor, logs).build())


SIDE_KINDS = frozenset(
    {"offer_kind", "offer_cost", "offer_threshold", "offer_dates", "offer_most"}
    | {"budget_line", "budget_worst_case", "step_offer"}
)
"""Differences that mostly follow from others; folded away."""


class Page:
    """The elements of one open page."""

    def __init__(self, visitor: Visitor, logs: dict[str, list[Line]]) -> None:
        """Begin with the newest plan of the shop, or none; `logs` is what open chats have shown."""
        self._visitor, self._logs = visitor, logs
        self._shown = _newest(visitor)

    def build(self) -> None:
        """Make the page."""
        from nicegui import ui

        words = self._visitor.words
        ui.html(f'<a class="so-skip" href="#plan">{words("skip")}</a>', sanitize=False)
        header(self._visitor, "chat", tagline=words("tagline"), more=self._own_controls)
        self._tabs: dict[str, Any] = {}
        with ui.element("div").classes("so-switch").props("role=group"):
            for name in ("chat", "plan"):
                self._tabs[name] = ui.button(words(name), on_click=self._switcher(name)).props("no-caps flat dense")
        self._main = ui.element("div").classes("so-main on-chat")
        with self._main:
            with ui.element("section").classes("so-chat").props(f'aria-label="{words("chat")}"'):
                self._conversation = Conversation(self._visitor, self._hear, self._logs)
            self._panel = ui.element("section").classes("so-plan").props("id=plan tabindex=0")
            self._panel.props(f'aria-label="{words("plan")}"')
        self._switcher("chat")()
        self._draw()

    def _own_controls(self) -> None:
        from nicegui import ui

        ui.button(self._visitor.words("new_chat"), on_click=self._new_chat).props("flat no-caps dense color=primary")

    def _draw(self) -> None:
        from nicegui import ui

        words = self._visitor.words
        self._panel.clear()
        with self._panel:
            if self._shown is None:
                with ui.element("div").classes("so-empty"), ui.element("div"):
                    ui.html(
                        f"<h2>{words('no_plan')}</h2><p class='so-soft'>{words('no_plan_more')}</p>", sanitize=False
                    )
                    ui.button(words("draft_now"), on_click=self._draft).props("unelevated no-caps color=primary")
                return
            if self._shown.status == "draft":
                with ui.element("div").classes("so-actions"):
                    ask = ui.button(words("request_approval"), on_click=self._request_approval)
                    ask.props("outline no-caps color=primary")
            ui.html(render_plan(self._shown, words), sanitize=False)

    def _hear(self, event: "ChatEvent") -> None:
        """Follow a turn: the plan beside the chat is the one that stands, its changes marked."""
        before = self._shown.plan if self._shown else None
        if event.kind == "plan":
            marks = marks_between(before, event.plan)
            self._shown = Shown(plan=event.plan, marks=marks)
            self._draw()
        elif event.kind == "diff" and self._shown is not None:
            said = list(zip(event.differences, event.words, strict=True))
            self._shown = replace(
                self._shown,
                changes=tuple(line for one, line in said if one["kind"] not in SIDE_KINDS),
                side_changes=tuple(line for one, line in said if one["kind"] in SIDE_KINDS),
            )
            self._draw()
        elif event.kind == "refused" and self._shown is not None:
            self._shown = Shown(self._shown.plan, self._shown.status, event.reasons)
            self._draw()

    async def _draft(self) -> None:
        import asyncio

        try:
            outcome, _ = await asyncio.to_thread(plans.draft, self._visitor.acting(), Brief())
        except SecondOrderError as error:
            self._tell(str(error))
            return
        if outcome.kind == "drafted":
            self._shown = Shown(outcome.stored.plan)
            self._draw()
        else:
            self._tell("; ".join(one.message for one in getattr(outcome, "reasons", ())) or "-")

    async def _request_approval(self) -> None:
        import asyncio

        assert self._shown is not None
        try:
            await asyncio.to_thread(approvals.request, self._visitor.acting(), self._shown.plan.id)
        except SecondOrderError as error:
            self._tell(str(error))
            return
        self._shown = Shown(self._shown.plan, "waiting")
        self._draw()
        self._tell(self._visitor.words("requested"))

    def _tell(self, text: str) -> None:
        from nicegui import ui

        ui.notify(text, color="primary", close_button="OK", timeout=8000)

    def _switcher(self, name: str) -> Any:
        def switch() -> None:
            self._main.classes(remove="on-chat on-plan", add=f"on-{name}")
            for other, tab in self._tabs.items():
                tab.props(f"aria-pressed={str(other == name).lower()}")
                tab.classes(add="so-on") if other == name else tab.classes(remove="so-on")

        return switch

    def _new_chat(self) -> None:
        from nicegui import ui

        self._visitor.kept.pop(THREAD, None)
        ui.navigate.reload()


def _newest(visitor: Visitor) -> Shown | None:
    acting = visitor.acting()
    found = plans.list_plans(acting)
    if not found:
        return None
    stored = plans.get(acting, found[0].plan_id)
    return Shown(stored.plan, stored.status)
