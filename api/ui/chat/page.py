"""The first page of the workspace: the chat, and the plan it drafts beside it."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from agent.assembly import App
from api.ui.plan.view import Shown, marks_between, render_plan
from api.ui.shell.frame import add_page, header
from api.ui.shell.going import go
from api.ui.shell.refusals import error_text, reason_text
from api.ui.shell.visitor import THREAD, Visitor
from api.verbs import approvals, chat, plans
from memory.domain.brief import Brief
from memory.domain.errors import NotFound, SecondOrderError

from .conversation import Conversation
from .guided import ask_form
from .lines_view import render_history

if TYPE_CHECKING:
    from agent.chat.events import ChatEvent


def register(app: App) -> None:
    """Add the page; `?chat=ID` opens one of the visitor's own threads."""
    add_page(app, "/chat", "read", lambda visitor: Page(visitor).build())


SIDE_KINDS = frozenset(
    {"offer_kind", "offer_cost", "offer_threshold", "offer_dates", "offer_code", "offer_most"}
    | {"budget_line", "budget_worst_case", "step_offer"}
)
"""Differences that mostly follow from others; folded away."""


class Page:
    """The elements of one open page."""

    def __init__(self, visitor: Visitor) -> None:
        """Begin with the plan of the thread that is open, else with the newest of the shop, or none."""
        from nicegui import ui

        self._visitor = visitor
        asked = ui.context.client.request.query_params.get("chat", "")
        if asked:
            visitor.kept[THREAD] = asked
        self._shown = _standing(visitor)

    def build(self) -> None:
        """Make the page."""
        from nicegui import ui

        words = self._visitor.words
        ui.html(f'<a class="so-skip" href="#plan">{words("skip")}</a>', sanitize=False)
        header(self._visitor, "chat", tagline=words("tagline"))
        self._tabs: dict[str, Any] = {}
        with ui.element("div").classes("so-switch").props("role=group"):
            for name in ("chat", "plan"):
                self._tabs[name] = ui.button(words(name), on_click=self._switcher(name)).props("no-caps flat dense")
        self._main = ui.element("div").classes("so-main on-chat")
        with self._main:
            with ui.element("section").classes("so-chat").props(f'aria-label="{words("chat")}"'):
                self._controls()
                self._conversation = Conversation(self._visitor, self._hear)
            self._panel = ui.element("section").classes("so-plan").props("id=plan tabindex=0")
            self._panel.props(f'aria-label="{words("plan")}"')
        self._switcher("chat")()
        self._draw()

    def _controls(self) -> None:
        """Show what one can do besides talking: begin anew, open an earlier chat, bring a brief, fill in a form."""
        from nicegui import ui

        words, acting = self._visitor.words, self._visitor.acting()
        with ui.element("div").classes("so-chat-bar"):
            if not acting.principal.may("plan", acting.shop_id):
                ui.label(words("chat_more", "read_only")).classes("so-soft")
                return
            ui.button(words("new_chat"), on_click=self._new_chat).props("flat no-caps dense color=primary")
            earlier = ui.button(words("chat_more", "history"), on_click=self._history)
            earlier.props("flat no-caps dense color=primary id=so-history")
            upload = ui.upload(on_upload=self._attach, auto_upload=True, max_file_size=20_000, multiple=False)
            upload.on("rejected", lambda: self._tell(words("chat_more", "too_large")))
            upload.props('accept=".yaml,.yml,.json,.txt,.md"').classes("so-hidden").props("aria-hidden=true")
            attach = ui.button(words("chat_more", "attach"), on_click=lambda: upload.run_method("pickFiles"))
            attach.props("flat no-caps dense color=primary")
            form = ui.button(words("guided", "open"), on_click=self._fill_in)
            form.props("flat no-caps dense color=primary id=so-guided")

    async def _attach(self, event: Any) -> None:
        name = str(event.file.name)
        try:
            text = (await event.file.read()).decode("utf-8")
        except UnicodeDecodeError:
            self._tell(self._visitor.words("chat_more", "not_text"))
            return
        await self._conversation.take(f"[{name[:80]}]", lambda acting, thread, is_stopped, heard: chat.attach(
            acting, thread, name, text, is_stopped=is_stopped, tool_heard=heard
        ))  # fmt: skip

    async def _fill_in(self) -> None:
        brief = await ask_form(self._visitor)
        if brief is not None:
            name = self._visitor.words("guided", "open")
            await self._conversation.take(f"[{name}]", lambda acting, thread, is_stopped, heard: chat.attach(
                acting, thread, "form.json", brief, is_stopped=is_stopped, tool_heard=heard
            ))  # fmt: skip

    async def _history(self) -> None:
        """Show the visitor's earlier chats as links."""
        import asyncio

        from nicegui import ui

        words, zone = self._visitor.words, self._visitor.acting().shop().zone
        found = await asyncio.to_thread(chat.list_chats, self._visitor.acting())
        title = words("chat_more", "history")
        with ui.dialog().props(f'aria-label="{title}"') as dialog, ui.card().classes("so-ask-card"):
            ui.html(f"<h2>{words('chat_more', 'history')}</h2>", sanitize=False)
            ui.html(render_history(found, words, zone), sanitize=False).classes("so-history")
            ui.button(words("chat_more", "close"), on_click=dialog.close).props("flat no-caps color=primary autofocus")
        await dialog
        dialog.delete()

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

        words = self._visitor.words
        try:
            outcome, _ = await asyncio.to_thread(plans.draft, self._visitor.acting(), Brief())
        except SecondOrderError as error:
            self._tell(error_text(error, self._visitor.words))
            return
        if outcome.kind == "drafted":
            self._shown = Shown(outcome.stored.plan)
            self._draw()
        else:
            self._tell("; ".join(reason_text(one, words) for one in getattr(outcome, "reasons", ())) or "-")

    async def _request_approval(self) -> None:
        import asyncio

        assert self._shown is not None
        try:
            await asyncio.to_thread(approvals.request, self._visitor.acting(), self._shown.plan.id)
        except SecondOrderError as error:
            self._tell(error_text(error, self._visitor.words))
            return
        self._tell(self._visitor.words("requested"))  # drawing anew takes the button away, and with it where to speak
        self._shown = Shown(self._shown.plan, "waiting")
        self._draw()

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

        self._visitor.kept.pop(THREAD, None)
        go("/ui/chat")


def _standing(visitor: Visitor) -> Shown | None:
    """Give the plan of the thread that is open, else the newest plan of the shop, or none."""
    acting = visitor.acting()
    thread = str(visitor.kept.get(THREAD, ""))
    plan_id = ""
    if thread:
        try:
            plan_id = chat.show(acting, thread).plan_id
        except NotFound:
            visitor.kept.pop(THREAD, None)
    found = plans.list_plans(acting)
    plan_id = plan_id or (found[0].plan_id if found else "")
    if not plan_id:
        return None
    stored = plans.get(acting, plan_id)
    return Shown(stored.plan, stored.status)
