"""The parts of the first page as HTML."""

from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from agent.monday.card import MondayCard, NeededDecision
from agent.monday.words import stake_of, title_of
from agent.reports.lift_text import why_not
from agent.reports.standing import Standing
from api.ui.shell.numbers import instant, money, percent, whole
from api.ui.shell.parts import Figure, figures, status
from api.ui.shell.visible import visible
from api.ui.shell.words import Words
from api.verbs.home import Timeline
from api.verbs.overview import Overview
from memory.domain.experiment import Interval
from memory.domain.market import Shop
from memory.domain.money import Money
from memory.domain.outcome import NotEstimable
from memory.domain.plan import PHASE_DAYS

LAST_DAY = 90
N_ALERTS = 3


def render_card(card: MondayCard, words: Words, zone: str) -> str:
    """Give the decisions that need a person as cards with one link each, or say that nothing does."""
    if not card.decisions:
        return f'<div class="so-notice"><b>{escape(words("home", "nothing"))}</b></div>'
    cards = "".join(_decision(one, words, zone) for one in card.decisions)
    more = f'<p class="so-soft">{words("home", "more").format(n=card.n_more)}</p>' if card.n_more else ""
    return f'<div class="so-grid so-needs">{cards}</div>{more}'


def _decision(one: NeededDecision, words: Words, zone: str) -> str:
    title = visible(title_of(one, words.language))
    stake = escape(stake_of(one, words.language, zone))
    way = escape(words("home", f"do_{one.kind}"))
    return (
        f'<article class="so-panel"><h4>{title}</h4><p class="so-soft">{stake}</p>'
        f'<p><a class="so-go" href="{escape(one.address)}">{way}</a></p></article>'
    )


def render_standing(found: Standing, words: Words, shop: Shop) -> str:
    """Give the four goals as figures with their intervals, the budget's share as a gauge."""
    shown = figures((_rpr(found, words), _clv(found, words), _referral(found, words)))
    read = words("home", "read_until").format(at=instant(found.as_of, shop.zone, words.language))
    return f'{shown}{_gauge(found, words)}<p class="so-soft">{escape(read)}</p>'


def _rpr(found: Standing, words: Words) -> Figure:
    name = words("home", "rpr")
    if isinstance(found.rpr, NotEstimable):
        return Figure(name, "–", _missing(found.rpr, words))
    of = words("home", "of_new").format(n=whole(found.rpr.n_people, words.language))
    return Figure(name, percent(found.rpr.rate.estimate, words.language), f"{_range(found.rpr.rate, words)} · {of}")


def _clv(found: Standing, words: Words) -> Figure:
    name, one = words("home", "clv"), found.clv
    if isinstance(one, NotEstimable):
        return Figure(name, "–", _missing(one, words))
    value, low, high = (
        money(Money(amount_minor=round(sum_), currency=one.currency), words.language)
        for sum_ in (one.mean_minor.estimate, one.mean_minor.low, one.mean_minor.high)
    )
    of = words("home", "of_customers").format(n=whole(one.n_people, words.language))
    return Figure(name, value, f"{low} – {high} · {of}")


def _referral(found: Standing, words: Words) -> Figure:
    name, one = words("home", "referral"), found.referral
    if isinstance(one, NotEstimable):
        return Figure(name, "–", _missing(one, words))
    of = words("home", "of_new").format(n=whole(one.n_new, words.language))
    return Figure(name, percent(one.rate.estimate, words.language), f"{_range(one.rate, words)} · {of}")


def _missing(one: NotEstimable, words: Words) -> str:
    """Say in the reader's language why a figure cannot be read yet."""
    return why_not(one, "standing", (0, 0), words.language)


def _range(found: Interval, words: Words) -> str:
    return f"{percent(found.low, words.language)} – {percent(found.high, words.language)}"


def _gauge(found: Standing, words: Words) -> str:
    """The share of the marketing budget after the purchase, with the band that the guardrails want."""
    low, high = found.share_min_rate, found.share_max_rate
    band = words("home", "band").format(low=percent(low, words.language, 0), high=percent(high, words.language, 0))
    share = found.post_share_rate
    said = words("home", "no_spend") if share is None else percent(share, words.language)
    bar = "" if share is None else f'<i style="width:{share:.1%}"></i>'
    label = escape(f"{words('home', 'share')}: {said}. {band}")
    return (
        f'<div class="so-panel so-share"><h4>{escape(words("home", "share"))}: {escape(said)}</h4>'
        f'<div class="so-gauge" role="img" aria-label="{label}">{bar}'
        f'<b style="left:{low:.1%};width:{high - low:.1%}"></b></div><p class="so-soft">{escape(band)}</p></div>'
    )


def render_timeline(found: Timeline, words: Words, now: datetime) -> str:
    """Give the plan's ninety days: its phases, how many messages each day holds, and today."""
    plan = found.plan
    today = (now.astimezone(ZoneInfo(plan.zone)).date() - plan.anchor_on).days
    phases = "".join(
        f'<span style="left:{first / LAST_DAY:.2%};width:{(min(last + 1, LAST_DAY) - first) / LAST_DAY:.2%}">'
        f"{escape(words('phases', name))}</span>"
        for name, (first, last) in PHASE_DAYS.items()
    )
    days = sorted({(step.day, step.message_class) for step in plan.steps() if step.owner == "us"})
    dots = "".join(f'<i class="so-dot so-{kind}" style="left:{day / LAST_DAY:.2%}"></i>' for day, kind in days)
    mark = f'<b style="left:{today / LAST_DAY:.2%}"></b>' if 0 <= today <= LAST_DAY else ""
    said = _today(today, words)
    link = f'<a href="/ui/plans/{plan.id}">{visible(plan.title)}</a>'
    return (
        f'<div class="so-panel"><h4>{link} {status(words("status", found.status))}</h4>'
        f'<div class="so-ninety" role="img" aria-label="{escape(said)}">'
        f"<div>{phases}</div><div>{dots}{mark}</div></div>"
        f'<p class="so-soft">{plan.anchor_on:%Y-%m-%d} – {escape(said)}</p></div>'
    )


def _today(day: int, words: Words) -> str:
    if day < 0:
        return words("home", "begins_in").format(n=-day)
    return words("home", "over").format(n=day - LAST_DAY) if day > LAST_DAY else words("home", "day_of").format(n=day)


def render_now(found: Overview, words: Words, zone: str) -> str:
    """Give what is under way in a few figures, and the newest alerts."""
    going = sum(one.status == "going" for one in found.releases)
    shown = figures(
        (
            Figure(words("home", "runs"), whole(len(found.open_runs), words.language)),
            Figure(words("home", "releases"), whole(going, words.language)),
            Figure(words("home", "schedules"), whole(len(found.schedules), words.language)),
            Figure(words("home", "worker"), words("home", "worker_on" if found.has_worker else "worker_off")),
        )
    )
    alerts = [one for one in found.alerts if one.code != "monday"][:N_ALERTS]
    items = "".join(
        f'<li>{visible(one.message)} <span class="so-soft">{escape(instant(one.at, zone, words.language))}</span></li>'
        for one in alerts
    )
    told = f"<ul>{items}</ul>" if items else f'<p class="so-soft">{escape(words("home", "no_alerts"))}</p>'
    link = f'<a href="/ui/runs">{escape(words("home", "to_runs"))}</a>'
    return f'{shown}<div class="so-panel so-alerts"><h4>{escape(words("home", "alerts"))}</h4>{told}<p>{link}</p></div>'
