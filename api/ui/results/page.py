"""The page of results: what a plan that went live changed, its goal, its curve, its money, and what decides nothing."""

from collections.abc import Callable
from functools import partial
from html import escape
from typing import get_args

from agent.assembly import App
from agent.reports.lift_files import LiftFormat
from agent.reports.lift_model import PlanLift
from api.ui.shell.frame import add_page, header
from api.ui.shell.numbers import day
from api.ui.shell.parts import do, empty, fill, refill, status, tabs
from api.ui.shell.visible import visible
from api.ui.shell.visitor import Visitor
from api.ui.shell.words import Words
from api.verbs import hindsight, plans, reports
from api.verbs.acting import Acting
from api.verbs.plans import ListedPlan
from memory.domain.approval import PlanStatus

from .cost_view import render_budget, render_channels, render_cost, render_diagnostics, render_flow
from .lift_view import render_goals, render_lift, render_repeat
from .view import render_brief_panel, render_hindsight_panel, render_review_panel

PARTS: dict[str, Callable[[PlanLift, Words], str]] = {
    "lift": render_lift, "goals": render_goals, "repeat": render_repeat, "cost": render_cost,
}  # fmt: skip
"""The parts that one reading of the lift report fills."""
LAST = "diagnostics"
RAN: tuple[PlanStatus, ...] = ("live", "finished", "stopped")
"""Plans that may have brought something."""
TABS = (*PARTS, "review", "brief", "hindsight", LAST)
"""The parts of the page: the first is open where none is named, the last decides nothing."""
MAX_LISTED = 60


def register(app: App) -> None:
    """Add the page; without a plan, or with `?plan=ID`, it opens the newest or the named one."""
    add_page(app, "/results", "read", lambda visitor: Page(visitor, "").build())
    add_page(app, "/results/{plan_id}", "read", lambda visitor, plan_id: Page(visitor, plan_id).build())


class Page:
    """The elements of one open page."""

    def __init__(self, visitor: Visitor, plan_id: str) -> None:
        """Begin with the plan that the address names and the part it asks for."""
        from nicegui import ui

        self._visitor, asked = visitor, ui.context.client.request.query_params
        self._named = plan_id or asked.get("plan", "")
        self._part = next((one for one in TABS if one == asked.get("part", "")), TABS[0])

    def build(self) -> None:
        """Make the page: the list of plans is read behind it, then the open plan's part."""
        from nicegui import ui

        words = self._visitor.words
        ui.html(f'<a class="so-skip" href="#results">{words("skip_results")}</a>', sanitize=False)
        header(self._visitor, "results")
        with ui.element("div").classes("so-page so-single so-results").props("id=results tabindex=-1"):
            fill(self._visitor, _that_ran, self._draw)

    def _draw(self, found: tuple[ListedPlan, ...]) -> None:
        from nicegui import ui

        words = self._visitor.words
        if not found:
            self._nothing("no_plans", "/ui/plans", "to_plans")
            return
        one = next((plan for plan in found if plan.plan_id.startswith(self._named)), None)
        if one is None:
            self._nothing("no_such_plan", "/ui/results", "newest")
            return
        with ui.element("div").classes("so-head"):
            chip = status(words("status", one.status), "stopped" if one.status == "stopped" else "")
            lead = f"{words('results', 'drafted')} {day(one.created_at.date(), words.language)} · {one.plan_id[:12]}"
            ui.html(f"<h2>{visible(one.title)}</h2><p class='so-soft'>{chip} {escape(lead)}</p>", sanitize=False)
            self._downloads(one.plan_id)
        ui.html(_others(found, one, words("results", "other_plans"), self._part), sanitize=False)
        address = f"/ui/results/{one.plan_id}"
        links = [(f"{address}?part={name}", words("results", "parts", name), name == self._part) for name in TABS]
        ui.html(tabs(words("results", "parts_label"), links), sanitize=False)
        with ui.element("section").props(f'aria-label="{words("pages", "results")}"'):
            self._show(one.plan_id)

    def _nothing(self, what: str, address: str, way: str) -> None:
        from nicegui import ui

        words = self._visitor.words
        html = empty(words("results", what), words("results", f"{what}_more"), (address, words("results", way)))
        ui.html(html, sanitize=False).props("role=status")

    def _downloads(self, plan_id: str) -> None:
        from nicegui import ui

        words = self._visitor.words
        with ui.element("div").classes("so-downloads").props(f'role=group aria-label="{words("results", "download")}"'):
            ui.html(f'<span class="so-soft">{words("results", "download")}</span>', sanitize=False)
            for form in get_args(LiftFormat):
                name = f"{words('results', 'download')}: {form.upper()}"
                button = ui.button(form.upper(), on_click=partial(self._download, plan_id, form))
                button.props(f'outline dense no-caps color=primary aria-label="{name}"')

    async def _download(self, plan_id: str, form: LiftFormat) -> None:
        from nicegui import ui

        language = self._visitor.language
        ui.notify(self._visitor.words("results", "making"), color="primary", timeout=3000)
        made = await do(self._visitor, lambda acting: reports.download(acting, plan_id, form, language), "")
        if made is not None:
            ui.download(made.content, made.name, made.media_type)

    def _show(self, plan_id: str) -> None:
        """Fill the open part."""
        words, language = self._visitor.words, self._visitor.language
        if self._part in PARTS:
            render = PARTS[self._part]
            self._html(lambda acting: render(reports.lift_lately(acting, plan_id), words))
        if self._part == "cost":
            self._titled(
                "earned", lambda acting: _lines(reports.earned_words(reports.earned(acting, plan_id), language))
            )
            self._titled(
                "channels_of_shop", lambda acting: render_channels(acting.lately("channels", reports.channels), words)
            )
            self._titled("budget_of_shop", lambda acting: render_budget(acting.lately("budget", reports.budget), words))
        elif self._part == LAST:
            self._html(lambda acting: render_diagnostics(reports.lift_lately(acting, plan_id), words))
            self._titled("flow", lambda acting: render_flow(reports.flow(acting, plan_id), words))
        elif self._part == "review":
            self._titled("review", lambda acting: render_review_panel(reports.review(acting, plan_id), words))
        elif self._part == "brief":
            self._titled("brief", lambda acting: render_brief_panel(reports.brief(acting, plan_id, language)))
        elif self._part == "hindsight":
            self._hindsight(plan_id)

    def _titled(self, name: str, read: Callable[[Acting], str]) -> None:
        from nicegui import ui

        with ui.element("section").classes("so-section").props(f'aria-labelledby="so-{name}"'):
            ui.html(f'<h3 id="so-{name}">{self._visitor.words("results", name)}</h3>', sanitize=False)
            self._html(read)

    def _html(self, read: Callable[[Acting], str]) -> None:
        fill(self._visitor, read, _draw)

    def _hindsight(self, plan_id: str) -> None:
        from nicegui import ui

        acting, words = self._visitor.acting(), self._visitor.words

        async def ask() -> None:
            button.disable()
            with answer:
                ui.label(words("results", "asking")).classes("so-loading").props("role=status")
            await refill(
                self._visitor, answer,
                lambda acting: render_hindsight_panel(hindsight.ask(acting, plan_id, []), words),
                _draw,
            )  # fmt: skip
            button.enable()

        with ui.element("section").props('aria-labelledby="so-hindsight"'):
            ui.html(f'<h3 id="so-hindsight">{words("results", "hindsight")}</h3>'
                    f'<p class="so-soft">{words("results", "hindsight_about")}</p>', sanitize=False)  # fmt: skip
            if not acting.principal.may("evaluate", acting.shop_id):
                ui.label(words("results", "not_evaluator")).classes("so-soft")
                return
            button = ui.button(words("results", "ask"), on_click=ask).props("outline no-caps color=primary")
            answer = ui.element("div").classes("so-section")


def _draw(html: str) -> None:
    from nicegui import ui

    ui.html(html, sanitize=False)


def _that_ran(acting: Acting) -> tuple[ListedPlan, ...]:
    return tuple(one for one in plans.list_plans(acting) if one.status in RAN)


def _others(found: tuple[ListedPlan, ...], open_: ListedPlan, title: str, part: str) -> str:
    """Give links to the other plans, folded; the newest of them where there are very many."""
    others = [one for one in found if one is not open_]
    if not others:
        return ""
    links = "".join(
        f'<li><a href="/ui/results/{escape(one.plan_id)}?part={part}">{visible(one.title)} · {one.plan_id[:8]}</a></li>'
        for one in others[:MAX_LISTED]
    )
    return (
        f'<details class="so-more"><summary>{escape(title.format(n=len(others)))}</summary><ul>{links}</ul></details>'
    )


def _lines(text: str) -> str:
    """Give lines of a report in words: what is indented belongs to the line before it."""
    first, *rest = text.split("\n")
    body = "".join(f"<p{' class=so-in' if line.startswith('  ') else ''}>{visible(line)}</p>" for line in rest if line)
    return f'<p class="so-soft">{visible(first)}</p>{body}'
