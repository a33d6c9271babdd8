"""The part of a plan that looks at one step: `?step=` names it, `?language=` the language its words are shown in."""

from typing import Any

from api.ui.shell.going import go
from api.ui.shell.parts import empty, fill
from api.verbs import plans
from api.verbs.acting import Acting
from api.verbs.recipients import recipients
from api.verbs.step_looks import look_at_step

from .opened import Opened, link, put
from .step_view import render_facts, render_languages, render_messages, render_recipients
from .view import step_title
from .why import why


def show_messages(opened: Opened) -> None:
    """Show the choice of steps and the chosen one, the first of ours where none is named."""
    words, steps = opened.words, opened.plan.steps()
    ours = [step.id for step in steps if step.owner == "us"]
    first = ours[0] if ours else steps[0].id
    chosen = opened.query.get("step", first)
    if chosen not in {step.id for step in steps}:
        said = words("plan_page", "no_step_more")
        way = (opened.address("messages"), words("plan_page", "first_step"))
        put(empty(words("plan_page", "no_step"), said, way))
        return
    _choice(opened, chosen)
    language = opened.query.get("language", "")
    reader = words.language

    def read(acting: Acting) -> tuple[Any, str]:
        look = look_at_step(acting, opened.plan.id, chosen, language, reader)
        return look, plans.explain(acting, opened.plan.id, chosen, reader)

    def draw(found: tuple[Any, str]) -> None:
        look, reason = found
        put(render_facts(look, opened.plan.zone, words) + why(reason, words))
        put(render_languages(look, opened))
        put(render_messages(look, words))

    fill(opened.visitor, read, draw)
    fill(
        opened.visitor,
        lambda acting: recipients(acting, opened.plan.id, chosen),
        lambda found: put(render_recipients(found, opened, chosen)),
    )


def _choice(opened: Opened, chosen: str) -> None:
    """Let one choose a step by its day, cohort and title, or go to the one before or after."""
    from nicegui import ui

    words = opened.words
    names = {
        step.id: f"{words.day(step.day)} · {words('cohorts', journey.cohort)} · {step_title(step, words)}"
        for journey in opened.plan.journeys
        for step in journey.steps
    }
    ids = list(names)
    at = ids.index(chosen)
    with ui.element("div").classes("so-step-choice"):
        select = ui.select(
            names, value=chosen, label=words("plan_page", "step"), with_input=True,
            on_change=lambda event: go(opened.address("messages", step=event.value or chosen)),
        )  # fmt: skip
        select.props("outlined dense")
        for name, other in (("before", at - 1), ("after", at + 1)):
            if 0 <= other < len(ids):
                address = opened.address("messages", step=ids[other], language=opened.query.get("language", ""))
                put(link(words("plan_page", name), address))
