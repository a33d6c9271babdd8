"""Guardrails over a plan as HTML: each rule, whether it holds, and how much room it leaves at its tightest place."""

from collections.abc import Sequence
from html import escape

from agent.guardrails import Room, RuleVerdict
from agent.planning.scorecard import ScoreLine
from api.ui.shell.numbers import money, percent, whole
from api.ui.shell.parts import notice, status, table
from api.ui.shell.refusals import reason_html
from api.ui.shell.words import Words
from memory.domain.money import Money

from .money import offer_words
from .opened import Opened
from .view import step_title

BEGUN = ("live", "finished", "stopped")
N_REASONS = 3
"""How many reasons of one rule are shown before the rest is asked for."""


def render_checks(found: Sequence[RuleVerdict], words: Words, opened: Opened) -> str:
    """Give a sentence on the whole, broken rules with their reasons, rules with a figure, then the others."""
    broken = [one for one in found if one.reasons]
    figured = [one for one in found if one.room]
    plain = [one for one in found if not one.room and not one.reasons]
    version = words("plan_page", "held_against").format(version=opened.plan.guardrail_version[:12])
    return (
        f"{_whole(len(broken), words, opened)}<p class='so-soft'>{escape(version)}</p>"
        f"{_broken(broken, words)}{_figured(figured, words, opened)}{_plain(plain, words)}"
    )


def _whole(n_broken: int, words: Words, opened: Opened) -> str:
    if not n_broken:
        return notice(escape(words("checks_good")))
    has_begun = opened.stored.status in BEGUN
    name = "n_broken_since" if has_begun else "n_broken"
    return notice(escape(words("plan_page", name).format(n=n_broken)), "warn" if has_begun else "wrong")


def _broken(found: Sequence[RuleVerdict], words: Words) -> str:
    panels = "".join(
        f'<article class="so-panel"><h4>{escape(words("plan_page", "rules", one.rule))} '
        f"{status(words('plan_page', 'broken'), 'stopped')}</h4>{_reasons(one, words)}</article>"
        for one in found
    )
    title = escape(words("plan_page", "not_kept"))
    return f'<h3>{title}</h3><div class="so-offer-grid">{panels}</div>' if panels else ""


def _reasons(one: RuleVerdict, words: Words) -> str:
    lines = [f"<li>{reason_html(reason, words)}</li>" for reason in one.reasons]
    more = ""
    if len(lines) > N_REASONS:
        summary = words("plan_page", "more_reasons").format(n=len(lines) - N_REASONS)
        rest = "".join(lines[N_REASONS:])
        more = f'<details class="so-more"><summary>{escape(summary)}</summary><ul>{rest}</ul></details>'
    return f'<ul class="so-plain">{"".join(lines[:N_REASONS])}</ul>{more}'


def _figured(found: Sequence[RuleVerdict], words: Words, opened: Opened) -> str:
    heads = [words("plan_page", "rules_heads", name) for name in ("rule", "left", "here", "limit", "where")]
    rows = [
        (
            _name(one.rule, words)
            if at == 0
            else f'<span class="so-soft">{escape(words("plan_page", "rules", one.rule))}</span>',
            f"<b>{escape(left_words(room, words))}</b>",
            escape(_figure(room.actual, room, words)),
            escape(_figure(room.limit, room, words)),
            _where(room.path, words, opened),
        )
        for one in found
        for at, room in enumerate(one.room)
    ]
    caption = words("plan_page", "figured")
    return f'<div class="so-section so-rooms">{table(caption, heads, rows, numbers=frozenset({1, 2, 3}))}</div>'


def _plain(found: Sequence[RuleVerdict], words: Words) -> str:
    rows = "".join(
        f"<li>{status(words('plan_page', 'holds'))} <b>{escape(words('plan_page', 'rules', one.rule))}</b> "
        f'<span class="so-soft">{escape(words("plan_page", "rules_about", one.rule))}</span></li>'
        for one in found
    )
    title = words("plan_page", "unfigured")
    return f'<section class="so-section"><h3>{escape(title)}</h3><ul class="so-plain">{rows}</ul></section>'


def _name(rule: str, words: Words) -> str:
    about = f'<span class="so-soft">{escape(words("plan_page", "rules_about", rule))}</span>'
    return f"{escape(words('plan_page', 'rules', rule))}<br>{about}"


def left_words(room: Room, words: Words) -> str:
    """Say how much is left, with its unit."""
    if isinstance(room.left, Money):
        return money(room.left, words.language)
    if room.unit == "rate":
        return words("plan_page", "units", "rate").format(n=f"{room.left * 100:.1f}")
    return words("plan_page", "units", room.unit).format(n=whole(room.left, words.language))


def _figure(value: Money | float, room: Room, words: Words) -> str:
    if isinstance(value, Money):
        return money(value, words.language)
    if room.unit == "rate":
        return percent(value, words.language)
    if room.unit == "minutes":
        return f"{int(value) // 60:02}:{int(value) % 60:02}"
    return whole(value, words.language)


def _where(path: str, words: Words, opened: Opened) -> str:
    """Say where in the plan it is: a step as a link, an offer, a cohort or a field in words."""
    step = next((one for one in opened.plan.steps() if path.endswith(f".steps.{one.id}")), None)
    if step is not None:
        cohort = words("cohorts", path.split(".")[1])
        link = escape(opened.address("messages", step=step.id))
        return f'{escape(cohort)}, <a href="{link}">{words.day(step.day)} {escape(step_title(step, words))}</a>'
    offer = opened.plan.offer(path.removeprefix("offers.").partition(".limits")[0])
    if offer is not None:
        who = ", ".join(words("cohorts", cohort) for cohort in offer.limits.cohorts)
        return f'{escape(who)}, <a href="{escape(opened.address("offers"))}">{escape(offer_words(offer, words))}</a>'
    if path.startswith("journeys."):
        return escape(words("cohorts", path.split(".")[1]))
    return escape(words.known("plan_page", "places", path.replace(".", "_"), otherwise="other"))


def render_scorecard(lines: Sequence[ScoreLine], words: Words) -> str:
    """Give the five qualities, met or not."""
    rows = "".join(
        f"<li>{status(words('plan_page', 'met' if one.is_met else 'unmet'), '' if one.is_met else 'waiting')} "
        f"{escape(one.words[words.language])}</li>"
        for one in lines
    )
    return (
        f'<section class="so-section"><h3>{escape(words("scorecard"))}</h3><ul class="so-plain">{rows}</ul></section>'
    )
