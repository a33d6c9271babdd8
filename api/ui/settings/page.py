"""Settings: people and roles, tokens, channels, markets, the shop and its brand voice, targets, language and theme."""

from collections.abc import Callable
from typing import Any

from agent.assembly import App
from api.ui.shell.frame import add_page, header
from api.ui.shell.parts import fill, heading, tabs
from api.ui.shell.theme import THEME, THEMES, theme_of
from api.ui.shell.visitor import LANGUAGE, Visitor
from api.ui.shell.words import LANGUAGES, words
from api.verbs import markets

from .brand import Brand
from .connect import Connect
from .markets_view import render_markets
from .people import People
from .shop_form import ShopForm
from .targets import Targets
from .tokens import Tokens

PARTS = ("users", "tokens", "channels", "markets", "brand", "targets", "language")


def register(app: App) -> None:
    """Add the page."""
    add_page(app, "/settings", "read", lambda visitor: Page(visitor).build())


class Page:
    """One part of the settings, as the address says."""

    def __init__(self, visitor: Visitor) -> None:
        """Read which part is asked for; the first where it is none."""
        from nicegui import ui

        asked = ui.context.client.request.query_params
        self._visitor = visitor
        self._part = asked.get("part", "") if asked.get("part", "") in PARTS else PARTS[0]
        self._plan_id = asked.get("plan", "")[:64]

    def build(self) -> None:
        """Make the page."""
        from nicegui import ui

        say = self._visitor.words
        header(self._visitor, "settings", title=f"{say('settings', self._part)} · {say('pages', 'settings')}")
        shown: dict[str, Callable[[], None]] = {
            "users": lambda: People(self._visitor).build(),
            "tokens": lambda: Tokens(self._visitor).build(),
            "channels": lambda: Connect(self._visitor).build(),
            "markets": self._markets,
            "brand": self._brand,
            "targets": lambda: Targets(self._visitor, self._plan_id).build(),
            "language": self._language,
        }
        links = [(f"/ui/settings?part={part}", say("settings", part), part == self._part) for part in PARTS]
        with ui.element("div").classes("so-page so-single so-settings"):
            ui.html(heading(say("pages", "settings"), say("settings", "lead")), sanitize=False)
            ui.html(tabs(say("settings", "parts"), links), sanitize=False)
            ui.html(f"<h3>{say('settings', self._part)}</h3>", sanitize=False)
            shown[self._part]()

    def _markets(self) -> None:
        from nicegui import ui

        say = self._visitor.words
        ui.html(f"<p class='so-lead'>{say('markets', 'lead')}</p>", sanitize=False)
        fill(self._visitor, markets.every, self._draw_markets)

    def _draw_markets(self, found: tuple[markets.MarketView, ...]) -> None:
        from nicegui import ui

        ui.html(render_markets(found, self._visitor.words), sanitize=False)

    def _brand(self) -> None:
        from nicegui import ui

        say = self._visitor.words
        ShopForm(self._visitor).build()
        with ui.element("section").classes("so-section"):
            ui.html(f"<h3>{say('brand', 'title')}</h3><p class='so-lead'>{say('brand', 'lead')}</p>", sanitize=False)
            Brand(self._visitor).build()

    def _language(self) -> None:
        from nicegui import ui

        say, kept = self._visitor.words, self._visitor.kept

        def choose(name: str) -> Callable[[Any], None]:
            def change(event: Any) -> None:
                kept[name] = event.value
                ui.navigate.reload()

            return change

        names = {one: words(one)("settings", "own_name") for one in LANGUAGES}
        looks = {one: say("themes", one) for one in THEMES}
        with ui.element("div").classes("so-fields"):
            language = ui.select(
                names, value=self._visitor.language, label=say("settings", "language_of"), on_change=choose(LANGUAGE)
            )
            theme = ui.select(
                looks, value=theme_of(self._visitor), label=say("settings", "theme"), on_change=choose(THEME)
            )
            for one in (language, theme):
                one.props("outlined dense")
        ui.html(f"<p class='so-soft'>{say('settings', 'only_you')}</p>", sanitize=False)
