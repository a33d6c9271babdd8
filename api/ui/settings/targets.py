"""Targets of a plan's messages: which share somebody hopes is opened, clicked or followed by an order."""

from html import escape
from typing import Any

from api.ui.shell.numbers import instant, percent
from api.ui.shell.parts import do, empty, fill, table
from api.ui.shell.visible import visible
from api.ui.shell.visitor import Visitor
from api.verbs import plans, targets
from api.verbs.acting import Acting
from memory.domain.message_target import TARGET_METRICS, TargetMetric, messages_of

N_PLANS = 50


class Targets:
    """A plan's targets, one plan at a time."""

    def __init__(self, visitor: Visitor, plan_id: str) -> None:
        """Show the plan that the address names, the newest where it names none."""
        acting = visitor.acting()
        self._visitor, self._plan_id, self._zone = visitor, plan_id, acting.shop().zone
        self._may_set = acting.principal.may("plan", acting.shop_id)

    def build(self) -> None:
        """Make the part."""
        from nicegui import ui

        ui.html(f"<p class='so-lead'>{self._visitor.words('targets', 'lead')}</p>", sanitize=False)
        fill(self._visitor, self._read, self._draw)

    def _read(self, acting: Acting) -> Any:
        listed = plans.list_plans(acting)[:N_PLANS]
        if not listed:
            return None
        plan = plans.get(acting, self._plan_id or listed[0].plan_id).plan
        return listed, plan, targets.targets(acting, plan.id)

    def _draw(self, found: Any) -> None:
        from nicegui import ui

        words = self._visitor.words
        if found is None:
            more, way = words("targets", "no_plan_more"), ("/ui/chat", words("targets", "to_chat"))
            ui.html(empty(words("targets", "no_plan"), more, way), sanitize=False)
            return
        listed, plan, known = found
        named = {one.plan_id: f"{one.title} ({one.plan_id[:8]})" for one in listed} | {
            plan.id: f"{plan.title} ({plan.id[:8]})"
        }
        chosen = ui.select(named, value=plan.id, label=words("targets", "plan"), on_change=self._go)
        chosen.props("outlined dense").classes("so-wide-field")
        ui.html(self._table(known), sanitize=False)
        if self._may_set:
            self._form(plan)

    def _table(self, known: Any) -> str:
        words = self._visitor.words
        if not known:
            return f"<p class='so-soft'>{escape(words('targets', 'none'))}</p>"
        rows = [
            (
                visible(one.message),
                escape(words("targets", "metrics", one.metric)),
                percent(one.rate, words.language),
                escape(instant(one.set_at, self._zone, words.language)),
            )
            for one in known
        ]
        heads = tuple(words("targets", name) for name in ("message", "metric", "rate", "set_at"))
        return table(words("targets", "known"), heads, rows, numbers=frozenset({2}))

    def _form(self, plan: Any) -> None:
        from nicegui import ui

        words = self._visitor.words
        messages = list(messages_of(plan))
        with ui.element("div").classes("so-fields so-section"):
            message = ui.select(messages, value=messages[0], label=words("targets", "message"), with_input=True)
            metric = ui.select(
                {one: words("targets", "metrics", one) for one in TARGET_METRICS}, value="click",
                label=words("targets", "metric"),
            )  # fmt: skip
            rate = ui.number(words("targets", "rate_percent"), value=5, min=0, max=100, step=0.1)
            rate.props["hint"] = words("targets", "zero")
            for one in (message, metric, rate):
                one.props("outlined dense")

        async def save() -> None:
            name: TargetMetric = next(one for one in TARGET_METRICS if one == metric.value)
            rates: dict[TargetMetric, float] = {name: float(rate.value or 0) / 100}
            chosen, said = str(message.value or ""), words("targets", "saved")
            if (
                await do(self._visitor, lambda acting: targets.set_targets(acting, plan.id, chosen, rates), said)
                is not None
            ):
                ui.navigate.to(f"/settings?part=targets&plan={plan.id}")

        with ui.element("div").classes("so-buttons"):
            ui.button(words("targets", "save"), on_click=save).props("unelevated no-caps color=primary")

    def _go(self, event: Any) -> None:
        from nicegui import ui

        ui.navigate.to(f"/settings?part=targets&plan={event.value}")
