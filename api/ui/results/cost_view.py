"""A plan's money and what its channels say, as HTML; the latter decides nothing."""

from typing import TYPE_CHECKING

from agent.reports.lift_model import PlanLift
from agent.reports.lift_more_text import MORE
from agent.reports.lift_pictures import CAPTIONS, lift_pictures
from agent.reports.lift_sections import money_of
from agent.reports.lift_text import WORDS
from agent.reports.lift_words import diagnostic_lines, money_rows
from api.ui.shell.numbers import money, percent, whole
from api.ui.shell.parts import Figure, chart, figures, notice
from api.ui.shell.visible import visible
from api.ui.shell.words import Words
from memory.domain.money import Money

from .tables import panel, plain_table

if TYPE_CHECKING:
    from agent.reports.by_channel import ByChannel
    from agent.reports.flow import PlanFlow
    from tools.budget.audit import BudgetAudit


def render_cost(report: PlanLift, words: Words) -> str:
    """Give what the plan earned and cost, its offers' uses, and both day by day."""
    language, sums = words.language, money_of(report)
    names = (WORDS[language]["figure"], WORDS[language]["estimate"], WORDS[language]["interval"])
    shown = plain_table(WORDS[language]["money"], names, money_rows(report, language))
    heads = [words("results", name) for name in ("offer", "basis", "uses", "cost")]
    rows = [
        (
            one.offer_id,
            words("results", "bases", one.basis),
            "–" if one.n_uses is None else whole(one.n_uses, language),
            sums(one.cost_minor),
        )
        for one in report.costs.offers
    ]
    title = words("results", "offers")
    offers = f'<details class="so-more"><summary>{title}</summary>{plain_table(title, heads, rows)}</details>'
    svg = lift_pictures(report, language).get("margin-and-cost", "")
    drawn = ""
    if svg:
        more = MORE[language]
        head = (words("results", "day"), more["margin_line"], more["cost_line"])
        days = [
            (str(day.day), "–" if day.margin_minor is None else sums(day.margin_minor), sums(day.cost_minor))
            for day in report.days
        ]
        caption = more[CAPTIONS["margin-and-cost"]]
        drawn = chart(svg, caption, words("results", "figures_behind"), plain_table(caption, head, days))
    return f'<div class="so-two">{panel(shown)}{panel(drawn) if drawn else ""}</div>{offers if rows else ""}'


def render_channels(found: "ByChannel", words: Words) -> str:
    """Give how many messages each channel carried and what was ordered where; all plans, everything known."""
    language = words.language
    states = sorted({state for one in found.messages for state in one.n_by_state})
    rows = [
        (
            words.known("channels", one.channel, otherwise="email"),
            *(whole(one.n_by_state.get(state, 0), language) for state in states),
        )
        for one in found.messages
    ]
    heads = [words("results", "channel"), *(words.known("results", "states", one, otherwise="other") for one in states)]
    places = [
        (
            words.known("results", "places", one.channel, otherwise="other"),
            whole(one.n_orders, language),
            money(Money(amount_minor=one.revenue_minor, currency=found.currency), language),
            percent(one.share_rate, language),
        )
        for one in found.orders
    ]
    order_heads = [words("results", name) for name in ("place", "orders", "revenue", "share")]
    sent = plain_table(words("results", "messages_by_channel"), heads, rows)
    return f'<div class="so-two">{sent}{plain_table(words("results", "orders_by_place"), order_heads, places)}</div>'


def render_budget(found: "BudgetAudit", words: Words) -> str:
    """Give where the shop's marketing money goes: the share after the purchase, and each channel."""
    language = words.language
    if found.post_share_rate is None:
        return f'<p class="so-soft">{words("results", "no_ledger")}</p>'

    def sum_(minor: int) -> str:
        return money(Money(amount_minor=minor, currency=found.currency), language, is_short=True)

    days = f"{found.period_from} – {found.period_until}"
    of_all = words("results", "of_all").format(sum=sum_(found.total_minor))
    shown = [
        Figure(words("results", "post_share"), percent(found.post_share_rate, language), days),
        Figure(words("results", "post_money"), sum_(found.post_minor), of_all),
    ]
    rows = [
        (one.channel, words("results", "stages", one.stage), sum_(one.amount_minor), percent(one.share_rate, language))
        for one in found.channels
    ]
    heads = [words("results", name) for name in ("channel", "stage", "money", "share")]
    return figures(shown) + plain_table(words("results", "budget"), heads, rows)


def render_diagnostics(report: PlanLift, words: Words) -> str:
    """Give what the channels say, with the note that it decides nothing."""
    lines = "".join(f"<p>{visible(line)}</p>" for line in diagnostic_lines(report, words.language))
    return (
        notice(f"<p><b>{words('results', 'decides_nothing')}</b> {words('results', 'decides_more')}</p>", "warn")
        + lines
    )


def render_flow(found: "PlanFlow", words: Words) -> str:
    """Give how each message was received, by step and channel."""
    from agent.reports.flow_words import flow_note, flow_table

    if not found.messages:
        return f'<p class="so-soft">{words("results", "nothing_left")}</p>'
    head, rows = flow_table(found, words.language)
    note = f'<p class="so-soft">{visible(flow_note(found, words.language))}</p>'
    return plain_table(words("results", "by_step"), head, rows) + note
