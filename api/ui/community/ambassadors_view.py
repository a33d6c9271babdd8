"""Ambassadors as HTML: scores with what they are made of, who proposed and approved whom, what friends ordered."""

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote

from api.ui.shell.numbers import instant, money, whole
from api.ui.shell.parts import empty, notice, status, table
from api.ui.shell.visible import visible
from api.ui.shell.words import Words
from memory.domain.ambassador import Ambassador
from memory.domain.money import Currency, Money

if TYPE_CHECKING:
    from agent.community.ambassadors import AmbassadorOrders, Candidate, CandidatePage

STATES = {"proposed": "waiting", "refused": "rejected", "invited": "waiting", "ambassador": "", "ended": "stopped"}


def candidates_lead(found: "CandidatePage", words: Words) -> str:
    """Say how many buyers are scored, and that the weights were not measured."""
    if not found.n_all:
        return empty(words("community", "no_candidates"), words("community", "no_candidates_more"))
    n, n_all = whole(len(found.candidates), words.language), whole(found.n_all, words.language)
    said = words("community", "candidates_about").format(n=n, all=n_all)
    more = "" if found.n_all <= len(found.candidates) else " <code>secondorder ambassador candidates</code>"
    return (
        notice(f"<b>{escape(words('community', 'weights'))}</b> {escape(words('community', 'weights_more'))}", "warn")
        + f'<p class="so-soft">{escape(said)}{more}</p>'
    )


def render_candidate(one: "Candidate", words: Words) -> str:
    """Give one buyer's score and its terms: how many there are, how many count, the points of one."""
    return f"{_head(one.person_id, '', words)}{_score(one, words)}"


def render_proposal(one: Ambassador, scored: "Candidate | None", words: Words, zone: str) -> str:
    """Give who waits for a second person, who proposed them, and what their score is made of."""
    said = words("community", "proposed").format(by=one.proposed_by, at=instant(one.proposed_at, zone, words.language))
    score = _score(scored, words) if scored is not None else f"<p>{escape(words('community', 'no_score'))}</p>"
    chip = status(words("community", "ambassador_states", "proposed"), "waiting")
    return f'{_head(one.person_id, chip, words)}<p class="so-soft">{visible(said)}</p>{score}'


def _head(person_id: str, chip: str, words: Words) -> str:
    address = f"/ui/people/{escape(quote(person_id))}"
    name = f'<a href="{address}"><code>{visible(person_id[:14])}</code></a>'
    return f'<h4 id="who-{escape(person_id)}">{name} {chip}</h4>'


def _score(one: "Candidate", words: Words) -> str:
    language = words.language
    terms = "".join(
        "<li>"
        + escape(
            words("community", "term").format(
                what=words("community", "terms", term.term), n=whole(term.n, language),
                counted=whole(term.n_counted, language), each=whole(term.points_each, language),
                points=whole(term.points, language),
            )
        )
        + "</li>"
        for term in one.terms
        if term.n
    )  # fmt: skip
    score = words("community", "score").format(n=whole(one.score, language))
    return f'<p><b>{escape(score)}</b></p><ul class="so-tasks">{terms}</ul>'


def ambassadors_table(found: Sequence[Ambassador], words: Words, zone: str) -> str:
    """Give everybody who was ever proposed: where it stands, who proposed, who decided, since when."""
    if not found:
        return f'<p class="so-soft">{escape(words("community", "no_ambassadors"))}</p>'
    order = list(STATES)
    rows = [
        (
            f'<a href="/ui/people/{escape(quote(one.person_id))}"><code>{visible(one.person_id[:14])}</code></a>',
            status(words("community", "ambassador_states", one.state), STATES[one.state]),
            visible(one.proposed_by), visible(one.decided_by or "–"),
            escape(instant(one.accepted_at, zone, words.language) if one.accepted_at else "–"),
        )
        for one in sorted(found, key=lambda one: (-order.index(one.state), one.person_id))
    ]  # fmt: skip
    heads = [words("community", "heads", name) for name in ("person", "state", "proposed_by", "decided_by", "since")]
    return table(words("community", "ambassadors_about"), heads, rows)


def orders_table(found: "Sequence[AmbassadorOrders]", currency: Currency, words: Words) -> str:
    """Give what the friends of each ordered since they said yes, most first."""
    rows = [
        (
            f'<a href="/ui/people/{escape(quote(one.person_id))}"><code>{visible(one.person_id[:14])}</code></a>',
            escape(whole(one.n_friends, words.language)), escape(whole(one.n_orders, words.language)),
            escape(money(Money(amount_minor=one.net_minor, currency=currency), words.language)),
        )
        for one in found
    ]  # fmt: skip
    heads = [words("community", "heads", name) for name in ("person", "friends", "orders", "net")]
    shown = table(words("community", "orders_about"), heads, rows, numbers=frozenset({1, 2, 3}))
    return f'<div class="so-below">{shown}</div>'
