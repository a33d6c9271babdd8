"""Renders the look back as one self-contained HTML page: no script, no font file, nothing fetched."""

from functools import cache
from pathlib import Path
from typing import Any

from tools.metrics import Rpr

from .facts import LookBack, SecondOrderWindow
from .parts import Part, breeds_part, costs_part, curve_part, money_part, window_part
from .words import PageLanguage, word


def render_look_back(look: LookBack, language: PageLanguage = "en") -> str:
    """Give the page as HTML text with its pictures inside, in English or Chinese."""
    peak = f"{look.peak.from_on} – {look.peak.until_on}"
    return str(
        _template().render(
            language=language,
            title=word("title", language, peak=peak),
            headline=word("headline", language, n_new=f"{look.n_new:,}", n_never=f"{look.n_never:,}"),
            sub=word("sub", language, shop=look.shop_name, until=f"{look.read_until:%Y-%m-%d}"),
            tiles=_tiles(look, language),
            rows=_rows(look, language),
            rules_title=word("rules", language),
            rules=word("rules_text", language),
        )
    )


def _rows(look: LookBack, language: PageLanguage) -> list[list[Part]]:
    return [
        [window_part(look, language), curve_part(look, language)],
        [costs_part(look, language), money_part(look, language)],
        [
            breeds_part("products", look.products, look, language),
            breeds_part("categories", look.categories, look, language),
        ],
        [breeds_part("markets", look.markets, look, language)],
    ]


def _tiles(look: LookBack, language: PageLanguage) -> list[dict[str, str]]:
    share, until = f"{look.n_never / look.n_new:.0%}", f"{look.read_until:%Y-%m-%d}"
    note = word("tile_never_note", language, share=share, until=until)
    return [
        _tile("", f"{look.n_new:,}", word("tile_new", language), _note(look, language)),
        _back_tile(look, language),
        _tile("bad", f"{look.n_never:,}", word("tile_never", language), note),
        _window_tile(look, language),
    ]


def _note(look: LookBack, language: PageLanguage) -> str:
    return word("tile_new_note", language, n_buyers=f"{look.n_buyers:,}")


def _back_tile(look: LookBack, language: PageLanguage) -> dict[str, str]:
    closed = [one for one in look.came_back if isinstance(one, Rpr)]
    wanted = next((one for one in closed if one.within_days == 90), closed[-1] if closed else None)
    if wanted is None:
        return _tile("", "–", word("tile_back", language, days=30), word("open", language, days=30))
    rate = wanted.rate
    note = word(
        "tile_back_note",
        language,
        n=f"{wanted.n_repeat:,}",
        of=f"{wanted.n_people:,}",
        low=f"{rate.low:.1%}",
        high=f"{rate.high:.1%}",
    )
    name = word("tile_back", language, days=wanted.within_days)
    return _tile("good", f"{rate.estimate:.1%}", name, note)


def _window_tile(look: LookBack, language: PageLanguage) -> dict[str, str]:
    window, name = look.window, word("tile_window", language)
    if not isinstance(window, SecondOrderWindow):
        return _tile("", "–", name, word("too_soon", language))
    if window.day_80 is None:
        return _tile("", "–", name, word("nobody_back", language))
    value = word("tile_window_value", language, day=window.day_80)
    return _tile("", value, name, word("tile_window_note", language, half=window.day_half))


def _tile(tone: str, value: str, name: str, note: str) -> dict[str, str]:
    return {"tone": tone, "value": value, "name": name, "note": note}


@cache
def _template() -> Any:
    from jinja2 import Environment

    source = (Path(__file__).parent / "page.html.j2").read_text(encoding="utf-8")
    return Environment(autoescape=True).from_string(source)
