"""Members beside others as HTML: raw differences called so, and what inviting changed where a holdout says it."""

from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote

from api.ui.shell.numbers import money, percent, points, whole
from api.ui.shell.parts import Figure, figures, notice, status, table
from api.ui.shell.visible import visible
from api.ui.shell.words import Words
from memory.domain.experiment import Interval
from memory.domain.money import Currency, Money
from memory.domain.outcome import NotEstimable

if TYPE_CHECKING:
    from agent.reports.members import InvitationEffect, MemberReport
    from tools.metrics.aov import Aov
    from tools.metrics.members import MembersApart
    from tools.metrics.rpr import Rpr

HOLDOUT = "secondorder plan holdout"


def render_report(found: "MemberReport", words: Words) -> str:
    """Give both, apart: the raw difference with its label first, then what inviting changed."""
    raw = f"<h3>{escape(words('members', 'raw_title'))}</h3>{_raw(found.raw, words)}"
    title = escape(words("members", "effect_title"))
    return (
        f'<section class="so-section">{raw}</section>'
        f'<section class="so-section"><h3>{title}</h3>{_effect(found.effect, words)}</section>'
    )


def missing(one: NotEstimable, words: Words) -> str:
    """Say in the reader's language why a figure cannot be read."""
    return words.known("members", "missing", one.code, otherwise="other")


def _raw(found: "MembersApart", words: Words) -> str:
    language = words.language
    label = notice(
        f"<b>{escape(words('members', 'not_causal'))}</b> {escape(words('members', 'not_causal_more'))}", "warn"
    )
    rates = [_rate(one, words) for one in (found.member_rpr, found.other_rpr)]
    baskets = [_basket(one, words) for one in (found.member_aov, found.other_aov)]
    rpr = "–" if found.rpr_difference_pp is None else points(found.rpr_difference_pp / 100)
    rows = [
        (
            escape(words("members", "buyers")),
            *(escape(whole(n, language)) for n in (found.n_members, found.n_others)),
            "–",
        ),
        (escape(words("members", "rpr").format(n=found.within_days)), *rates, escape(rpr)),
        (escape(words("members", "aov")), *baskets, escape(_difference(found, words))),
    ]
    heads = [words("members", "heads", name) for name in ("figure", "of_members", "of_others", "raw_difference")]
    return label + table(words("members", "raw_about"), heads, rows, numbers=frozenset({1, 2, 3}))


def _rate(found: "Rpr | NotEstimable", words: Words) -> str:
    if isinstance(found, NotEstimable):
        return _missing(found, words)
    return _with_ends(found.rate, lambda rate: percent(rate, words.language))


def _basket(found: "Aov | NotEstimable", words: Words) -> str:
    if isinstance(found, NotEstimable):
        return _missing(found, words)
    currency = found.currency
    return _with_ends(found.aov_minor, lambda minor: _sum(minor, currency, words))


def _missing(found: NotEstimable, words: Words) -> str:
    return f'– <span class="so-soft so-why-not">{escape(missing(found, words))}</span>'


def _difference(found: "MembersApart", words: Words) -> str:
    one = found.member_aov
    if found.aov_difference_minor is None or isinstance(one, NotEstimable):
        return "–"
    sign = "+" if found.aov_difference_minor > 0 else ""
    return f"{sign}{_sum(found.aov_difference_minor, one.currency, words)}"


def _sum(minor: float, currency: Currency, words: Words) -> str:
    return money(Money(amount_minor=round(minor), currency=currency), words.language)


def _with_ends(found: Interval, show: Callable[[float], str]) -> str:
    ends = f"{show(found.low)} – {show(found.high)}"
    return f'{escape(show(found.estimate))}<br><span class="so-soft">{escape(ends)}</span>'


def _effect(found: "InvitationEffect | NotEstimable", words: Words) -> str:
    """Give invited less withheld with its interval, or say that nothing was withheld and how to do it."""
    if isinstance(found, NotEstimable):
        how = f"<br><code>{HOLDOUT}</code>" if found.code == "no_control_group" else ""
        return notice(f"{escape(words('members', 'no_effect'))} {escape(missing(found, words))}{how}")
    language, one = words.language, found.rpr_difference_pp
    plan = f'<a href="/ui/results/{escape(quote(found.plan_id))}">{visible(found.plan_id[:12])}</a>'
    people = words("members", "invited").format(n=whole(found.n_invited, language), m=whole(found.n_withheld, language))
    about = f'<p class="so-soft">{escape(words("members", "measured"))} {plan} · {escape(people)}</p>'
    if isinstance(one, NotEstimable):
        return f"{about}{notice(escape(missing(one, words)))}"
    ends = words("members", "interval").format(
        low=points(one.low / 100), high=points(one.high / 100), level=percent(one.level, language, 0)
    )
    verdict = "above" if one.low > 0 else "below" if one.high < 0 else "around"
    chip = status(
        words("members", "verdict", verdict), {"above": "", "below": "rejected", "around": "waiting"}[verdict]
    )
    return f"{figures((Figure(words('members', 'effect'), points(one.estimate / 100), ends),))}<p>{chip}</p>{about}"
