"""The pages of plans: the list, and one plan with its parts as addresses of their own."""

from collections.abc import Callable, Mapping
from html import escape

from agent.assembly import App
from api.ui.shell.frame import add_page, header
from api.ui.shell.numbers import day
from api.ui.shell.parts import fill, status, tabs
from api.ui.shell.visible import visible
from api.ui.shell.visitor import Visitor
from api.verbs import plans
from memory.store.plans import StoredPlan

from .acts import show_acts
from .edit_part import show_edit
from .forecast_part import show_forecast
from .listing import Listing
from .opened import PARTS, Opened, Part
from .plain_parts import show_calendar, show_checks, show_journeys, show_money, show_offers
from .step_part import show_messages

SHOW: Mapping[Part, Callable[[Opened], None]] = {
    "journeys": show_journeys,
    "calendar": show_calendar,
    "messages": show_messages,
    "offers": show_offers,
    "money": show_money,
    "checks": show_checks,
    "forecast": show_forecast,
    "edit": show_edit,
}
"""What shows each part of a plan."""


def register(app: App) -> None:
    """Add the list of plans and the page of one; `?part=NAME` opens one of its parts."""
    add_page(app, "/plans", "read", lambda visitor: Listing(visitor).build())
    add_page(app, "/plans/{plan_id}", "read", lambda visitor, plan_id: PlanPage(visitor, plan_id).build())


class PlanPage:
    """The elements of one open plan."""

    def __init__(self, visitor: Visitor, plan_id: str) -> None:
        """Begin with what the address asks for."""
        from nicegui import ui

        self._visitor, self._plan_id = visitor, plan_id
        self._query = dict(ui.context.client.request.query_params)
        self._part = next((part for part in PARTS if part == self._query.get("part")), PARTS[0])

    def build(self) -> None:
        """Make the page: its frame at once, the plan when it is read."""
        from nicegui import ui

        header(self._visitor, "plans")
        with ui.element("div").classes("so-page so-single so-plan-page"):
            fill(self._visitor, lambda acting: plans.get(acting, self._plan_id), self._draw)

    def _draw(self, stored: StoredPlan) -> None:
        from nicegui import ui

        opened = Opened(self._visitor, stored, self._query)
        ui.html(_head(opened), sanitize=False)
        show_acts(opened)
        words = opened.words
        links = [(opened.address(part), words("plan_page", "parts", part), part == self._part) for part in PARTS]
        ui.html(tabs(words("plan_page", "parts_label"), links), sanitize=False)
        with ui.element("div").classes(f"so-part-{self._part}"):
            SHOW[self._part](opened)


def _head(opened: Opened) -> str:
    plan, words, stored = opened.plan, opened.words, opened.stored
    dates = f"{day(plan.anchor_on, words.language)} – {day(plan.ends_on, words.language)}"
    by = words("plan_page", "by").format(
        how=words("drafted_by", plan.planner.kind), who=stored.created_by, touched=", ".join(stored.touched_by)
    )
    return (
        f'<p class="so-soft"><a href="/ui/plans">{words("plan_page", "back")}</a></p>'
        f"<h2>{visible(plan.title)}</h2><p>{status(words('status', stored.status), stored.status)} {escape(dates)}</p>"
        f'<p class="so-soft">{escape(by)} · <code title="{plan.id}">{plan.id[:12]}</code></p>'
    )
