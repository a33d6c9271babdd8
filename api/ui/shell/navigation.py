"""The pages of the workspace: their addresses, who may open them, and the order in which the rail shows them."""

from html import escape
from typing import NamedTuple

from api.verbs.acting import Acting
from memory.domain.principal import Permission

from .words import Words


class Place(NamedTuple):
    """One page."""

    name: str
    """Its name in the catalogue, under `pages`."""
    address: str
    """Where it is."""
    permission: Permission
    """What opens it."""
    sheets: tuple[str, ...] = ()
    """The sheets of its own, in `style`; what pages share is on every page."""


GROUPS: tuple[tuple[str, tuple[Place, ...]], ...] = (
    ("today", (Place("home", "/ui/", "read", ("home",)),)),
    (
        "planning",
        (
            Place("chat", "/ui/chat", "read", ("chat", "plan")),
            Place("plans", "/ui/plans", "read", ("plan", "plan_page")),
            Place("approvals", "/ui/approvals", "read", ("approvals", "plan")),
            Place("content", "/ui/content", "read", ("content",)),
        ),
    ),
    ("running", (Place("runs", "/ui/runs", "read", ("runs",)), Place("results", "/ui/results", "read", ("results",)))),
    (
        "customers",
        (
            Place("people", "/ui/people", "read", ("people",)),
            Place("members", "/ui/members", "read", ("members",)),
            Place("community", "/ui/community", "read", ("community",)),
            Place("thanks", "/ui/thank-you", "read", ("thanks",)),
            Place("parcels", "/ui/parcels", "read", ("parcels",)),
            Place("support", "/ui/support", "contact", ("support",)),
        ),
    ),
    (
        "ground",
        (
            Place("start", "/ui/start", "import", ("start",)),
            Place("guardrails", "/ui/guardrails", "read", ("guardrails",)),
            Place("sessions", "/ui/sessions", "read", ("sessions",)),
            Place("settings", "/ui/settings", "read", ("start",)),
        ),
    ),
)
"""Groups of pages by the work they belong to."""
PAGES: tuple[Place, ...] = tuple(place for _, places in GROUPS for place in places)


def sheets_of(path: str) -> tuple[str, ...]:
    """Give the sheets of the page that an address below the workspace's belongs to (`/plans/{plan_id}`)."""
    address = f"/ui/{path.strip('/').partition('/')[0]}"
    return next(place.sheets for place in PAGES if place.address == address)


def first_open(acting: Acting) -> Place | None:
    """Give the first page that somebody may open, or none."""
    return next((one for one in PAGES if acting.principal.may(one.permission, acting.shop_id)), None)


def rail_links(acting: Acting, words: Words, here: str, counts: dict[str, int]) -> str:
    """Give the links to the pages that the visitor may open as HTML; `counts` says what waits on which page."""
    parts: list[str] = []
    for group, places in GROUPS:
        links = "".join(
            _link(place, words, here, counts.get(place.name, 0))
            for place in places
            if acting.principal.may(place.permission, acting.shop_id)
        )
        if links:
            title = "" if group == "today" else f"<h2>{escape(words('groups', group))}</h2>"
            parts.append(f"<div>{title}<ul>{links}</ul></div>")
    label = escape(words("pages_label"))
    return f'<nav class="so-pages" id="so-nav" aria-label="{label}">{"".join(parts)}</nav>'


def _link(place: Place, words: Words, here: str, count: int) -> str:
    current = ' aria-current="page"' if place.name == here else ""
    waiting = f'<span class="so-count">{count:,}</span>' if count else ""
    return f'<li><a href="{place.address}"{current}>{escape(words("pages", place.name))}{waiting}</a></li>'
