"""What every page of the workspace shares: who may see it, language, colours, style, links to the other pages."""

from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from memory.domain.errors import NotAuthenticated
from memory.domain.principal import Permission

from .visitor import SHOP, Visitor
from .words import HTML_LANG


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


def header(visitor: Visitor, here: str) -> None:
    """Show the bar of a page beside the chat."""
    from nicegui import ui

    words, acting = visitor.words, visitor.acting()
    shops = list(acting.principal.shops())

    def change_shop(event: Any) -> None:
        visitor.kept[SHOP] = event.value
        ui.navigate.reload()

    def switch() -> None:
        visitor.switch_language()
        ui.navigate.reload()

    with ui.element("header").classes("so-top"):
        ui.html(f"<h1>{words('app')}</h1>", sanitize=False).classes("q-mr-auto")
        if len(shops) > 1:
            ui.select(shops, value=acting.shop_id, label=words("shop"), on_change=change_shop).props("dense")
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
