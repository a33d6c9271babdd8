"""What every page of the workspace shares: who may see it, language, colours, style, the rail with the pages."""

from collections.abc import Callable
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from agent.assembly import App
from api.verbs import approvals
from api.verbs.acting import Acting
from memory.domain.errors import NotAuthenticated
from memory.domain.principal import Permission

from .navigation import first_open, rail_links, sheets_of
from .parts import empty, settle
from .stop_bar import StopBar
from .theme import next_theme, theme_of, use_theme
from .visitor import SHOP, THREAD, Visitor, visitor_of
from .words import HTML_LANG

STYLE = Path(__file__).parent.parent / "style"
SHARED_SHEETS = ("tokens", "shell", "parts")
"""What every page is made of; a page's own sheets follow, so that no page dresses another's parts."""
COLOURS = {"primary": "#1f4f46", "secondary": "#565d66", "accent": "#a4501f", "positive": "#1f4f46",
           "negative": "#9b1c1c"}  # fmt: skip


def add_page(app: App, path: str, permission: Permission, show: Callable[..., None]) -> None:
    """Add a page that opens for whoever holds the permission.

    `path` may hold parameters (`/plans/{plan_id}`), which `show` gets after the visitor. Whoever is not signed in goes
    to the sign-in page; whoever may not see this page is told so, and on the first page is led where they may look.
    """
    from nicegui import ui

    @ui.page(path)
    async def page() -> Any:
        visitor = visitor_of(app)
        elsewhere = gate(visitor, permission, is_first=path == "/")
        if elsewhere is not None:
            return elsewhere
        page_frame(visitor, sheets_of(path))
        if not visitor.acting().principal.may(permission, visitor.acting().shop_id):
            _refuse(visitor, permission)
            return None
        request = ui.context.client.request
        show(visitor, **{name: str(value) for name, value in request.path_params.items() if "{" + name + "}" in path})
        await settle()
        return None


def gate(visitor: Visitor, permission: Permission, *, is_first: bool = False) -> Any:
    """Give where somebody is sent instead: to sign in, from the first page to one they may see; none if they may stay.

    Whoever has a role and no page gets a plain refusal.
    """
    from starlette.responses import PlainTextResponse, RedirectResponse

    try:
        acting = visitor.acting()
    except NotAuthenticated:
        return RedirectResponse(_sign_in_for(visitor), 303)
    open_to_them = first_open(acting)
    if open_to_them is None:
        return PlainTextResponse(visitor.words("no_page"), 403)
    if is_first and not acting.principal.may(permission, acting.shop_id):
        return RedirectResponse(open_to_them.address, 303)
    return None


def _sign_in_for(visitor: Visitor) -> str:
    """Give where to sign in so that one comes back to the page that was asked for, such as a link in a mail."""
    from urllib.parse import quote

    asked = visitor.address
    return f"/sign-in?next={quote(asked, safe='')}" if asked not in ("", "/ui", "/ui/") else "/sign-in"


def _refuse(visitor: Visitor, permission: Permission) -> None:
    """Say that the page is for others, for whom, and whom to ask."""
    from nicegui import ui

    words, acting = visitor.words, visitor.acting()
    header(visitor, "")
    roles = [one.role for one in acting.principal.grants if one.shop_id == acting.shop_id]
    mine = ", ".join(words("roles", role) for role in roles)
    text = words("not_yours_more").format(needed=words("permissions", permission), mine=mine)
    with ui.element("div").classes("so-page so-single"):
        ui.html(empty(words("not_yours"), text), sanitize=False)


def tell(panel: Any, text: str) -> None:
    """Let a part of a page say one thing and nothing else; screen readers hear it."""
    from nicegui import ui

    panel.clear()
    with panel:
        ui.label(text).classes("so-soft").props("role=status")


def page_frame(visitor: Visitor, sheets: tuple[str, ...]) -> None:
    """Set the page's language, title and looks; call it first."""
    from nicegui import ui

    language = visitor.language
    ui.page_title(visitor.words("app"))
    use_theme(visitor)
    ui.colors(**COLOURS)
    ui.add_head_html(f"<style>{style(sheets)}</style>")
    ui.run_javascript(f'document.documentElement.lang = "{HTML_LANG[language]}"')


def header(
    visitor: Visitor, here: str, *, title: str = "", tagline: str = "", more: Callable[[], None] | None = None
) -> None:
    """Show what stands around every page: the rail with the pages, the kill switch, and the page's own controls.

    `here` names the page in `navigation`; `title` stands in the browser's tab before the product's name; `more` adds a
    page's own controls above its content.
    """
    from nicegui import ui

    words, acting = visitor.words, visitor.acting()
    named = title or (words("pages", here) if here else "")
    ui.page_title(f"{named} · {words('app')}" if named else words("app"))
    with ui.element("header").classes("so-rail"):
        small = f" title={escape(tagline)!r}" if tagline else ""
        ui.html(f"<h1{small}><a href='/ui/'>{words('app')}</a></h1>", sanitize=False)
        ui.html(_menu_button(words("menu")), sanitize=False)
        with ui.element("div").classes("so-menu").props("id=so-menu"):
            ui.html(rail_links(acting, words, here, _counts(acting)), sanitize=False)
            _mine(visitor)
    StopBar(visitor).build()
    if more is not None:
        with ui.element("div").classes("so-top"):
            more()


def _mine(visitor: Visitor) -> None:
    """Show what is the visitor's own: shop, language, theme, who they are, the way out."""
    from nicegui import ui

    words, acting = visitor.words, visitor.acting()
    shops = list(acting.principal.shops())

    def change_shop(event: Any) -> None:
        visitor.kept[SHOP] = event.value
        visitor.kept.pop(THREAD, None)
        ui.navigate.reload()

    def switch_language() -> None:
        visitor.switch_language()
        ui.navigate.reload()

    def switch_theme() -> None:
        next_theme(visitor)
        ui.navigate.reload()

    with ui.element("div").classes("so-mine"):
        if len(shops) > 1:
            ui.select(shops, value=acting.shop_id, label=words("shop"), on_change=change_shop).props("dense outlined")
        ui.button(words("other_language"), on_click=switch_language).props("flat no-caps dense color=primary")
        theme = words("themes", theme_of(visitor))
        ui.button(theme, on_click=switch_theme).props("flat no-caps dense color=primary")
        ui.html(f"<p>{escape(acting.principal.name)}</p>", sanitize=False)
        form = f'<form method="post" action="/sign-out" class="so-out"><button>{words("sign_out")}</button></form>'
        ui.html(form, sanitize=False)


def _menu_button(name: str) -> str:
    turn = (
        "const menu=document.getElementById('so-menu');"
        "this.setAttribute('aria-expanded',menu.classList.toggle('so-open'))"
    )
    return (
        f'<button type="button" class="so-menu-button" aria-expanded="false" aria-controls="so-menu" '
        f'onclick="{turn}">{escape(name)}</button>'
    )


def _counts(acting: Acting) -> dict[str, int]:
    if not acting.principal.may("read", acting.shop_id):
        return {}
    return {"approvals": len(approvals.waiting(acting))}


@cache
def style(sheets: tuple[str, ...]) -> str:
    """Give what every page is dressed by, and these sheets of a page's own, as CSS."""
    return "\n".join((STYLE / f"{name}.css").read_text(encoding="utf-8") for name in (*SHARED_SHEETS, *sheets))
