"""What can be done with a plan as it stands: ask for approval, go live, follow it; each shown to who may."""

import asyncio
from collections.abc import Callable
from typing import Any

from api.ui.shell.asking import Question, ask
from api.ui.shell.parts import do
from api.verbs import approvals, plan_files, sends
from api.verbs.acting import Acting

from .opened import Opened, link, put

LIVE = ("live", "finished", "stopped")


def show_acts(opened: Opened) -> None:
    """Show the acts that the plan's status and the visitor's role leave."""
    from nicegui import ui

    acting, words, where = opened.visitor.acting(), opened.words, opened.stored.status

    def may(permission: Any) -> bool:
        return acting.principal.may(permission, acting.shop_id)

    with ui.element("div").classes("so-buttons so-plan-acts"):
        if where == "draft" and may("submit"):
            _button(words("request_approval"), _submit(opened), "unelevated", "ask-approval")
        if where == "approved" and may("dispatch"):
            for name, look in (("go_staged", "unelevated"), ("go_live", "outline")):
                _button(words("plan_page", name), _go_live(opened, name), look, f"so-{name}")
        if where == "waiting":
            put(link(words("plan_page", "see_request"), _request_address(acting, opened.plan.id)))
        if where in LIVE:
            put(link(words("plan_page", "see_results"), f"/ui/results?plan={opened.plan.id}"))
            put(link(words("plan_page", "see_runs"), "/ui/runs"))
        _button(words("plan_page", "export"), _export(opened), "flat", "so-export")


def _button(name: str, act: Callable[[], Any], look: str, key: str) -> None:
    from nicegui import ui

    ui.button(name, on_click=act).props(f"{look} no-caps color=primary id={key}")


def _request_address(acting: Acting, plan_id: str) -> str:
    found = next((one.id for one in approvals.waiting(acting) if one.plan_id == plan_id), "")
    return f"/ui/approvals?request={found}" if found else "/ui/approvals"


def _submit(opened: Opened) -> Callable[[], Any]:
    async def submit() -> None:
        from nicegui import ui

        said = opened.words("requested")
        if await do(opened.visitor, lambda acting: approvals.request(acting, opened.plan.id), said) is not None:
            ui.navigate.reload()

    return submit


def _go_live(opened: Opened, name: str) -> Callable[[], Any]:
    async def go() -> None:
        from nicegui import ui

        words, is_staged = opened.words, name == "go_staged"
        question = Question(
            title=words("plan_page", f"{name}_ask"), text=words("plan_page", f"{name}_text"),
            yes=words("plan_page", name), no=words("stop", "cancel"),
        )  # fmt: skip
        if await ask(question, back_to=f"so-{name}") is None:
            return
        gone = await do(
            opened.visitor,
            lambda acting: sends.go_live(acting, opened.plan.id, is_staged=is_staged),
            words("plan_page", "went_live"),
        )
        if gone is not None:
            ui.navigate.reload()

    return go


def _export(opened: Opened) -> Callable[[], Any]:
    async def export() -> None:
        from nicegui import ui

        acting = opened.visitor.acting()
        text = await asyncio.to_thread(plan_files.to_yaml, acting, opened.plan.id)
        ui.download.content(text.encode(), f"plan-{opened.plan.id[:12]}.yaml", "application/yaml")

    return export
