"""What a plan brought as HTML: the review with its proposal first, the brief, what other policies would have done."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from agent.reports.brief import PlanBrief
from agent.reports.review_words import review_health, review_sentences
from api.ui.shell.visible import visible
from api.ui.shell.words import Words
from memory.domain.experiment import Estimate, Interval
from memory.domain.money import exponent
from memory.domain.review import PlanReview

if TYPE_CHECKING:
    from eval.hindsight import HindsightReport


def render_review_panel(found: PlanReview, words: Words) -> str:
    """Give the review: proposal and rule, what can be said of the lift, reach and spend, health by cohort."""
    title, proposal, *more = review_sentences(found, words.language)
    said = f'<p class="so-soft">{visible(title)}</p><p><b>{visible(proposal)}</b></p>'
    said += "".join(f"<p>{visible(line)}</p>" for line in more)
    head, *rows = review_health(found, words.language)
    return said + table(words("results", "health"), head, rows)


def render_brief_panel(found: PlanBrief) -> str:
    """Give the brief: of which days it speaks, then each answer under its heading."""
    lines = "".join(f"<h4>{visible(one.heading)}</h4><p>{visible(one.sentence)}</p>" for one in found.lines)
    return f'<p class="so-soft">{visible(found.when)}</p>{lines}'


def render_hindsight_panel(found: "HindsightReport", words: Words) -> str:
    """Give a row per policy: repeat rate, what it adds, money, how many people it rests on; or why it is refused."""
    unit, digits = 10 ** exponent(found.currency), exponent(found.currency)

    def share(value: float) -> str:
        return f"{value:.1%}"

    def points(value: float) -> str:
        return f"{value:+.1f} {words('results', 'points')}"

    def money(minor: float) -> str:
        return f"{minor / unit:+,.{digits}f} {found.currency}"

    rows = [
        (
            words.known("results", "policies", one.policy, otherwise="other"),
            _cell(one.repeat_rate, share, words),
            _cell(one.repeat_over_nothing_pp, points, words),
            _cell(one.net_minor, money, words),
            f"{one.effective_n:,.0f}",
        )
        for one in found.answers
    ]
    head = tuple(words("results", name) for name in ("policy", "rate", "over_nothing", "net", "effective"))
    log = words("results", "log").format(
        decisions=f"{found.n_decisions:,}", explored=f"{found.explored_rate:.1%}",
        control=f"{found.n_control:,}", people=f"{found.n_people:,}",
    )  # fmt: skip
    moves = "" if found.is_final else f"<p>{visible(words('results', 'still_open'))}</p>"
    return table(words("results", "answers"), head, rows) + f'<p class="so-soft">{visible(log)}</p>{moves}'


def table(caption: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Give a table with a caption that scrolls by itself where the screen is narrow; the first cell names its row."""
    names = "".join(f'<th scope="col">{visible(name)}</th>' for name in head)
    body = "".join(
        f'<tr><th scope="row">{visible(row[0])}</th>{"".join(f"<td>{visible(cell)}</td>" for cell in row[1:])}</tr>'
        for row in rows
    )
    inside = f"<table><caption>{visible(caption)}</caption><thead><tr>{names}</tr></thead><tbody>{body}</tbody></table>"
    return f'<div class="so-wide" tabindex="0" role="region" aria-label="{visible(caption)}">{inside}</div>'


def _cell(estimate: Estimate, shown: Callable[[float], str], words: Words) -> str:
    if isinstance(estimate, Interval):
        return f"{shown(estimate.estimate)} [{shown(estimate.low)}, {shown(estimate.high)}]"
    return words.known("results", "reasons", estimate.code, otherwise="other")
