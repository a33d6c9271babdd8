"""Missions with everybody's progress, and what is left of goods set aside for members, as HTML."""

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote

from api.ui.shell.numbers import day, money, percent, whole
from api.ui.shell.parts import empty, status, table
from api.ui.shell.visible import visible
from api.ui.shell.words import Words
from memory.domain.early_access import Drop
from memory.domain.money import Money

if TYPE_CHECKING:
    from agent.loyalty.mission_totals import MissionTotal

STATES = {"waiting": "waiting", "running": "", "over": "stopped"}
MINUTES = 60


def render_missions(found: "Sequence[MissionTotal]", words: Words) -> str:
    """Give each mission of plans that run: its tasks, and how many people did how many of them."""
    if not found:
        return empty(words("members", "no_missions"), words("members", "no_missions_more"))
    about = f'<p class="so-soft">{escape(words("members", "missions_about"))}</p>'
    return about + f'<div class="so-grid so-missions">{"".join(_mission(one, words) for one in found)}</div>'


def _mission(one: "MissionTotal", words: Words) -> str:
    language = words.language
    days = words("members", "from_to").format(first=day(one.valid_from, language), last=day(one.valid_until, language))
    tasks = "".join(f"<li>{escape(_task(task.action, task.min_spend, words))}</li>" for task in one.tasks)
    earns = words("members", "mission_earns").format(
        n=whole(one.points, language), sum=money(one.cost, language), people=whole(one.n_people, language)
    )
    chip = status(words("members", "states", one.state), STATES[one.state])
    link = f'<a href="/ui/plans/{escape(quote(one.plan_id))}?part=offers">{visible(one.title)}</a>'
    ended = words("members", "mission_ended").format(
        earned=whole(one.n_earned, language), back=whole(one.n_clawed_back, language),
        blocked=whole(one.n_blocked, language),
    )  # fmt: skip
    return (
        f'<article class="so-panel"><h4>{visible(one.offer_id)} {chip}</h4>'
        f'<p>{link}</p><p class="so-soft">{escape(days)}</p><ul class="so-tasks">{tasks}</ul><p>{escape(earns)}</p>'
        f"{_progress(one, words)}<p>{escape(ended)}</p></article>"
    )


def _progress(one: "MissionTotal", words: Words) -> str:
    """Give people by how many tasks they did, with a bar each."""
    language, rows = words.language, []
    for n_done, n_people in enumerate(one.n_by_done):
        rate = n_people / one.n_people if one.n_people else 0.0
        bar = f'<span class="so-track so-bar" aria-hidden="true"><i style="width:{rate:.1%}"></i></span>'
        share = percent(rate, language) if one.n_people else "–"
        of = words("members", "n_of").format(n=n_done, all=len(one.tasks))
        rows.append((escape(of), escape(whole(n_people, language)), f'<span class="so-share-of">{bar}{share}</span>'))
    heads = [words("members", "heads", name) for name in ("tasks_done", "people", "share")]
    caption = words("members", "progress").format(mission=one.offer_id)
    return table(caption, heads, rows, numbers=frozenset({1}))


def _task(action: str, min_spend: Money | None, words: Words) -> str:
    said = words("members", "tasks", action)
    if min_spend is not None:
        return f"{said}{words('members', 'from_spend').format(sum=money(min_spend, words.language))}"
    return said


def render_drops(found: Sequence[Drop], words: Words) -> str:
    """Give what is set aside for members: until when, how many pieces, how many are left."""
    if not found:
        return empty(words("members", "no_drops"), words("members", "no_drops_more"))
    language = words.language
    rows = [
        (
            visible(one.id), visible(one.sku), escape(_public(one, words)),
            escape(words("members", "hours").format(n=whole(one.hours, language))),
            *(escape(whole(n, language)) for n in (one.n_total, one.n_taken, one.n_total - one.n_taken)),
        )
        for one in found
    ]  # fmt: skip
    heads = [
        words("members", "heads", name)
        for name in ("drop", "article", "public", "earlier", "set_aside", "taken", "left")
    ]
    return table(words("members", "drops_about"), heads, rows, numbers=frozenset(range(3, 7)))


def _public(one: Drop, words: Words) -> str:
    clock = f"{one.public_minute // MINUTES:02d}:{one.public_minute % MINUTES:02d}"
    return words("members", "public_at").format(day=day(one.public_on, words.language), clock=clock)
