"""The step of the guardrails: each limit with its reason, sensible ones to begin with, saved as a version."""

from typing import Any

from api.ui.shell.parts import do, fill
from api.ui.shell.visitor import Visitor
from api.verbs import guardrails
from api.verbs.acting import Acting
from memory.domain.guardrails import Guardrails

from .limits import GROUPS, LIMITS, Limit, changed


class LimitsForm:
    """The form; who may not set limits reads it."""

    def __init__(self, visitor: Visitor) -> None:
        """Begin with nothing read."""
        acting = visitor.acting()
        self._visitor = visitor
        self._may_set = acting.principal.may("guardrail", acting.shop_id)
        self._fields: dict[str, Any] = {}

    def build(self) -> None:
        """Make the form."""
        fill(self._visitor, self._read, self._draw)

    def _read(self, acting: Acting) -> Any:
        known = guardrails.history(acting)
        return (guardrails.show(acting).guardrails if known else guardrails.starting(acting)), guardrails.starting(
            acting
        )

    def _draw(self, found: Any) -> None:
        from nicegui import ui

        (now, start), words = found, self._visitor.words
        for group, limits in GROUPS:
            with ui.element("section").classes("so-section"):
                ui.html(f"<h3>{words('start', 'limit_groups', group)}</h3>", sanitize=False)
                with ui.element("div").classes("so-limits"):
                    for limit in limits:
                        self._field(limit, now)
        if not self._may_set:
            ui.html(f"<p class='so-soft'>{words('start', 'limits_closed')}</p>", sanitize=False)
            return
        with ui.element("div").classes("so-buttons"):
            save = ui.button(words("start", "save_limits"), on_click=lambda: self._save(now))
            save.props("unelevated no-caps color=primary id=so-save-limits")
            again = ui.button(words("start", "starting_values"), on_click=lambda: self._fill(start))
            again.props("flat no-caps color=primary")

    def _field(self, limit: Limit, now: Guardrails) -> None:
        from nicegui import ui

        words = self._visitor.words
        with ui.element("div").classes("so-limit"):
            unit = {"money": now.plan_budget.currency, "percent": "%", "hour": words("start", "hour")}
            field = ui.number(
                words("start", "limits", limit.name), value=round(limit.read(now), 4), suffix=unit.get(limit.unit)
            )
            field.props("outlined dense" + ("" if self._may_set else " readonly"))
            ui.html(f"<p class='so-soft'>{words('start', 'reasons', limit.name)}</p>", sanitize=False)
            self._fields[limit.name] = field

    def _fill(self, start: Guardrails) -> None:
        for limit in LIMITS:
            self._fields[limit.name].set_value(round(limit.read(start), 4))

    async def _save(self, now: Guardrails) -> None:
        typed = {name: field.value for name, field in self._fields.items()}
        note, said = self._visitor.words("start", "limits_note"), self._visitor.words("start", "limits_saved")
        await do(self._visitor, lambda acting: guardrails.put(acting, changed(now, typed), note), said)
