"""What pages made of parts share: the part that the address names, what stands above it, titled sections."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from .frame import header
from .parts import heading, tabs
from .visitor import Visitor


def open_part(parts: Sequence[str]) -> str:
    """Give the part that the address names (`?part=`), the first where it names none of them."""
    from nicegui import ui

    asked = ui.context.client.request.query_params.get("part", "")
    return asked if asked in parts else parts[0]


@contextmanager
def parted(
    visitor: Visitor, page: str, parts: Sequence[str], part: str, address: Callable[[str], str] | None = None
) -> Iterator[None]:
    """Make a page's title and a link to each of its parts; the block makes the open one.

    `page` is the page's name in `navigation` and the area of its words; `address` gives the address of a part,
    `/ui/PAGE?part=` where it is left out.
    """
    from nicegui import ui

    words, leads = visitor.words, address or (lambda one: f"/ui/{page}?part={one}")
    header(visitor, page)
    with ui.element("div").classes("so-page so-single"):
        put(heading(words("pages", page), words(page, "lead")))
        put(tabs(words(page, "parts_label"), [(leads(one), words(page, "parts", one), one == part) for one in parts]))
        yield


@contextmanager
def section(name: str, title: str) -> Iterator[None]:
    """Make a section that its title (HTML) names for who does not see it."""
    from nicegui import ui

    with ui.element("section").classes("so-section").props(f'aria-labelledby="so-{name}"'):
        put(f'<h3 id="so-{name}">{title}</h3>')
        yield


def put(html: str) -> Any:
    """Put HTML that is safe already on the page; give its element."""
    from nicegui import ui

    return ui.html(html, sanitize=False)
