"""Challenges as HTML: what is asked for, how much was handed in, and each post with its maker's consent.

A post stands as its address alone: nothing of it is loaded, and nothing that customers wrote is HTML.
"""

from collections.abc import Sequence
from datetime import datetime
from html import escape
from typing import get_args
from urllib.parse import quote
from zoneinfo import ZoneInfo

from api.ui.shell.numbers import country_name, day, instant, whole
from api.ui.shell.parts import empty, status, table
from api.ui.shell.visible import visible
from api.ui.shell.words import Words
from api.verbs.challenges import ChallengeCount
from memory.domain.challenge import Challenge, Submission, SubmissionState

STATES: tuple[SubmissionState, ...] = get_args(SubmissionState)
KINDS = {"waiting": "waiting", "accepted": "", "refused": "rejected"}
TIMES = {"coming": "waiting", "running": "", "over": "stopped"}


def no_challenge(words: Words, *, may_set: bool) -> str:
    """Say that there is no challenge, and how to set one."""
    who = words("community", "how", "you_may" if may_set else "others_may")
    title = escape(words("community", "how", "challenge_title"))
    return (
        empty(words("community", "no_challenge"), words("community", "no_challenge_more"))
        + f'<section class="so-panel so-steps"><h3>{title}</h3><ol>'
        f"<li>{escape(words('community', 'how', 'challenge_set'))}<br>"
        "<code>secondorder challenge set challenge.yaml</code></li>"
        f"<li>{escape(words('community', 'how', 'challenge_submit'))}<br>"
        "<code>secondorder challenge submit ID posts.csv</code></li></ol>"
        f'<p class="so-soft">{escape(who)}</p></section>'
    )


def challenges_table(found: Sequence[ChallengeCount], open_id: str, now: datetime, zone: str, words: Words) -> str:
    """Give a row per challenge, the one that ends last first; each name opens its submissions."""
    rows = [_row(one, open_id, now, zone, words) for one in found]
    heads = [
        words("community", "heads", name)
        for name in ("challenge", "days", "markets", "waiting_for", "accepted", "usable", "refused")
    ]
    return table(words("community", "challenges_about"), heads, rows, numbers=frozenset(range(3, 7)))


def _row(one: ChallengeCount, open_id: str, now: datetime, zone: str, words: Words) -> tuple[str, ...]:
    made, language = one.challenge, words.language
    when = _when(made, now, zone)
    chip = status(words("community", "times", when), TIMES[when])
    here = ' aria-current="true"' if made.id == open_id else ""
    address = f"/ui/community?part=challenges&challenge={quote(made.id)}"
    link = f'<a href="{escape(address)}"{here}>{visible(made.title)}</a>'
    days = words("community", "from_to").format(first=day(made.starts_on, language), last=day(made.ends_on, language))
    markets = "<br>".join(escape(country_name(market, language)) for market in made.markets)
    counts = (one.n_waiting, one.n_accepted, one.n_usable, one.n_refused)
    return (
        f'{link}<br><span class="so-soft">{visible(made.hashtag)}</span>', f"{escape(days)} {chip}", markets,
        *(escape(whole(n, language)) for n in counts),
    )  # fmt: skip


def _when(made: Challenge, now: datetime, zone: str) -> str:
    today = now.astimezone(ZoneInfo(zone)).date()
    return "coming" if today < made.starts_on else "over" if today > made.ends_on else "running"


def challenge_about(one: ChallengeCount, heading_id: str, words: Words) -> str:
    """Give the open challenge's name and its rules as the shop wrote them."""
    made = one.challenge
    return (
        f'<h3 id="{heading_id}" tabindex="-1">{visible(made.title)}</h3>'
        f'<details class="so-more"><summary>{escape(words("community", "rules"))}</summary>'
        f'<p class="so-written">{visible(made.rules)}</p></details>'
    )


def nothing_in(state: SubmissionState, words: Words) -> str:
    """Say that no submission is in a state."""
    return f'<p class="so-soft">{escape(words("community", "nothing_in", state))}</p>'


def render_submission(one: Submission, words: Words, zone: str) -> str:
    """Give one post: whose, where, when, whether its maker consents to its use, and what was decided."""
    language = words.language
    person = f'<a href="/ui/people/{escape(quote(one.person_id))}"><code>{visible(one.person_id[:14])}</code></a>'
    made = words("community", "made_at").format(at=instant(one.submitted_at, zone, language))
    link = f'<a href="{escape(one.link)}" rel="noopener noreferrer nofollow">{visible(one.link)}</a>'
    chip = status(words("community", "states", one.state), KINDS[one.state])
    return (
        f'<h4 id="of-{escape(one.id)}">{person} {chip}</h4><p class="so-link">{link}</p>'
        f'<p class="so-soft">{escape(made)}</p>{_consent(one, words, zone)}{_decided(one, words, zone)}'
    )


def _consent(one: Submission, words: Words, zone: str) -> str:
    if one.rights is None:
        return f"<p><b>{escape(words('community', 'no_consent'))}</b></p>"
    said = words("community", "consent").format(
        source=one.rights.source, at=instant(one.rights.given_at, zone, words.language)
    )
    use = words("community", "may_be_used" if one.may_be_used else "may_be_used_once")
    return f'<p>{visible(said)} <span class="so-soft">{escape(use)}</span></p>'


def _decided(one: Submission, words: Words, zone: str) -> str:
    if one.decided_at is None:
        return ""
    said = words("community", "decided").format(by=one.decided_by, at=instant(one.decided_at, zone, words.language))
    why = f" {words('community', 'because').format(why=one.why)}" if one.why else ""
    return f'<p class="so-soft">{visible(said + why)}</p>'
