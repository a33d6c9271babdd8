"""The playbook's guided form: the wishes that a brief holds, without having to find words for them."""

import json
from typing import Any

from api.ui.shell.refusals import error_text
from api.ui.shell.visitor import Visitor
from memory.domain.errors import InvalidInput
from memory.domain.money import Money

CHANNELS = ("sms", "push")
KINDS = ("category_series", "price_drop", "back_in_stock", "seasonal_reactivation", "care_guide")
"""Kinds that people most often leave out; the chat takes every other."""


async def ask_form(visitor: Visitor) -> str | None:
    """Ask in a dialog that holds the focus; give the brief as JSON, none where it was left."""
    from nicegui import ui

    words, currency = visitor.words, visitor.acting().shop().currency
    with ui.dialog().props(f'aria-label="{words("guided", "title")}"') as dialog, ui.card().classes("so-ask-card"):
        ui.html(f"<h2>{words('guided', 'title')}</h2><p>{words('guided', 'about')}</p>", sanitize=False)
        budget = ui.input(words("guided", "budget").format(currency=currency)).props("outlined dense autofocus")
        channels = ui.select(
            {one: words("channels", one) for one in CHANNELS}, multiple=True, label=words("guided", "channels")
        )
        kinds = ui.select(
            {one: words("guided", f"kind_{one}") for one in KINDS}, multiple=True, label=words("guided", "kinds")
        )
        for field in (channels, kinds):
            field.props("outlined dense use-chips").classes("full-width")
        holdout = ui.input(words("guided", "holdout")).props("outlined dense")
        wrong = ui.label().classes("so-bad").props("role=alert")
        with ui.element("div").classes("so-ask-buttons"):
            ui.button(words("stop", "cancel"), on_click=lambda: dialog.submit(None)).props("flat no-caps color=primary")

            def draft() -> None:
                try:
                    dialog.submit(_brief(budget.value, currency, channels.value, kinds.value, holdout.value))
                except InvalidInput as error:
                    wrong.set_text(error_text(error, words))

            ui.button(words("draft_now"), on_click=draft).props("unelevated no-caps color=primary")
    found = await dialog
    if not dialog.is_deleted:
        dialog.delete()
    return str(found) if found else None


def _brief(budget: Any, currency: str, channels: Any, kinds: Any, holdout: Any) -> str:
    """Give the brief of what was filled in; raise `InvalidInput` that names the field."""
    found: dict[str, Any] = {}
    if str(budget or "").strip():
        found["budget"] = Money.parse(str(budget).replace(",", ""), currency).model_dump(mode="json")
    if channels:
        found["excluded_channels"] = list(channels)
    if kinds:
        found["excluded_kinds"] = list(kinds)
    if str(holdout or "").strip():
        found["holdout_rate"] = _rate(str(holdout))
    return json.dumps(found)


def _rate(text: str) -> float:
    try:
        value = float(text.strip().rstrip("%％"))
    except ValueError:
        value = -1.0
    if not 0 <= value <= 100:
        raise InvalidInput(what=f"share {text[:20]!r}", why="it is no percentage", remedy="Write it as 10.")
    return round(value / 100, 6)
