"""Markets as HTML: one card each, with the source of every rule."""

from html import escape

from api.ui.shell.numbers import day, language_name
from api.ui.shell.parts import status
from api.ui.shell.words import Words
from api.verbs.markets import MarketView
from memory.domain.market import LegalHours

N_HOLIDAYS = 12
N_HOURS = 2


def render_markets(found: tuple[MarketView, ...], words: Words) -> str:
    """Give every market, the home market first."""
    return f'<div class="so-grid so-markets">{"".join(_card(one, words) for one in found)}</div>'


def _card(one: MarketView, words: Words) -> str:
    market, labels = one.market, ""
    if one.is_home:
        labels += " " + status(words("markets", "home"))
    if not one.is_sent_to:
        labels += " " + status(words("markets", "not_sent"), "waiting")
    rows = (
        ("language", escape(language_name(market.language, words.language))),
        ("currency", escape(market.currency)),
        ("zones", escape(", ".join(market.zones[:4])) + (" …" if len(market.zones) > 4 else "")),
        ("hours", _all_hours(market.legal_hours, words)),
        ("consent", _consent(one, words)),
        ("holidays", _holidays(one, words)),
    )
    body = "".join(f"<dt>{escape(words('markets', name))}</dt><dd>{html}</dd>" for name, html in rows)
    title = f"{escape(market.name)} <span class='so-soft'>{escape(market.country)}</span>"
    return f'<article class="so-panel"><h4>{title}{labels}</h4><dl>{body}</dl></article>'


def _all_hours(hours: tuple[LegalHours, ...], words: Words) -> str:
    """The first rules; a country of many states keeps the rest folded."""
    if not hours:
        return escape(words("markets", "no_hours"))
    items = [f"<li>{_hours(one, words)}</li>" for one in hours]
    shown, folded = "".join(items[:N_HOURS]), "".join(items[N_HOURS:])
    said = escape(words("markets", "more_hours").format(n=len(hours) - N_HOURS))
    more = f'<details class="so-more"><summary>{said}</summary><ul>{folded}</ul></details>' if folded else ""
    return f"<ul>{shown}</ul>{more}"


def _hours(one: LegalHours, words: Words) -> str:
    span = f"{_clock(one.opens_minute)}–{_clock(one.closes_minute)}"
    more = []
    if one.on_weekdays:
        more.append(", ".join(words("markets", "weekdays", str(at)) for at in one.on_weekdays))
    if one.closed_weekdays:
        days = ", ".join(words("markets", "weekdays", str(at)) for at in one.closed_weekdays)
        more.append(words("markets", "closed").format(days=days))
    if one.closed_on_holidays:
        more.append(words("markets", "closed_holidays"))
    if one.zones:
        more.append(", ".join(one.zones))
    channel = words("connect", "channels", one.channel)
    tail = f" ({'; '.join(more)})" if more else ""
    source = f"{one.source}, {day(one.as_of, words.language)}"
    return f"{escape(f'{channel} {span}{tail}')}<br><span class='so-soft'>{escape(source)}</span>"


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _consent(one: MarketView, words: Words) -> str:
    said = []
    if one.double_opt_in:
        named = ", ".join(words("connect", "channels", channel) for channel in one.double_opt_in)
        said.append(words("markets", "double").format(channels=named))
    if one.unproven:
        named = ", ".join(words("connect", "channels", channel) for channel in one.unproven)
        said.append(words("markets", "unproven").format(channels=named))
    if one.soft_opt_in_months is not None:
        said.append(words("markets", "soft").format(n=one.soft_opt_in_months))
    text = " ".join(said) or words("markets", "strict")
    return f"{escape(text)}<br><span class='so-soft'>{escape(one.consent_source)}</span>"


def _holidays(one: MarketView, words: Words) -> str:
    if not one.holidays:
        return escape(words("markets", "no_holidays"))
    shown = ", ".join(day(on, words.language) for on in one.holidays[:N_HOLIDAYS])
    return escape(shown) + (" …" if len(one.holidays) > N_HOLIDAYS else "")
