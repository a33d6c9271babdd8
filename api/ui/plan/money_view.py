"""The plan's money and its blast radius as HTML."""

from html import escape

from agent.planning.price import BucketPrice, PlanPrice
from api.ui.shell.numbers import money, percent, whole
from api.ui.shell.parts import Figure, chart, figures, table
from api.ui.shell.words import Words
from api.verbs.plan_checks import BlastRadius
from memory.domain.plan import Plan

from .money import share_line
from .why import why


def render_money(plan: Plan, price: PlanPrice, reason: str, words: Words) -> str:
    """Give total, expected and worst-case cost, the four buckets with the table behind them, and why."""
    language, budget = words.language, plan.budget
    shown = figures(
        (
            Figure(words("total"), money(budget.total, language)),
            Figure(words("plan_page", "expected"), money(price.expected_cost, language)),
            Figure(words("worst"), money(price.worst_case_cost, language), words("plan_page", "worst_about")),
        )
    )
    return f'{shown}<div class="so-section">{_buckets(price, words)}{share_line(plan, words)}{why(reason, words)}</div>'


def _buckets(price: PlanPrice, words: Words) -> str:
    language = words.language
    most = max(
        1, *(one.has.amount_minor for one in price.buckets), *(one.worst_case.amount_minor for one in price.buckets)
    )
    bars = "".join(_bar(one, at, most, words) for at, one in enumerate(price.buckets))
    svg = f'<svg viewBox="-2 0 608 {44 * len(price.buckets)}" class="so-buckets" aria-hidden="true">{bars}</svg>'
    heads = [words("plan_page", "bucket"), words("plan_page", "has"), words("plan_page", "expected"), words("worst")]
    rows = [
        (
            escape(words("buckets", one.bucket)),
            *(escape(money(sum_, language)) for sum_ in (one.has, one.expected, one.worst_case)),
        )
        for one in price.buckets
    ]
    behind = table(words("money"), heads, rows, numbers=frozenset({1, 2, 3}))
    return chart(svg, words("plan_page", "buckets_caption"), words("plan_page", "as_table"), behind)


def _bar(one: BucketPrice, at: int, most: int, words: Words) -> str:
    """Draw one bucket: what it gets pale, its expected cost over it, its worst case as a line."""
    has, expected, worst = (600 * each.amount_minor / most for each in (one.has, one.expected, one.worst_case))
    name = escape(words("buckets", one.bucket))
    return (
        f'<g transform="translate(0,{at * 44})"><text x="0" y="14" class="so-svg-ink">{name}</text>'
        f'<rect x="0" y="20" width="{has:.1f}" height="14" rx="3" class="so-svg-track"/>'
        f'<rect x="0" y="20" width="{expected:.1f}" height="14" rx="3" class="so-svg-act"/>'
        f'<path d="M{worst:.1f} 17v20" class="so-svg-worst"/></g>'
    )


def render_radius(found: BlastRadius, words: Words) -> str:
    """Give whom the plan touches at most: people, messages, worst-case money, channels and markets."""
    language = words.language
    withheld = words("plan_page", "withheld").format(n=whole(found.n_withheld, language))
    tiles = figures(
        (
            Figure(
                words("reach"),
                whole(found.n_people, language),
                words("plan_page", "of_shop").format(rate=percent(found.people_rate, language)),
            ),
            Figure(words("n_messages"), whole(found.n_messages, language), withheld),
            Figure(words("worst_loss"), money(found.worst_case_cost, language)),
        )
    )
    channels = list(found.channels)
    heads = [
        words("plan_page", "market"),
        words("plan_page", "heads", "people"),
        *(words("channels", one) for one in channels),
    ]
    rows = [
        (
            escape(one.market),
            whole(one.n_people, language),
            *(
                whole(one.reach_by_channel[channel], language) if channel in one.reach_by_channel
                else escape(words("plan_page", "shut"))
                for channel in channels
            ),
        )
        for one in found.markets
    ]  # fmt: skip
    total = (escape(words("plan_page", "all")), "", *(whole(found.channels[one], language) for one in channels))
    numbers = frozenset(range(1, len(heads)))
    return (
        f'<section class="so-section"><h3>{escape(words("plan_page", "radius"))}</h3>{tiles}<div class="so-section">'
        f"{table(words('plan_page', 'markets_caption'), heads, [*rows, total], numbers=numbers)}</div></section>"
    )
