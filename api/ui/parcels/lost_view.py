"""Parcels that are probably lost as HTML: which order, on which lane, since when."""

from collections.abc import Sequence
from html import escape
from urllib.parse import quote

from api.ui.shell.numbers import instant, whole
from api.ui.shell.parts import empty, notice, table
from api.ui.shell.visible import visible
from api.ui.shell.words import Words
from api.verbs.parcels import LostParcel

from .lanes_view import lane_name

N_SHOWN = 100


def render_lost(found: Sequence[LostParcel], most: int, words: Words, zone: str) -> str:
    """Give the parcels that were lost longest, under pseudonyms; `most` is how many were read at most."""
    if not found:
        return empty(words("parcels", "none_lost"), words("parcels", "none_lost_more"))
    language, shown = words.language, found[:N_SHOWN]
    rows = [
        (
            f"<code>{visible(one.order_ref)}</code>",
            f'<a href="/ui/people/{escape(quote(one.person_id))}"><code>{visible(one.person_id[:14])}</code></a>',
            visible(lane_name(one.origin, one.market, one.carrier, words)),
            escape(instant(one.started_at, zone, language)),
            escape(instant(one.lost_at, zone, language)),
        )
        for one in shown
    ]
    heads = [words("parcels", "heads", name) for name in ("order", "person", "lane", "started", "lost_at")]
    n_all = whole(len(found), language) + ("+" if len(found) >= most else "")
    caption = words("parcels", "lost_about").format(n=whole(len(shown), language), all=n_all)
    rest = "" if len(shown) == len(found) else '<p class="so-soft"><code>secondorder parcels lost</code></p>'
    return notice(escape(words("parcels", "look_into")), "warn") + table(caption, heads, rows) + rest
