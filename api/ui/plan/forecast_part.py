"""The forecast of a plan and its what-if: limits in the address (`?budget=&cap=&margin=&price=&holdout=`)."""

from typing import Any

from api.ui.shell.parts import bookmark, fill, refill
from api.verbs import plans
from api.verbs.acting import Acting
from memory.domain.errors import InvalidInput

from .forecast_view import render_forecast, render_what_if
from .opened import Opened
from .why import why

LIMITS = {"cap": "promotional_cap", "margin": "min_margin_rate", "price": "min_price_ratio", "holdout": "holdout_rate"}
"""Names in the address, and the verb's."""
PERCENT = ("margin", "price", "holdout")
FIELDS = ("budget", *LIMITS)


def show_forecast(opened: Opened) -> None:
    """Show the forecast with its range and basis, then controls that look at other limits and change nothing."""
    from nicegui import ui

    def read(acting: Acting) -> tuple[Any, str]:
        found = plans.price(acting, opened.plan.id).outlook
        return found, plans.explain(acting, opened.plan.id, "forecast", opened.words.language)

    def draw(found: tuple[Any, str]) -> None:
        shown = render_forecast(found[0], opened.plan, opened.words) + why(found[1], opened.words)
        ui.html(shown, sanitize=False)

    fill(opened.visitor, read, draw)
    Controls(opened).build()


class Controls:
    """The fields of the what-if and its answer."""

    def __init__(self, opened: Opened) -> None:
        """Begin with the limits of the address."""
        self._opened = opened
        self._fields: dict[str, Any] = {}

    def build(self) -> None:
        """Make fields, button and answer; the answer is read at once."""
        from nicegui import ui

        words = self._opened.words
        with ui.element("section").classes("so-section").props('aria-labelledby="so-what-if"'):
            title, about = words("plan_page", "what_if"), words("plan_page", "what_if_about")
            ui.html(f'<h3 id="so-what-if">{title}</h3><p class="so-soft">{about}</p>', sanitize=False)
            with ui.element("div").classes("so-fields"):
                for name in FIELDS:
                    unit = self._opened.plan.budget.total.currency if name == "budget" else "%"
                    label = words("plan_page", "limits", name).format(unit=unit)
                    field = ui.input(label, value=self._opened.query.get(name, ""))
                    self._fields[name] = field.props("outlined dense inputmode=decimal maxlength=16")
                    field.on("keydown.enter", self._ask)
            with ui.element("div").classes("so-buttons"):
                ui.button(words("plan_page", "work_out"), on_click=self._ask).props("unelevated no-caps color=primary")
                ui.button(words("plan_page", "clear"), on_click=self._clear).props("flat no-caps color=primary")
            self._answer = fill(self._opened.visitor, self._read, self._draw)

    def _asked(self) -> dict[str, str]:
        return {name: str(field.value or "").strip() for name, field in self._fields.items()}

    async def _ask(self) -> None:
        bookmark(self._opened.address("forecast", **self._asked()))
        await refill(self._opened.visitor, self._answer, self._read, self._draw)

    async def _clear(self) -> None:
        for field in self._fields.values():
            field.value = ""
        await self._ask()

    def _read(self, acting: Acting) -> Any:
        budget, limits = asked_limits(self._asked())
        found = plans.what_if(acting, self._opened.plan.id, budget, **limits)
        return found, plans.what_if_words(found, self._opened.words.language)

    def _draw(self, found: Any) -> None:
        from nicegui import ui

        ui.html(render_what_if(found[0], found[1], self._opened.words), sanitize=False)


def asked_limits(given: dict[str, str]) -> tuple[str | None, dict[str, float | None]]:
    """Read what was typed: a sum, a whole number of messages, and percentages as rates of 0..1.

    Raise `InvalidInput` that names the field.
    """
    limits: dict[str, float | None] = {}
    for name, field in LIMITS.items():
        text = given.get(name, "").replace("%", "").replace(",", ".").strip()
        if not text:
            continue
        try:
            number = float(text)
        except ValueError:
            raise InvalidInput(what=name, why=f"{text[:40]!r} is no number", remedy="Write digits only") from None
        limits[field] = number / 100 if name in PERCENT else number
    return given.get("budget", "").replace(" ", "") or None, limits
