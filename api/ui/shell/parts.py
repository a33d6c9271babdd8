"""The parts that pages are made of: what waits, what is empty, what went wrong, tables, figures, pictures."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary

from api.verbs.acting import Acting
from memory.domain.errors import NotAuthenticated, SecondOrderError

from .going import go
from .refusals import error_html, error_text

if TYPE_CHECKING:
    from .visitor import Visitor

QUICK_SECONDS = 0.1
"""How long a page waits for its parts before it leaves: what is read by then stands in its first paint."""
_FILLING: WeakKeyDictionary[Any, list[asyncio.Task[None]]] = WeakKeyDictionary()
"""The parts that are being read for a page that has not left yet, by its client."""


class Figure(NamedTuple):
    """One number that people look for first."""

    name: str
    """What it is."""
    value: str
    """The number with its unit."""
    more: str = ""
    """Its interval, basis or day."""


def figures(shown: Iterable[Figure]) -> str:
    """Give figures as a list of tiles."""
    tiles = "".join(
        f"<div><dt>{escape(one.name)}</dt><dd>{escape(one.value)}</dd>"
        + (f'<dd class="so-soft">{escape(one.more)}</dd>' if one.more else "")
        + "</div>"
        for one in shown
    )
    return f'<dl class="so-figures">{tiles}</dl>'


def terms(rows: Iterable[tuple[str, str, str]]) -> str:
    """Give terms as tiles: what it is called, what it says, and one sentence more."""
    tiles = "".join(
        f'<div><dt>{escape(name)}</dt><dd><b>{escape(value)}</b><span class="so-soft">{escape(more)}</span></dd></div>'
        for name, value, more in rows
    )
    return f'<dl class="so-terms">{tiles}</dl>'


def heading(title: str, lead: str = "") -> str:
    """Give a page's title and one sentence on what it is for."""
    said = f'<p class="so-lead">{escape(lead)}</p>' if lead else ""
    return f"<div><h2>{escape(title)}</h2>{said}</div>"


def empty(title: str, text: str, link: tuple[str, str] | None = None) -> str:
    """Give the state of nothing to show: what is not there, why, and where to go (`link`: address and words)."""
    way = f'<p><a href="{escape(link[0])}">{escape(link[1])}</a></p>' if link else ""
    return f'<div class="so-empty"><div><h2>{escape(title)}</h2><p class="so-soft">{escape(text)}</p>{way}</div></div>'


def notice(html: str, kind: str = "") -> str:
    """Give a box that says something; `html` is safe already; `kind` is empty, `warn` or `wrong`."""
    return f'<div class="so-notice{f" so-{kind}" if kind else ""}">{html}</div>'


def status(text: str, kind: str = "") -> str:
    """Give a state as a small label; `kind` adds its colour (`waiting`, `rejected`, `stopped`)."""
    return f'<span class="so-status{f" so-{kind}" if kind else ""}">{escape(text)}</span>'


def table(
    caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: frozenset[int] = frozenset()
) -> str:
    """Give a table that scrolls sideways by itself and is reached by keyboard.

    The first cell of a row names it. Cells are HTML: escape what comes from data. `numbers` are the places of columns
    that hold numbers.
    """
    head = "".join(f'<th scope="col"{_number(at in numbers)}>{escape(name)}</th>' for at, name in enumerate(heads))
    body = "".join(f"<tr>{''.join(_cell(cell, at, at in numbers) for at, cell in enumerate(row))}</tr>" for row in rows)
    return (
        f'<div class="so-scroll" tabindex="0" role="region" aria-label="{escape(caption)}"><table>'
        f"<caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _cell(html: str, at: int, is_number: bool) -> str:
    return f'<th scope="row">{html}</th>' if at == 0 else f"<td{_number(is_number)}>{html}</td>"


def _number(is_number: bool) -> str:
    return ' class="so-num"' if is_number else ""


def chart(svg: str, caption: str, table_title: str, behind: str) -> str:
    """Give a picture with its caption, and the table behind it for whoever would rather read: `behind` is HTML."""
    return (
        f'<figure class="so-chart" style="margin:0"><div role="img" aria-label="{escape(caption)}">{svg}</div>'
        f'<figcaption class="so-soft">{escape(caption)}</figcaption>'
        f"<details><summary>{escape(table_title)}</summary>{behind}</details></figure>"
    )


def tabs(label: str, links: Iterable[tuple[str, str, bool]]) -> str:
    """Give parts of a page as links (address, words, whether it is the open one), each with an address of its own."""
    shown = "".join(
        f'<a href="{escape(address)}"{" aria-current=page" if is_open else ""}>{escape(name)}</a>'
        for address, name, is_open in links
    )
    return f'<nav class="so-tabs" aria-label="{escape(label)}">{shown}</nav>'


def fill(visitor: "Visitor", read: Callable[[Acting], Any], draw: Callable[[Any], None]) -> Any:
    """Make a part of the page that is read behind and drawn when it is there; give its element.

    What is slow to read does not hold the page up (`settle`). `read` runs in a thread of its own; `draw` makes elements
    of what it gave. A refusal stands in the part's place and leaves the others alone; a session that ended leads to the
    sign-in page.
    """
    from nicegui import background_tasks, ui

    part = ui.element("div").props("aria-busy=true")
    with part:
        ui.label(visitor.words("reading")).classes("so-loading").props("role=status")
    filling = background_tasks.create(refill(visitor, part, read, draw), name="part of a page")
    client = ui.context.client
    if not client.has_socket_connection:
        _FILLING.setdefault(client, []).append(filling)
    return part


async def settle() -> None:
    """Wait a moment for the parts of the page that is being made; the others follow behind it."""
    from nicegui import ui

    filling = _FILLING.pop(ui.context.client, [])
    if filling:
        await asyncio.wait(filling, timeout=QUICK_SECONDS)


async def refill(visitor: "Visitor", part: Any, read: Callable[[Acting], Any], draw: Callable[[Any], None]) -> None:
    """Read a part anew behind the page, then draw it in the place of what stood there."""
    from nicegui import ui

    try:
        found, wrong = await asyncio.to_thread(_read, visitor, read), ""
    except NotAuthenticated:
        with part:
            go("/sign-in")
        return
    except SecondOrderError as error:
        found, wrong = None, error_html(error, visitor.words)
    if part.is_deleted:
        return
    part.props("aria-busy=false")
    part.clear()
    with part:
        if wrong:
            ui.html(notice(wrong, "wrong"), sanitize=False).props("role=status")
        else:
            draw(found)


def _read(visitor: "Visitor", read: Callable[[Acting], Any]) -> Any:
    return read(visitor.acting())


async def do(visitor: "Visitor", act: Callable[[Acting], Any], said: str) -> Any:
    """Do something behind the page and say that it was done, or say why not; give what it gave, none where refused."""
    from nicegui import ui

    try:
        found = await asyncio.to_thread(_read, visitor, act)
    except NotAuthenticated:
        go("/sign-in")
        return None
    except SecondOrderError as error:
        ui.notify(error_text(error, visitor.words), color="negative", close_button="OK", timeout=10_000)
        return None
    if said:
        ui.notify(said, color="primary", close_button="OK", timeout=8000)
    return found


def bookmark(address: str) -> None:
    """Put a state of the page into the browser's address, so that it can be kept and sent."""
    import json

    from nicegui import ui

    ui.run_javascript(f"history.replaceState(null, '', {json.dumps(address)})")
