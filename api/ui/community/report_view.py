"""Who recommends as HTML: an effect where a draw says it, else people like them, labelled as no effect."""

from html import escape
from typing import TYPE_CHECKING

from api.ui.shell.numbers import instant, percent, points, whole
from api.ui.shell.parts import Figure, figures, notice, status
from api.ui.shell.words import Words
from memory.domain.outcome import NotEstimable

if TYPE_CHECKING:
    from agent.reports.belonging import BelongingReport
    from tools.metrics.belonging import ReferralDifference

HOLDOUT = "secondorder plan holdout"


def render_report(found: "BelongingReport", words: Words, zone: str) -> str:
    """Give the comparison with its label first; without one, say why there is none."""
    why = _why_not_drawn(found, words)
    if isinstance(found.comparison, NotEstimable):
        return f"{notice(escape(missing(found.comparison, words)))}{why}"
    return (
        f"{_label(found, words, zone)}{_figures(found.comparison, words)}{_about(found.comparison, words, zone)}{why}"
    )


def missing(one: NotEstimable, words: Words) -> str:
    """Say in the reader's language why a figure cannot be read."""
    return words.known("community", "missing", one.code, otherwise="other")


def _why_not_drawn(found: "BelongingReport", words: Words) -> str:
    if found.not_randomised is None:
        return ""
    if found.group == "ambassadors":
        return f'<p class="so-soft">{escape(words("community", "by_hand"))}</p>'
    how = f" <code>{HOLDOUT}</code>" if found.not_randomised.code == "no_control_group" else ""
    why = f"{words('community', 'not_drawn')} {missing(found.not_randomised, words)}"
    return f'<p class="so-soft">{escape(why)}{how}</p>'


def _label(found: "BelongingReport", words: Words, zone: str) -> str:
    compared = found.comparison
    assert not isinstance(compared, NotEstimable)
    if compared.kind == "randomised":
        return notice(f"<b>{escape(words('community', 'effect'))}</b> {escape(words('community', 'effect_more'))}")
    joined = words("community", "joined_between").format(
        first=instant(found.begins_at, zone, words.language), last=instant(found.ends_at, zone, words.language)
    )
    label = f"<b>{escape(words('community', 'no_effect'))}</b> {escape(words('community', 'no_effect_more'))}"
    return f'{notice(label, "warn")}<p class="so-soft">{escape(joined)}</p>'


def _figures(one: "ReferralDifference", words: Words) -> str:
    language, kind, gap = words.language, one.kind, one.difference_pp
    ends = words("community", "interval").format(
        low=points(gap.low / 100), high=points(gap.high / 100), level=percent(gap.level, language, 0)
    )
    people = words("community", "n_people")
    shown = (
        Figure(words("community", "sides", kind, "group"), percent(one.rate, language),
               people.format(n=whole(one.n, language))),
        Figure(words("community", "sides", kind, "others"), percent(one.others_rate, language),
               people.format(n=whole(one.n_others, language))),
        Figure(words("community", "difference"), points(gap.estimate / 100), ends),
    )  # fmt: skip
    if kind == "matched":
        return figures(shown)
    verdict = "above" if gap.low > 0 else "below" if gap.high < 0 else "around"
    chip = status(
        words("community", "verdict", verdict), {"above": "", "below": "rejected", "around": "waiting"}[verdict]
    )
    return f'{figures(shown)}<p class="so-below">{chip}</p>'


def _about(one: "ReferralDifference", words: Words, zone: str) -> str:
    said = words("community", "window").format(
        first=instant(one.window_begins_at, zone, words.language),
        last=instant(one.window_ends_at, zone, words.language),
    )
    if one.n_left_out:
        said += f" {words('community', 'left_out').format(n=whole(one.n_left_out, words.language))}"
    return f'<p class="so-soft so-below">{escape(said)}</p>'
