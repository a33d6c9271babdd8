"""What every page of the workspace shares: who may see it, language, colours, style, links to the other pages."""

from collections.abc import Callable
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from agent.assembly import App
from memory.domain.errors import NotAuthenticated
from memory.domain.principal import Permission

from .stop_bar import StopBar
from .visitor import SHOP, THREAD, Visitor, visitor_of
from .words import HTML_LANG


def add_page(app: App, path: str, permission: Permission, show: Callable[[Visitor], None]) -> None:
    """Add a page that opens for whoever holds the permission; others are sent where they may look."""
    from nicegui import ui

    @ui.page(path)
    def page() -> Any:
        visitor = visitor_of(app)
        elsewhere = gate(visitor, permission)
        if elsewhere is not None:
            return elsewhere
        page_frame(visitor)
        show(visitor)
        return None


def tell(panel: Any, text: str) -> None:
    """Let a part of a page say one thing and nothing else; screen readers hear it."""
    from nicegui import ui

    panel.clear()
    with panel:
        ui.label(text).classes("so-soft").props("role=status")


def page_frame(visitor: Visitor) -> None:
    """Set the page's language, title and looks; call it first."""
    from nicegui import ui

    language = visitor.language
    ui.page_title(visitor.words("app"))
    ui.colors(primary="#1f4f46", secondary="#565d66", accent="#a4501f", positive="#1f4f46", negative="#9b1c1c")
    ui.add_head_html(f"<style>{_style()}</style>")
    ui.run_javascript(f'document.documentElement.lang = "{HTML_LANG[language]}"')


PAGES: tuple[tuple[str, str, Permission], ...] = (
    ("workspace", "/ui/", "read"),
    ("runs", "/ui/runs", "read"),
    ("results", "/ui/results", "read"),
    ("approvals", "/ui/approvals", "read"),
    ("support", "/ui/support", "contact"),
)
"""The pages with their addresses and the permission that opens them."""


def gate(visitor: Visitor, permission: Permission) -> Any:
    """Give where a visitor who may not see the page is sent: to sign in, or to a page they may see; none if they may.

    Whoever has a role and no page gets a plain refusal.
    """
    from starlette.responses import PlainTextResponse, RedirectResponse

    try:
        acting = visitor.acting()
    except NotAuthenticated:
        return RedirectResponse("/sign-in", 303)
    if acting.principal.may(permission, acting.shop_id):
        return None
    for _, address, needed in PAGES:
        if acting.principal.may(needed, acting.shop_id):
            return RedirectResponse(address, 303)
    return PlainTextResponse(visitor.words("no_page"), 403)


def header(visitor: Visitor, here: str, *, tagline: str = "", more: Callable[[], None] | None = None) -> None:
    """Show what stands on top of every page: the kill switch, then the bar; `more` adds a page's own controls to it."""
    from nicegui import ui

    words, acting = visitor.words, visitor.acting()
    shops = list(acting.principal.shops())

    def change_shop(event: Any) -> None:
        visitor.kept[SHOP] = event.value
        visitor.kept.pop(THREAD, None)
        ui.navigate.reload()

    def switch() -> None:
        visitor.switch_language()
        ui.navigate.reload()

    StopBar(visitor).build()
    with ui.element("header").classes("so-top"):
        small = f" <small>{tagline}</small>" if tagline else ""
        ui.html(f"<h1>{words('app')}{small}</h1>", sanitize=False).classes("q-mr-auto")
        if len(shops) > 1:
            ui.select(shops, value=acting.shop_id, label=words("shop"), on_change=change_shop).props("dense")
        if more is not None:
            more()
        ui.button(words("other_language"), on_click=switch).props("flat no-caps dense color=primary")
        top_links(visitor, here)


def top_links(visitor: Visitor, here: str) -> None:
    """Show the other pages the visitor may see, and the form that signs out."""
    from nicegui import ui

    words, acting = visitor.words, visitor.acting()
    links = "".join(
        f'<a href="{address}"{" aria-current=page" if name == here else ""}>{escape(words("pages", name))}</a>'
        for name, address, needed in PAGES
        if acting.principal.may(needed, acting.shop_id)
    )
    ui.html(f'<nav class="so-pages">{links}</nav>', sanitize=False)
    form = f'<form method="post" action="/sign-out" class="so-out"><button>{words("sign_out")}</button></form>'
    ui.html(form, sanitize=False)


@cache
def _style() -> str:
    return (Path(__file__).parent / "style.css").read_text(encoding="utf-8")
