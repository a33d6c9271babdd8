"""The plan as a calendar: a row per week, a cell per day, each step a link; held to one cohort where asked."""

from datetime import date, timedelta
from html import escape

from api.ui.shell.numbers import day
from api.ui.shell.parts import tabs
from api.ui.shell.words import LOCALE, Words
from memory.domain.cohort import COHORTS, CohortId
from memory.domain.plan import Step

from .opened import Opened
from .view import step_title


def render_calendar(opened: Opened, cohort: CohortId | None) -> str:
    """Give the choice of cohorts and the weeks of the plan's 90 days."""
    words, plan = opened.words, opened.plan
    links = [(opened.address("calendar"), words("plan_page", "all_cohorts"), cohort is None)]
    links += [(opened.address("calendar", cohort=one), words("cohorts", one), one == cohort) for one in COHORTS]
    steps: dict[date, list[tuple[CohortId, Step]]] = {}
    for journey in plan.journeys:
        for step in journey.steps:
            if cohort in (None, journey.cohort):
                steps.setdefault(step.due_on, []).append((journey.cohort, step))
    first = plan.anchor_on - timedelta(days=plan.anchor_on.weekday())
    n_weeks = (plan.ends_on - first).days // 7 + 1
    heads = "".join(f'<th scope="col">{escape(name)}</th>' for name in _weekdays(words))
    rows = "".join(_week(opened, week + 1, first, steps, cohort is None) for week in range(n_weeks))
    title = words("plan_page", "parts", "calendar")
    about = words("plan_page", "calendar_about").format(zone=plan.zone)
    return (
        f"{tabs(words('plan_page', 'all_cohorts'), links)}<p class='so-soft'>{escape(about)}</p>"
        f'<div class="so-scroll" tabindex="0" role="region" aria-label="{escape(title)}"><table class="so-calendar">'
        f'<caption>{escape(title)}</caption><thead><tr><th scope="col">{escape(words("plan_page", "week"))}</th>{heads}'
        f"</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _week(
    opened: Opened, number: int, first: date, steps: dict[date, list[tuple[CohortId, Step]]], with_cohort: bool
) -> str:
    monday = first + timedelta(weeks=number - 1)
    cells = "".join(_day(opened, monday + timedelta(days=n), steps, with_cohort) for n in range(7))
    return f'<tr><th scope="row">{number}</th>{cells}</tr>'


def _day(opened: Opened, on: date, steps: dict[date, list[tuple[CohortId, Step]]], with_cohort: bool) -> str:
    plan, words = opened.plan, opened.words
    if not plan.anchor_on <= on <= plan.ends_on:
        return '<td class="so-beyond"></td>'
    found = "".join(_entry(opened, cohort, step, with_cohort) for cohort, step in steps.get(on, ()))
    offset = words.day((on - plan.anchor_on).days)
    head = f'<time datetime="{on}" title="{escape(day(on, words.language))}">{on.month}/{on.day}</time>'
    date_line = f'<p class="so-soft">{head} <span>{offset}</span></p>'
    return f"<td>{date_line}<ul>{found}</ul></td>" if found else f'<td class="so-free">{date_line}</td>'


def _entry(opened: Opened, cohort: CohortId, step: Step, with_cohort: bool) -> str:
    words = opened.words
    who = f'<span class="so-soft">{escape(words("cohorts", cohort))}</span> ' if with_cohort else ""
    link = escape(opened.address("messages", step=step.id))
    at = f"{step.local_minute // 60:02}:{step.local_minute % 60:02}"
    return (
        f'<li class="so-entry so-{step.message_class}">{who}<a href="{link}">{escape(step_title(step, words))}</a>'
        f' <span class="so-soft">{at}</span></li>'
    )


def _weekdays(words: Words) -> list[str]:
    from babel.dates import get_day_names

    names = get_day_names("abbreviated", locale=LOCALE[words.language])
    return [str(names[number]) for number in range(7)]
