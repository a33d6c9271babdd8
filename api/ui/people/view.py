"""HTML of segments and cohorts: lists with sizes, who a rule reaches, examples under pseudonyms."""

from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote

from api.ui.shell.numbers import day, money, percent, whole
from api.ui.shell.parts import Figure, figures, notice, table
from api.ui.shell.visible import visible
from api.ui.shell.words import Words
from api.verbs.cohorts import CohortTable
from api.verbs.segments import ListedSegment
from memory.domain.money import Currency, Money

if TYPE_CHECKING:
    from tools.segments import NotRead, RuleCounts, SegmentSize


def segments_table(listed: tuple[ListedSegment, ...], counts: "RuleCounts | None", words: Words) -> str:
    """Give the segments with who belongs to each; sizes once they are counted."""
    rows = []
    for one in sorted(listed, key=lambda one: one.origin == "library"):
        link = f"/ui/people?view=build&segment={quote(one.segment.id)}"
        name = one.segment.title.get(words.language) or one.segment.title.get("en") or one.segment.id
        rows.append(
            (
                f'<a href="{escape(link)}">{visible(name)}</a>', visible(one.words),
                *_share(one.segment.id, counts, words),
                escape(words("people_page", "origins", one.origin)),
            )
        )  # fmt: skip
    heads = [words("people_page", "heads", name) for name in ("segment", "who", "people", "share", "origin")]
    caption = words("people_page", "segments")
    if counts is not None:
        caption = words("people_page", "of_all").format(n=whole(counts.n_all, words.language))
    return table(caption, heads, rows, numbers=frozenset({2, 3}))


def _share(segment_id: str, counts: "RuleCounts | None", words: Words) -> tuple[str, str]:
    if counts is None or segment_id not in counts.n_people:
        return "…", "…"
    n = counts.n_people[segment_id]
    share = percent(n / counts.n_all, words.language) if counts.n_all else "–"
    return escape(whole(n, words.language)), escape(share)


def size_panel(found: "SegmentSize", said: str, words: Words, currency: Currency) -> str:
    """Say who a rule is for, how many they are, how they can be reached; a few of them under pseudonyms."""
    language, reach = words.language, found.n_reachable
    share = percent(found.n_people / found.n_all, language) if found.n_all else "–"
    of_all = words("people_page", "share_of").format(share=share, n=whole(found.n_all, language))
    shown = [Figure(words("people_page", "heads", "people"), whole(found.n_people, language), of_all)]
    shown += [
        Figure(words("people_page", "reach").format(channel=words("channels", name)), whole(reach[name], language))
        for name in ("email", "sms", "push")
        if name in reach
    ]
    shown.append(Figure(words("people_page", "buyers"), whole(found.n_buyers, language)))
    spent = Money(amount_minor=found.revenue_minor, currency=currency)
    shown.append(Figure(words("people_page", "spent"), money(spent, language, is_short=True)))
    links = "".join(
        f'<li><a href="/ui/people/{escape(quote(one))}"><code>{escape(one)}</code></a></li>' for one in found.examples
    )
    examples = (
        f"<h3 class='so-few'>{escape(words('people_page', 'examples'))}</h3><ul class='so-examples'>{links}</ul>"
        if links
        else ""
    )
    head = f"<p><b>{escape(words('people_page', 'means'))}</b> {visible(said)}</p>"
    return head + figures(shown) + examples


def not_read(found: "NotRead", words: Words) -> str:
    """Say what part of a phrase was not understood, with phrases that are."""
    said = words("people_page", "not_read").format(part=found.part)
    examples = "".join(f"<li>{visible(one)}</li>" for one in found.examples)
    return notice(f"{visible(said)}<ul>{examples}</ul>", "warn")


def cohorts_table(found: CohortTable, words: Words, currency: Currency) -> str:
    """Give the four cohorts of the peak in order of precedence."""
    language, rows = words.language, []
    for one in found.cohorts:
        basket = Money(amount_minor=one.median_basket_minor, currency=currency)
        reach = [one.reachable_by_channel.get(name, 0) for name in ("email", "sms", "push")]
        rows.append(
            (
                escape(words("cohorts", one.id)), escape(whole(one.n_people, language)),
                *(escape(whole(n, language)) for n in reach), escape(money(basket, language)),
            )
        )  # fmt: skip
    heads = [words("people_page", "heads", "cohort"), words("people_page", "heads", "people")]
    heads += [
        words("people_page", "reach").format(channel=words("channels", name)) for name in ("email", "sms", "push")
    ]
    heads.append(words("people_page", "heads", "basket"))
    days = {"first": day(found.peak_from, language), "last": day(found.peak_until, language)}
    caption = words("people_page", "peak").format(**days)
    return table(caption, heads, rows, numbers=frozenset(range(1, 6)))
