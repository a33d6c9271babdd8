"""What the thank-you page changed as HTML: second orders against the plain page first, figures with intervals."""

from html import escape
from typing import TYPE_CHECKING

from api.ui.shell.numbers import instant, percent, points, whole
from api.ui.shell.parts import Figure, figures, notice, status, table
from api.ui.shell.visible import visible
from api.ui.shell.words import Words
from memory.domain.outcome import NotEstimable
from memory.domain.thanks import PLAIN

if TYPE_CHECKING:
    from memory.domain.experiment import Estimate
    from tools.thanks.effect import ArmRead, PairRead, ThanksEffect, VariantRead

FIGURES = ("second_order_pp", "follows_pp", "leads_pp")


def render_effect(found: "ThanksEffect", plain_rate: float, words: Words, zone: str) -> str:
    """Give what all variants changed, then every arm, each variant and every two of them."""
    language = words.language
    warned = notice(escape(words("thanks", "suspicious")), "warn") if found.sample_ratio.is_suspicious else ""
    read = words("thanks", "read_at").format(at=instant(found.as_of, zone, language))
    about = words("thanks", "effect_about").format(
        days=whole(found.measured_days, language), plain=percent(plain_rate, language), n=whole(found.n_open, language)
    )
    together = found.against_plain[0]
    again = together.second_order_pp
    if isinstance(again, NotEstimable):
        verdict = notice(escape(missing(again, words)))
    else:
        kind = "above" if again.low > 0 else "below" if again.high < 0 else "around"
        chip = status(words("thanks", "verdict", kind), {"above": "", "below": "rejected", "around": "waiting"}[kind])
        verdict = f"<p>{chip}</p>"
    shown = [Figure(words("thanks", "figures", name), *_figure(getattr(together, name), words)) for name in FIGURES]
    lines = f'<p class="so-soft">{escape(about)} {escape(read)}</p>'
    note = f'<p class="so-soft so-below">{escape(words("thanks", "effect_note"))}</p>'
    more = f"{_arms(found, words)}{_apart(found, words)}{note}"
    return f'{warned}{lines}{figures(shown)}<div class="so-below">{verdict}</div>{more}'


def missing(one: NotEstimable, words: Words) -> str:
    """Say in the reader's language why a figure cannot be read."""
    return words.known("thanks", "missing", one.code, otherwise="other")


def _figure(one: "Estimate", words: Words) -> tuple[str, str]:
    if isinstance(one, NotEstimable):
        return "–", missing(one, words)
    return points(one.estimate / 100), _ends(one.low, one.high, one.level, words)


def _ends(low: float, high: float, level: float, words: Words) -> str:
    return words("thanks", "interval").format(
        low=points(low / 100), high=points(high / 100), level=percent(level, words.language, 1 if level > 0.95 else 0)
    )


def _arms(found: "ThanksEffect", words: Words) -> str:
    if not found.arms:
        return ""
    rows = [_arm(one, words) for one in found.arms]
    heads = [words("thanks", "heads", name) for name in ("arm", "people", "second", "follows", "leads")]
    shown = table(words("thanks", "arms_about"), heads, rows, numbers=frozenset(range(1, 5)))
    return f'<section class="so-section"><h3>{escape(words("thanks", "arms"))}</h3>{shown}</section>'


def _arm(one: "ArmRead", words: Words) -> tuple[str, ...]:
    language, rate = words.language, one.second_rate
    share = (
        f"{whole(one.n_second, language)} · {percent(rate.estimate, language)} "
        f"[{percent(rate.low, language)}, {percent(rate.high, language)}]"
    )
    counts = (escape(whole(n, language)) for n in (one.n_follows, one.n_leads))
    return (_name(one.arm, words), escape(whole(one.n_people, language)), escape(share), *counts)


def _name(arm: str, words: Words) -> str:
    return escape(words("thanks", "plain_page")) if arm == PLAIN else f"<code>{visible(arm)}</code>"


def _apart(found: "ThanksEffect", words: Words) -> str:
    """Give each variant less the plain page and every two variants; nothing where there is one variant."""
    rows = [(_less(one.variant, PLAIN, words), *_cells(one, words)) for one in found.against_plain[1:]]
    rows += [(_less(one.first, one.second, words), *_cells(one, words)) for one in found.between]
    if not rows:
        return ""
    heads = [words("thanks", "heads", "compared"), *(words("thanks", "figures", name) for name in FIGURES)]
    shown = table(words("thanks", "apart_about"), heads, rows, numbers=frozenset({1, 2, 3}))
    return f'<section class="so-section"><h3>{escape(words("thanks", "apart"))}</h3>{shown}</section>'


def _less(first: str, second: str, words: Words) -> str:
    return f"{_name(first, words)} − {_name(second, words)}"


def _cells(one: "VariantRead | PairRead", words: Words) -> list[str]:
    found = [_figure(getattr(one, name), words) for name in FIGURES]
    return [f'{escape(value)}<br><span class="so-soft">{escape(more)}</span>' for value, more in found]
