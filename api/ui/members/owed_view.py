"""What the shop owes its members as HTML: points, store credit, what expires soon; breakage is called assumed."""

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote

from api.ui.shell.numbers import instant, money, percent, whole
from api.ui.shell.parts import Figure, figures, notice, table
from api.ui.shell.visible import visible
from api.ui.shell.words import Words

if TYPE_CHECKING:
    from agent.loyalty.expiring import ExpiringPage
    from agent.loyalty.liability import CreditLiability, Liability, PointsLiability

N_SHOWN = 25
"""So many of the members whose points expire first are listed."""


def render_owed(found: "Liability", words: Words, zone: str) -> str:
    """Give what is owed: all of it before breakage, points with the assumption, credit per offer."""
    language = words.language
    whole_sum = money(found.outstanding, language)
    shown = [Figure(words("members", "owed", "all"), whole_sum, words("members", "owed", "all_more"))]
    more = ""
    if found.points is not None:
        shown += _points(found.points, words)
        more = _assumed(found.points, words)
    read = words("members", "read_at").format(at=instant(found.as_of, zone, language))
    return f'{figures(shown)}<p class="so-soft so-below">{escape(read)}</p>{more}{_credits(found.credits, words)}'


def _points(points: "PointsLiability", words: Words) -> list[Figure]:
    """Give points and what they cost, with and without the assumption."""
    language = words.language
    n_points = words("members", "n_points").format(n=whole(points.points, language))
    held = words("members", "owed", "held_by").format(n=whole(points.n_members, language))
    expected = words("members", "owed", "expected_more").format(rate=percent(points.breakage_rate, language, 0))
    return [
        Figure(words("members", "owed", "points"), n_points, held),
        Figure(words("members", "owed", "cost"), money(points.cost, language), words("members", "owed", "cost_more")),
        Figure(words("members", "owed", "expected"), money(points.expected_cost, language), expected),
    ]


def _assumed(points: "PointsLiability", words: Words) -> str:
    """Say that breakage is assumed, and which orders earned nothing."""
    rate = words("members", "breakage_is").format(rate=percent(points.breakage_rate, words.language, 0))
    said = notice(f"<b>{escape(rate)}</b> {escape(words('members', 'breakage_label'))}", "warn")
    if points.n_orders_without_rate:
        n = whole(points.n_orders_without_rate, words.language)
        said += notice(escape(words("members", "owed", "without_rate").format(n=n)))
    return said


def _credits(found: "Sequence[CreditLiability]", words: Words) -> str:
    if not found:
        return f'<p class="so-soft">{escape(words("members", "owed", "no_credit"))}</p>'
    language = words.language
    rows = [
        (
            f'<a href="/ui/plans/{escape(quote(one.plan_id))}?part=offers">{visible(one.offer_id)}</a>',
            *(escape(whole(n, language)) for n in (one.n_granted, one.n_used)),
            *(escape(money(sum_, language)) for sum_ in (one.outstanding, one.not_open_yet, one.expired)),
        )
        for one in found
    ]
    heads = [
        words("members", "heads", name) for name in ("credit", "granted", "used", "outstanding", "not_open", "expired")
    ]
    return table(words("members", "owed", "credits"), heads, rows, numbers=frozenset(range(1, 6)))


def render_expiring(found: "ExpiringPage", warn_days: int, words: Words, zone: str) -> str:
    """Give how many points of how many members expire soon, and whose do first."""
    language, days = words.language, whole(warn_days, words.language)
    if not found.n_all:
        return f'<p class="so-soft">{escape(words("members", "expiring", "none").format(n=days))}</p>'
    n_people = whole(found.n_all, language)
    n_points = words("members", "n_points").format(n=whole(found.n_points, language))
    within = words("members", "expiring", "within").format(n=days)
    shown = figures(
        (
            Figure(words("members", "expiring", "points"), n_points, within),
            Figure(words("members", "expiring", "people"), n_people),
        )
    )
    rows = [
        (
            f'<a href="/ui/people/{escape(quote(one.person_id))}"><code>{visible(one.person_id[:14])}</code></a>',
            escape(whole(one.points, language)),
            escape(instant(one.first_at, zone, language)),
        )
        for one in found.members
    ]
    heads = [words("members", "heads", name) for name in ("person", "points", "first_at")]
    caption = words("members", "expiring", "first").format(n=whole(len(rows), language), all=n_people)
    listed = words("members", "expiring", "more") if found.n_all > len(rows) else ""
    rest = f'<p class="so-soft">{escape(listed)} <code>secondorder loyalty expiring</code></p>' if listed else ""
    return shown + f'<div class="so-below">{table(caption, heads, rows, numbers=frozenset({1}))}</div>' + rest
