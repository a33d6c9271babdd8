"""The shop's own courses, stories and guides as HTML: for whom, what each says in one language, where it is missing."""

from collections.abc import Sequence
from html import escape

from api.ui.members.tiers_view import tier_name
from api.ui.shell.parts import empty, status, table
from api.ui.shell.visible import visible
from api.ui.shell.words import Words
from memory.domain.content import ContentItem, KeptContent

from .library_view import in_its_language, missing_in


def no_item(words: Words, *, may_set: bool) -> str:
    """Say that the shop has no items of its own, and how to set one."""
    who = words("content", "how", "you_may" if may_set else "others_may")
    return (
        empty(words("content", "no_items"), words("content", "no_items_more"))
        + f'<section class="so-panel so-steps"><h3>{escape(words("content", "how", "title"))}</h3><ol>'
        f"<li>{escape(words('content', 'how', 'one'))}<br><code>secondorder content set item.yaml</code></li>"
        f"<li>{escape(words('content', 'how', 'many'))}<br>"
        "<code>secondorder content import items.csv --dry-run</code></li></ol>"
        f'<p class="so-soft">{escape(who)}</p></section>'
    )


def render_items(found: Sequence[KeptContent], languages: Sequence[str], language: str, words: Words) -> str:
    """Give a row per item: those in use first, by type and name."""
    ordered = sorted(found, key=lambda one: (one.ended_at is not None, one.item.type, one.item.id))
    rows = [_row(one, languages, language, words) for one in ordered]
    heads = [words("content", "heads", name) for name in ("item", "for", "says", "missing_in", "opens")]
    return f'<div class="so-library">{table(words("content", "items_about"), heads, rows)}</div>'


def _row(one: KeptContent, languages: Sequence[str], language: str, words: Words) -> tuple[str, ...]:
    item = one.item
    said = item.words.get(language)
    ended = "" if one.ended_at is None else f" {status(words('content', 'ended'), 'stopped')}"
    title = in_its_language(said.title, language, words) if said else visible(item.id)
    return (
        f"{title}<br>{status(words('content', 'item_types', item.type))}{ended}",
        _for(item, words),
        in_its_language(said.text if said else "", language, words),
        missing_in(item.words, languages, words),
        _opens(item, words),
    )


def _for(item: ContentItem, words: Words) -> str:
    if item.min_tier is not None:
        who = words("content", "from_tier").format(tier=tier_name(item.min_tier, words))
    else:
        who = words("content", "audiences", item.audience)
    fits = words("content", "fits_everything")
    if not item.fits_everything:
        comma = words("content", "comma")
        named = (("skus", item.skus), ("categories", item.categories), ("title_words", item.title_words))
        fits = "; ".join(f"{words('content', 'fits', name)}: {comma.join(values)}" for name, values in named if values)
    return f'{visible(who)}<br><span class="so-soft">{visible(fits)}</span>'


def _opens(item: ContentItem, words: Words) -> str:
    """Give where it opens, as text: an app's own address leads nowhere in a browser."""
    links = (("web", item.links.web), ("ios", item.links.ios), ("android", item.links.android))
    shown = "<br>".join(
        f'{escape(words("content", "platforms", name))}: <span class="so-soft">{visible(link)}</span>'
        for name, link in links
        if link
    )
    only = f"{status(words('content', 'app_only'), 'waiting')}<br>" if item.is_app_only else ""
    return f'<span class="so-opens">{only}{shown}</span>'
