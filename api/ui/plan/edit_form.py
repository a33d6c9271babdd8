"""The form of a plan's wishes: every field of the brief, as people name it."""

from typing import Any, get_args

from agent.planning.catalogue import CATALOGUE
from api.ui.shell.words import Words
from memory.domain.brief import GoalMetric
from memory.domain.cohort import COHORTS
from memory.domain.market import CHANNELS
from memory.domain.message import MESSAGE_KINDS
from memory.domain.plan import Plan

from .step_view import language_name
from .view import step_title


class EditForm:
    """The fields; `values` gives what was filled in by the names of the brief."""

    def __init__(self, plan: Plan, words: Words) -> None:
        """Hold the plan whose wishes are edited."""
        self._plan, self._words = plan, words
        self._fields: dict[str, Any] = {}

    def build(self) -> None:
        """Make the fields, money and measure first, then channels, steps, people and dates."""
        for name, fields in (
            ("measure", self._measure), ("where", self._where), ("steps", self._steps), ("dates", self._dates)
        ):  # fmt: skip
            self._group(name, fields)

    def values(self) -> dict[str, Any]:
        """Give the fields as people left them; what they mean is read by `plan_edits.wishes`."""
        given = {name: field.value for name, field in self._fields.items()}
        return {**given, "currency": self._plan.budget.total.currency}

    def _group(self, name: str, fields: Any) -> None:
        from nicegui import ui

        with ui.element("fieldset").classes("so-group"):
            ui.html(f"{self._words('plan_page', 'groups', name)}", sanitize=False, tag="legend")
            with ui.element("div").classes("so-fields"):
                fields()

    def _measure(self) -> None:
        brief, total = self._plan.brief, self._plan.budget.total
        self._text("budget", str(brief.budget.major()) if brief.budget else "", unit=total.currency)
        rate = "" if brief.holdout_rate is None else f"{brief.holdout_rate * 100:g}"
        self._text("holdout_percent", rate, unit="%")
        self._one("goal_metric", {one: self._words("plan_page", "goals", one) for one in get_args(GoalMetric)},
                  brief.goal.metric)  # fmt: skip
        self._text("goal_days", str(brief.goal.within_days))

    def _where(self) -> None:
        words, brief = self._words, self._plan.brief
        channels = {one: words("channels", one) for one in CHANNELS}
        self._many("excluded_channels", channels, brief.excluded_channels)
        pairs = {
            f"{market} {channel}": f"{market} · {channels[channel]}"
            for market in self._plan.markets
            for channel in CHANNELS
        }
        pairs |= {f"{market} {channel}": f"{market} · {channels[channel]}" for market, channel in brief.excluded}
        self._many("excluded", pairs, [f"{market} {channel}" for market, channel in brief.excluded])
        named = {one: language_name(one, words) for one in (*self._plan.languages, *brief.languages)}
        self._many("languages", named, brief.languages)

    def _steps(self) -> None:
        words, brief = self._words, self._plan.brief
        kinds: dict[str, str] = {kind: kind.replace("_", " ") for kind in MESSAGE_KINDS}
        kinds |= {one.kind: one.title.get(words.language, one.kind) for one in reversed(CATALOGUE)}
        self._many("excluded_kinds", kinds, brief.excluded_kinds)
        steps = {
            step.id: f"{words.day(step.day)} · {words('cohorts', journey.cohort)} · {step_title(step, words)}"
            for journey in self._plan.journeys
            for step in journey.steps
        }
        self._many("removed_steps", {**{one: one for one in brief.removed_steps}, **steps}, brief.removed_steps)
        moved = {
            f"{name} {day}": f"{steps.get(name, name)} → {words.day(day)}" for name, day in brief.moved_steps.items()
        }
        if moved:
            self._many("moved_steps", moved, list(moved))
        self._one("move_step", {"": words("plan_page", "no_step_moved"), **steps}, "")
        self._text("move_day", "")
        cohorts = {one: words("cohorts", one) for one in COHORTS}
        self._many("early_access_first", cohorts, brief.early_access_first)
        self._many("priority", cohorts, brief.priority)
        self._tick("app_priority", brief.app_priority)

    def _dates(self) -> None:
        for name in ("anchor_on", "peak_from", "peak_until"):
            found = getattr(self._plan.brief, name)
            self._text(name, "" if found is None else str(found)).props("type=date stack-label")

    def _label(self, name: str, **values: str) -> str:
        return self._words("plan_page", "fields", name).format(**values)

    def _text(self, name: str, value: str, **values: str) -> Any:
        from nicegui import ui

        self._fields[name] = ui.input(self._label(name, **values), value=value).props("outlined dense maxlength=20")
        return self._fields[name]

    def _one(self, name: str, options: dict[str, str], value: str) -> None:
        from nicegui import ui

        self._fields[name] = ui.select(options, value=value, label=self._label(name)).props("outlined dense")

    def _many(self, name: str, options: dict[Any, str], value: Any) -> None:
        from nicegui import ui

        field = ui.select(options, value=list(value), label=self._label(name), multiple=True)
        self._fields[name] = field.props("outlined dense use-chips")

    def _tick(self, name: str, value: bool) -> None:
        from nicegui import ui

        self._fields[name] = ui.checkbox(self._label(name), value=value)
