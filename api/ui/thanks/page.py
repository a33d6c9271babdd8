"""The page of the thank-you page: how it is set and looks, goods per market, what it changed, what sharing earned."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from urllib.parse import urlencode

from agent.assembly import App
from api.http.thanks import ShownBlock, shown_block
from api.ui.shell.frame import add_page
from api.ui.shell.parted import open_part, parted, put, section
from api.ui.shell.parts import fill
from api.ui.shell.visitor import Visitor
from api.verbs import thanks_preview, thanks_reports
from api.verbs.acting import Acting
from memory.domain.thanks import MAX_SKU, ThanksStanding

from .block import render_block
from .effect_view import render_effect
from .goods_view import render_goods
from .rewards_view import render_rewards
from .settings_view import choices, no_page, render_settings

PARTS = ("page", "goods", "effect", "rewards")
"""The parts of the page; the first is open where none is named."""
ADDRESS = "/ui/thank-you"


def register(app: App) -> None:
    """Add the page; `?part=page|goods|effect|rewards`, and `market`, `variant`, `sku` for what the preview shows."""
    add_page(app, "/thank-you", "read", lambda visitor: Page(visitor).build())


class Page:
    """The elements of one open page."""

    def __init__(self, visitor: Visitor) -> None:
        """Begin with what the address names."""
        from nicegui import ui

        asked = ui.context.client.request.query_params
        self._visitor, self._part = visitor, open_part(PARTS)
        self._asked = {name: asked.get(name, "")[:MAX_SKU] for name in ("market", "variant", "sku")}
        self._shop = visitor.acting().shop()

    def build(self) -> None:
        """Make the page: how it is set is looked up first, figures over all facts follow."""
        with parted(self._visitor, "thanks", PARTS, self._part, lambda one: f"{ADDRESS}?part={one}"):
            fill(self._visitor, thanks_preview.standing, self._draw)

    def _draw(self, found: ThanksStanding | None) -> None:
        words, zone = self._visitor.words, self._shop.zone
        if found is None:
            acting = self._visitor.acting()
            put(no_page(words, may_set=acting.principal.may("guardrail", acting.shop_id)))
        elif self._part == "page":
            put(render_settings(found, self._shop, words))
            self._preview(found)
        elif self._part == "goods":
            self._fill(thanks_preview.goods_by_market, lambda goods: render_goods(goods, words))
        elif self._part == "effect":
            key = found.set_at.isoformat()
            self._fill(
                lambda acting: acting.lately("thanks_effect", thanks_reports.effect, key),
                lambda effect: render_effect(effect, found.settings.plain_rate, words, zone),
            )
        else:
            self._fill(
                lambda acting: acting.lately("thanks_rewards", thanks_reports.rewards, found.set_at.isoformat()),
                lambda rows: render_rewards(rows, thanks_reports.totals(rows), found.settings, words, zone),
            )

    def _preview(self, found: ThanksStanding) -> None:
        from nicegui import ui

        words = self._visitor.words
        with self._section("preview"):
            put(choices(found.settings, self._shop, self._asked, words))
            with ui.element("form").classes("so-lookup").on("submit.prevent", self._go):
                self._field = ui.input(words("thanks", "ordered"), value=self._asked["sku"]).props(
                    "outlined dense maxlength=200 autocomplete=off"
                )
                ui.button(words("thanks", "show"), on_click=self._go).props("outline no-caps color=primary")
            self._fill(self._specimen, lambda shown: render_block(shown[0], shown[1], words))

    def _specimen(self, acting: Acting) -> tuple[ShownBlock, str | None]:
        shop, order, block = thanks_preview.preview(acting, **self._asked)
        return shown_block(acting.app, shop, order, block), order.code_refused

    def _go(self) -> None:
        from nicegui import ui

        asked = {**self._asked, "sku": str(self._field.value or "").strip()}
        query = urlencode({name: value for name, value in asked.items() if value})
        ui.navigate.to(f"/thank-you?{query}")

    def _fill(self, read: Callable[[Acting], Any], render: Callable[[Any], str]) -> None:
        fill(self._visitor, read, lambda found: put(render(found)))

    def _section(self, name: str) -> AbstractContextManager[None]:
        return section(name, self._visitor.words("thanks", name))
