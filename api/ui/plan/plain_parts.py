"""The parts of a plan that are read and not worked with: journeys, calendar, offers, money, checks."""

from collections.abc import Callable
from html import escape

from api.ui.shell.parts import fill
from api.verbs import codes, plan_checks, plans, segments
from api.verbs.acting import Acting
from memory.domain.cohort import COHORTS

from .calendar_view import render_calendar
from .checks_view import render_checks, render_scorecard
from .money import strip
from .money_view import render_money, render_radius
from .offers_view import render_offers
from .opened import Opened, put
from .trial_view import SIDE
from .view import Shown, changes, marks_between, timeline
from .why import why


def show_journeys(opened: Opened) -> None:
    """Show the figures, the diagram of phases and journeys, and why each cohort gets what it gets.

    `?from=` names another plan: what differs from it is said above and marked in the diagram.
    """
    other = opened.query.get("from", "")
    if other:
        fill(opened.visitor, lambda acting: _compared(opened, acting, other), lambda shown: _draw(opened, shown))
    else:
        _draw(opened, Shown(opened.plan, opened.stored.status, link=_link(opened)))
    fill(opened.visitor, lambda acting: _cohorts(opened, acting), put)


def _draw(opened: Opened, shown: Shown) -> None:
    words = opened.words
    put(changes(shown, words) + strip(opened.plan, words) + timeline(shown, words))


def _compared(opened: Opened, acting: Acting, other: str) -> Shown:
    found = plans.compare(acting, other, opened.plan.id, opened.words.language)
    return Shown(
        opened.plan,
        opened.stored.status,
        changes=tuple(one.words for one in found if one.kind not in SIDE),
        side_changes=tuple(one.words for one in found if one.kind in SIDE),
        marks=marks_between(plans.get(acting, other).plan, opened.plan),
        link=_link(opened),
    )


def _link(opened: Opened) -> Callable[[str], str]:
    return lambda step_id: opened.address("messages", step=step_id)


def _cohorts(opened: Opened, acting: Acting) -> str:
    words, plan = opened.words, opened.plan
    panels = "".join(
        f'<article class="so-panel"><h4>{escape(words("cohorts", cohort.id))}</h4>'
        f"<p>{escape(segments.describe_rule(acting, cohort.rule, words.language))}</p>"
        f"{why(plans.explain(acting, plan.id, cohort.id, words.language), words)}</article>"
        for cohort in plan.cohorts
    )
    goal = f"{words('plan_page', 'goals', plan.goal.metric)}, {words('within_days').format(days=plan.goal.within_days)}"
    said = (goal, plans.explain(acting, plan.id, "holdout", words.language))
    goals = "".join(f"<p>{escape(one)}</p>" for one in said)
    title, about = words("plan_page", "who"), words("plan_page", "measured_how")
    return (
        f'<section class="so-section"><h3>{escape(title)}</h3><div class="so-grid">{panels}</div></section>'
        f'<section class="so-section"><h3>{escape(about)}</h3>{goals}</section>'
    )


def show_calendar(opened: Opened) -> None:
    """Show the plan week by week; `?cohort=` holds it to one cohort."""
    cohort = next((one for one in COHORTS if one == opened.query.get("cohort")), None)
    put(render_calendar(opened, cohort))


def show_offers(opened: Opened) -> None:
    """Show each offer with its four parts, its margin, and why it is there."""

    def read(acting: Acting) -> str:
        found = {
            one.id: plans.explain(acting, opened.plan.id, one.id, opened.words.language) for one in opened.plan.offers
        }
        return render_offers(opened, found, codes.of_plan(acting, opened.plan.id), codes.alarms(acting))

    fill(opened.visitor, read, put)


def show_money(opened: Opened) -> None:
    """Show the budget over the buckets and the blast radius."""

    def read(acting: Acting) -> str:
        plan_id, words = opened.plan.id, opened.words
        said = plans.explain(acting, plan_id, "budget", words.language)
        budget = render_money(opened.plan, plans.price(acting, plan_id), said, words)
        return budget + render_radius(plan_checks.blast_radius(acting, plan_id), words)

    fill(opened.visitor, read, put)


def show_checks(opened: Opened) -> None:
    """Show every guardrail with the room it leaves, and the scorecard."""

    def read(acting: Acting) -> str:
        found, words = plan_checks.checks(acting, opened.plan.id), opened.words
        return render_checks(found, words, opened) + render_scorecard(plans.score(acting, opened.plan.id), words)

    fill(opened.visitor, read, put)
