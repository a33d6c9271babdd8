"""Communities as HTML: each with who may be invited in words, people in and out, invitations by page and message."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote

from api.ui.members.tiers_view import tier_name
from api.ui.shell.numbers import country_name, instant, whole
from api.ui.shell.parts import empty, status, table
from api.ui.shell.visible import visible
from api.ui.shell.words import Words
from memory.domain.community import Community, KeptCommunity
from memory.domain.market import Shop
from memory.domain.money import Currency
from tools.segments import describe

if TYPE_CHECKING:
    from agent.community import CommunityActivity

NOT_YET = "…"


def no_group(words: Words, *, may_set: bool) -> str:
    """Say that there is no community, and how to set one."""
    who = words("community", "how", "you_may" if may_set else "others_may")
    return (
        empty(words("community", "none"), words("community", "none_more"))
        + f'<section class="so-panel so-steps"><h3>{escape(words("community", "how", "title"))}</h3><ol>'
        f"<li>{escape(words('community', 'how', 'write'))}</li>"
        f"<li>{escape(words('community', 'how', 'set'))}<br><code>secondorder community set community.yaml</code></li>"
        f'<li>{escape(words("community", "how", "joins"))}</li></ol><p class="so-soft">{escape(who)}</p></section>'
    )


def who_may(community: Community, words: Words, currency: Currency) -> str:
    """Say in words who may be invited."""
    if community.rule is not None:
        return describe(community.rule, words.language, currency=currency)
    return words("community", "from_tier").format(tier=tier_name(community.min_tier or "", words))


def groups_cards(kept: Sequence[KeptCommunity], shop: Shop, words: Words) -> str:
    """Give a card per community: those that run first."""
    return f'<div class="so-grid so-groups">{"".join(_card(one, shop, words) for one in _ordered(kept))}</div>'


def _ordered(kept: Sequence[KeptCommunity]) -> list[KeptCommunity]:
    return sorted(kept, key=lambda one: (one.ended_at is not None, one.community.market, one.community.id))


def _card(one: KeptCommunity, shop: Shop, words: Words) -> str:
    made, language = one.community, words.language
    chip = status(
        words("community", "runs" if one.ended_at is None else "ended"), "" if one.ended_at is None else "stopped"
    )
    where = words("community", "where").format(
        platform=words("community", "platforms", made.platform), market=country_name(made.market, language)
    )
    said = words("community", "set_by").format(by=one.set_by, at=instant(one.set_at, shop.zone, language))
    if one.ended_at is not None:
        said = words("community", "ended_at").format(at=instant(one.ended_at, shop.zone, language))
    link = f'<a href="{escape(made.link)}" rel="noopener noreferrer nofollow">{visible(made.link)}</a>'
    return (
        f'<article class="so-panel"><h3>{visible(made.name)} {chip}</h3>'
        f"<p>{escape(where)} · <code>{visible(made.id)}</code></p>"
        f"<p><b>{escape(words('community', 'who_may'))}</b> {visible(who_may(made, words, shop.currency))}</p>"
        f'<p class="so-link">{link}</p><p class="so-soft">{visible(said)}</p></article>'
    )


def counts_table(
    kept: Sequence[KeptCommunity],
    found: "CommunityActivity | None",
    eligible: Mapping[str, int] | None,
    words: Words,
) -> str:
    """Give a row per community with its people; `…` while they are counted."""
    names = {one.community.id: one.community.name for one in _ordered(kept)}
    counted = {one.community_id: one for one in found.communities} if found is not None else {}
    rows = []
    for name in (*names, *(one for one in counted if one not in names)):
        one = counted.get(name)
        people = [whole(n, words.language) for n in (one.n_joined, one.n_in, one.n_left)] if one else [NOT_YET] * 3
        may = NOT_YET if eligible is None else whole(eligible[name], words.language) if name in eligible else "–"
        rows.append((visible(names.get(name, name)), escape(may), *(escape(n) for n in people)))
    heads = [words("community", "heads", name) for name in ("community", "may", "joined", "inside", "left")]
    return table(words("community", "people_about"), heads, rows, numbers=frozenset(range(1, 5)))


def mails_table(found: "CommunityActivity", kept: Sequence[KeptCommunity], words: Words) -> str:
    """Give invitations per market: shown on pages, waiting and sent by message, held back; and who is withheld."""
    language = words.language
    market_of = {one.community.id: one.community.market for one in kept}
    shown: dict[str, int] = {}
    for one in found.communities:
        market = market_of.get(one.community_id, "")
        shown[market] = shown.get(market, 0) + one.n_shown
    mails = {one.market: one for one in found.mails}
    rows = []
    for market in sorted({*market_of.values(), *mails, *(market for market, n in shown.items() if n)}):
        mail = mails.get(market)
        counts = (mail.n_waiting, mail.n_sent, mail.n_unknown, mail.n_failed) if mail else (0, 0, 0, 0)
        numbers = [whole(n, language) for n in (shown.get(market, 0), *counts)]
        name = country_name(market, language) if market else words("community", "no_market")
        rows.append((escape(name), *(escape(n) for n in numbers), _held_back(mail.held_back if mail else {}, words)))
    heads = [
        words("community", "heads", name)
        for name in ("market", "shown", "waiting", "sent", "unknown", "failed", "held_back")
    ]
    drawn = words("community", "withheld").format(n=whole(found.n_withheld, language))
    shown_table = table(words("community", "invitations_about"), heads, rows, numbers=frozenset(range(1, 6)))
    return f'{shown_table}<p class="so-soft so-below">{escape(drawn)}</p>'


def _held_back(reasons: Mapping[str, int], words: Words) -> str:
    if not reasons:
        return "–"
    return "<br>".join(
        f"{visible(words.found('community', 'held', reason) or reason.replace('_', ' '))}: "
        f"{escape(whole(n, words.language))}"
        for reason, n in sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0]))
    )


def moves_table(found: "CommunityActivity", words: Words, zone: str) -> str:
    """Give who joined and left last, under pseudonyms."""
    if not found.moves:
        return f'<p class="so-soft">{escape(words("community", "no_moves"))}</p>'
    rows = [
        (
            f'<a href="/ui/people/{escape(quote(one.person_id))}"><code>{visible(one.person_id[:14])}</code></a>',
            status(words("community", "came" if one.is_member else "went"), "" if one.is_member else "stopped"),
            visible(one.community_id), escape(instant(one.at, zone, words.language)),
        )
        for one in found.moves
    ]  # fmt: skip
    heads = [words("community", "heads", name) for name in ("person", "move", "community", "when")]
    return table(words("community", "moves_about").format(n=whole(len(rows), words.language)), heads, rows)
