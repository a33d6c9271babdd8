"""Lanes as HTML: a picture of the days until parcels arrive, and the table behind it."""

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from api.ui.shell.numbers import country_name, percent, whole
from api.ui.shell.parts import chart, empty, table
from api.ui.shell.visible import visible
from api.ui.shell.words import Words

if TYPE_CHECKING:
    from tools.parcels import Lane

N_DRAWN = 12
"""So many lanes are drawn, the largest first; the table has all."""
WIDTH, ROW = 600, 46


def render_lanes(found: "Sequence[Lane]", words: Words) -> str:
    """Draw the largest lanes; the table behind them has all, with how many parcels each was learned from."""
    if not found:
        return empty(words("parcels", "no_lanes"), words("parcels", "no_lanes_more"))
    drawn = found[:N_DRAWN]
    caption = words("parcels", "caption").format(
        n=whole(len(drawn), words.language), all=whole(len(found), words.language)
    )
    about = f'<p class="so-soft">{escape(words("parcels", "learned"))}</p>'
    return about + chart(_svg(drawn, words), caption, words("parcels", "as_table"), _table(found, words))


def lane_name(origin: str, market: str, carrier: str, words: Words) -> str:
    """Give a lane's name: from where, to where, by whom; what no shipment says is called unknown."""
    where = words("parcels", "lane").format(
        origin=country_name(origin, words.language) if origin else words("parcels", "unknown"),
        market=country_name(market, words.language) if market else words("parcels", "unknown"),
    )
    return f"{where} · {carrier}" if carrier else where


def days(value: float, words: Words) -> str:
    """Give a number of days with one digit."""
    return words("parcels", "days").format(n=f"{value:.1f}")


def _svg(found: "Sequence[Lane]", words: Words) -> str:
    most = max(1.0, *(one.p99_days for one in found))
    bars = "".join(_bar(one, at, most, words) for at, one in enumerate(found))
    return f'<svg viewBox="-2 0 {WIDTH + 8} {ROW * len(found)}" class="so-lanes" aria-hidden="true">{bars}</svg>'


def _bar(one: "Lane", at: int, most: float, words: Words) -> str:
    """Draw one lane: until 99 in 100 arrived pale, until 9 in 10 over it, the day by which half did as a line."""
    half, nine, all_ = (WIDTH * value / most for value in (one.p50_days, one.p90_days, one.p99_days))
    name = visible(lane_name(one.origin, one.market, one.carrier, words))
    said = escape(f"{one.p50_days:.1f} / {one.p90_days:.1f} / {one.p99_days:.1f}")
    return (
        f'<g transform="translate(0,{at * ROW})"><text x="0" y="14" class="so-lane-ink">{name}</text>'
        f'<text x="{WIDTH}" y="14" text-anchor="end" class="so-lane-soft">{said}</text>'
        f'<rect x="0" y="20" width="{all_:.1f}" height="14" rx="3" class="so-lane-track"/>'
        f'<rect x="0" y="20" width="{nine:.1f}" height="14" rx="3" class="so-lane-act"/>'
        f'<path d="M{half:.1f} 17v20" class="so-lane-half"/></g>'
    )


def _table(found: "Sequence[Lane]", words: Words) -> str:
    language = words.language
    rows = [
        (
            visible(lane_name(one.origin, one.market, one.carrier, words)),
            escape(whole(one.n_parcels, language)),
            escape(whole(one.n_arrived, language)),
            escape(percent(one.scan_rate, language)),
            *(escape(days(value, words)) for value in (one.p50_days, one.p90_days, one.p99_days)),
        )
        for one in found
    ]
    heads = [words("parcels", "heads", name) for name in ("lane", "parcels", "arrived", "scans", "p50", "p90", "p99")]
    return table(words("parcels", "table_about"), heads, rows, numbers=frozenset(range(1, 7)))
