"""The plan as HTML: pure functions from a plan and words to text in which everything foreign is escaped."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from html import escape
from typing import Literal

from agent.planning.catalogue import template_of
from agent.planning.scorecard import scorecard
from api.ui.shell.refusals import reason_html
from api.ui.shell.visible import visible
from api.ui.shell.words import Words
from memory.domain.cohort import Cohort
from memory.domain.outcome import Blocked
from memory.domain.plan import Plan, Step

from .money import money_section, offer_words, offers_section, strip
from .why import why_of

Mark = Literal["new", "changed"]
ICONS: Mapping[str, str] = {
    "email": '<path d="M2 4h12v8H2z M2 4.5l6 4.5 6-4.5" />',
    "sms": '<path d="M2 3h12v8H7l-3 3v-3H2z" />',
    "push": '<path d="M4 12V7a4 4 0 0 1 8 0v5z M2.5 12h11 M7 14h2" />',
    "onpage": '<path d="M2 3h12v10H2z M2 6h12" />',
}


@dataclass(frozen=True)
class Shown:
    """A plan with what the workspace knows about it."""

    plan: Plan
    """The plan."""
    status: str = "draft"
    """Where it stands."""
    blocked: tuple[Blocked, ...] = ()
    """Guardrails that hold it back."""
    changes: tuple[str, ...] = ()
    """What the last turn changed, in words."""
    side_changes: tuple[str, ...] = ()
    """What followed from it, such as offers granted less often, in words."""
    marks: Mapping[str, Mark] = field(default_factory=dict)
    """Step ids that are new or changed."""
    link: Callable[[str], str] | None = None
    """Gives the address of a step by its id; steps are no links where there is none."""
    has_whys: bool = False
    """Whether every cohort and step says why it is there when asked; a step with a page of its own says it there."""


def render_plan(shown: Shown, words: Words) -> str:
    """Give the whole plan: head, figures, changes, checks, timeline, budget, offers, assumptions; why, when asked."""
    shown = replace(shown, has_whys=True)
    parts = (
        _head(shown, words),
        strip(shown.plan, words, has_whys=True),
        changes(shown, words),
        _checks(shown.blocked, words),
        _scorecard(shown.plan, words),
        timeline(shown, words),
        money_section(shown.plan, words),
        offers_section(shown.plan, words),
        _assumptions(shown.plan, words),
    )
    return "".join(parts)


def marks_between(old: Plan | None, new: Plan) -> dict[str, Mark]:
    """Say which steps of `new` the old plan did not have, or had otherwise."""
    if old is None:
        return {}
    before = {step.id: step for step in old.steps()}
    marks: dict[str, Mark] = {}
    for step in new.steps():
        if step.id not in before:
            marks[step.id] = "new"
        elif _essence(step) != _essence(before[step.id]):
            marks[step.id] = "changed"
    return marks


def step_title(step: Step, words: Words) -> str:
    """Give a step's title from the catalogue, its kind where the catalogue has none."""
    template = template_of(step.id.split(".")[-1]) or template_of(step.template)
    return template.title.get(words.language, step.kind) if template else step.kind.replace("_", " ")


def _essence(step: Step) -> tuple[object, ...]:
    return (step.day, step.channels, step.offer_id, step.kind, step.audience, step.local_minute)


def _head(shown: Shown, words: Words) -> str:
    plan = shown.plan
    by = words("drafted_by", plan.planner.kind)
    return (
        f'<div class="so-head"><h2>{visible(plan.title)}</h2>'
        f'<p class="so-soft"><span class="so-status so-{escape(shown.status)}">{words("status", shown.status)}</span> '
        f"<time>{plan.anchor_on}</time> – <time>{plan.ends_on}</time> · {escape(by)} · "
        f'<code title="{plan.id}">{plan.id[:12]}</code></p></div>'
    )


def changes(shown: Shown, words: Words) -> str:
    """Give what changed, side effects apart; nothing where nothing did."""
    if not shown.changes and not shown.side_changes:
        return ""
    more = ""
    if shown.side_changes:
        summary = words("side_changes").format(n=len(shown.side_changes))
        more = f"<details><summary>{summary}</summary>{_rows(shown.side_changes)}</details>"
    title = words("changes")
    return f'<section class="so-changes" aria-live="polite"><h3>{title}</h3>{_rows(shown.changes)}{more}</section>'


def _rows(lines: Collection[str]) -> str:
    return "<ul>" + "".join(f"<li>{visible(line)}</li>" for line in lines) + "</ul>" if lines else ""


def _scorecard(plan: Plan, words: Words) -> str:
    rows = "".join(
        f'<li><span aria-hidden="true">{"✓" if one.is_met else "✗"}</span> {escape(one.words[words.language])}</li>'
        for one in scorecard(plan)
    )
    return f"<details><summary>{words('scorecard')}</summary><ul>{rows}</ul></details>"


def _checks(blocked: Collection[Blocked], words: Words) -> str:
    if not blocked:
        return f'<p class="so-good"><span aria-hidden="true">✓</span> {words("checks_good")}</p>'
    rows = "".join(
        f"<li><b>{escape(_rule(one, words))}</b> {reason_html(one, words)}{_bounds(one, words)}</li>" for one in blocked
    )
    return f'<section class="so-blocked" role="alert"><h3>{words("checks_bad")}</h3><ul>{rows}</ul></section>'


def _rule(one: Blocked, words: Words) -> str:
    found = words.found("plan_page", "rules", one.rule) if words.language != "en" else None
    return found or one.rule.replace("_", " ")


def _bounds(one: Blocked, words: Words) -> str:
    """Give value and limit where the sentence does not name them in their units."""
    if not one.limit or words.language != "en":
        return ""
    actual, limit = visible(one.actual), visible(one.limit)
    return f' <span class="so-soft">({words("actual")} {actual}, {words("limit")} {limit})</span>'


def timeline(shown: Shown, words: Words) -> str:
    """Give phases and journeys as a diagram: a lane of days per cohort, then its steps phase by phase."""
    plan = shown.plan
    heads = "".join(_cohort_head(shown, cohort, words) for cohort in plan.cohorts)
    rows = "".join(
        f'<div class="so-phase"><div class="so-phase-head"><h4>{words("phases", phase.id)}</h4>'
        f"<time>{phase.starts_on:%m-%d}</time> – <time>{phase.ends_on:%m-%d}</time></div>"
        + "".join(_cell(shown, cohort, phase.id, words) for cohort in plan.cohorts)
        + "</div>"
        for phase in plan.phases
    )
    names = "so-phase so-names so-explained" if shown.has_whys else "so-phase so-names"
    return (
        f"<section><h3>{words('timeline')}</h3>{_ruler(shown, words)}"
        f'<div class="so-phases"><div class="{names}"><span></span>{heads}</div>{rows}</div></section>'
    )


def _ruler(shown: Shown, words: Words) -> str:
    """Give one lane per cohort with a mark per step on its day: a picture, hence hidden from screen readers."""
    lanes = []
    for journey in shown.plan.journeys:
        dots = "".join(
            f'<i class="so-dot so-{step.message_class} {shown.marks.get(step.id, "")}"'
            f' style="left:{step.day / 0.9:.2f}%"'
            f' title="{words.day(step.day)} {escape(step_title(step, words))}"></i>'
            for step in journey.steps
        )
        lanes.append(f'<div class="so-lane"><span>{words("cohorts", journey.cohort)}</span><div>{dots}</div></div>')
    legend = "".join(
        f'<span><i class="so-dot so-{kind}"></i>{words("classes", kind)}</span>'
        for kind in ("transactional", "service", "promotional")
    )
    return f'<div class="so-ruler" aria-hidden="true">{"".join(lanes)}<div class="so-legend">{legend}</div></div>'


def _cohort_head(shown: Shown, cohort: Cohort, words: Words) -> str:
    name = words("cohorts", cohort.id)
    has_journey = any(journey.cohort == cohort.id for journey in shown.plan.journeys)
    reason = why_of(shown.plan, cohort.id, words, name) if shown.has_whys and has_journey else ""
    return (
        f'<div class="so-cohort so-c-{cohort.id}"><b>{escape(name)}</b>'
        f"<span>{cohort.n_people:,} {words('people')} · {cohort.n_reachable:,} {words('reachable')}</span>"
        f"{reason}</div>"
    )


def _cell(shown: Shown, cohort: Cohort, phase: str, words: Words) -> str:
    steps = [
        step
        for journey in shown.plan.journeys
        if journey.cohort == cohort.id
        for step in journey.steps
        if step.phase == phase
    ]
    name = f'<h5 class="so-c-{cohort.id}">{words("cohorts", cohort.id)}</h5>'
    if not steps:
        return f'<div class="so-cell">{name}<p class="so-soft">{words("nothing_here")}</p></div>'
    return f'<div class="so-cell">{name}<ol>{"".join(_step(shown, step, words) for step in steps)}</ol></div>'


def _step(shown: Shown, step: Step, words: Words) -> str:
    mark = shown.marks.get(step.id)
    offer = shown.plan.offer(step.offer_id) if step.offer_id else None
    tag = f' <em class="so-mark">{words(mark)}</em>' if mark else ""
    chip = f'<span class="so-chip">{escape(offer_words(offer, words))}</span>' if offer else ""
    note = f'<span class="so-soft so-owner">{words(f"owner_{step.owner}")}</span>' if step.owner != "us" else ""
    icons = "".join(_icon(channel, words) for channel in step.channels)
    title, reason = escape(step_title(step, words)), ""
    if shown.has_whys:
        reason = why_of(shown.plan, step.id, words, step_title(step, words))
    if shown.link is not None:
        title = f'<a href="{escape(shown.link(step.id))}">{title}</a>'
    return (
        f'<li class="so-step so-{step.message_class} {mark or ""}"><span class="so-day">{words.day(step.day)}</span>'
        f"<span>{title}{tag} {icons}{note}{chip}</span>{reason}</li>"
    )


def _icon(channel: str, words: Words) -> str:
    name = words("channels", channel)
    head = f'<svg class="so-icon" viewBox="0 0 16 16" role="img" aria-label="{name}">'
    return f"{head}<title>{name}</title>{ICONS[channel]}</svg>"


def _assumptions(plan: Plan, words: Words) -> str:
    if not plan.assumptions:
        return ""
    summary = f"{words('assumptions')} ({len(plan.assumptions)})"
    return f'<details class="so-assumed"><summary>{summary}</summary>{_rows(plan.assumptions)}</details>'
