"""Pre-approved periods as HTML: which there are, and everything that was sent or stopped in one."""

from collections.abc import Sequence
from html import escape

from api.ui.shell.numbers import instant, money, whole
from api.ui.shell.parts import Figure, empty, figures, table
from api.ui.shell.visible import visible
from api.ui.shell.words import Words
from memory.domain.money import Money
from memory.domain.pre_approval import PeriodDigest, PreApproval


def render_periods(found: Sequence[PreApproval], words: Words, zone: str) -> str:
    """Give the periods with their limits, each a link to its digest."""
    language = words.language
    if not found:
        return empty(words("approvals", "no_periods"), words("approvals", "no_periods_more"))
    rows = [
        (
            f'<a href="/ui/approvals?view=periods&amp;period={escape(one.id)}">{visible(one.name)}</a>',
            escape(one.plan_id[:12]),
            escape(instant(one.starts_at, zone, language)),
            escape(instant(one.revoked_at or one.ends_at, zone, language)),
            whole(one.limits.max_reach, language),
            escape(money(one.limits.max_cost, language)),
            escape(one.granted_by),
            escape(one.deputy),
        )
        for one in found
    ]
    heads = [
        words("approvals", "period_heads", name)
        for name in ("name", "plan", "from", "until", "reach", "cost", "approver", "deputy")
    ]
    return table(words("approvals", "views", "periods"), heads, rows, numbers=frozenset({4, 5}))


def render_digest(found: PeriodDigest, words: Words, zone: str) -> str:
    """Give what came of a period: figures, messages by step, and what was done about the plan."""
    language, period = words.language, found.period
    cost = Money(amount_minor=found.cost_millis // 1000, currency=period.limits.max_cost.currency)
    shown = figures(
        (
            Figure(words("approvals", "digest", "reached"), whole(found.n_reached, language), ""),
            Figure(words("approvals", "digest", "cost"), money(cost, language), ""),
            Figure(words("approvals", "digest", "sent"), whole(found.n_of("sent"), language), ""),
            Figure(words("approvals", "digest", "stopped"), whole(found.n_of("suppressed", "failed"), language), ""),
        )
    )
    lines = [
        (
            escape(one.step_id),
            escape(words("channels", one.channel)),
            escape(words("runs", "states", one.state)),
            visible(one.reason.replace("_", " ")) or "–",
            whole(one.n, language),
        )
        for one in found.lines
    ]
    deeds = [
        (escape(instant(one.at, zone, language)), escape(one.action), escape(one.by), escape(one.in_place_of) or "–")
        for one in found.deeds
    ]
    line_heads = [words("approvals", "line_heads", name) for name in ("step", "channel", "state", "why", "n")]
    deed_heads = [words("approvals", "deed_heads", name) for name in ("at", "what", "by", "in_place_of")]
    none = f'<p class="so-soft">{escape(words("approvals", "digest", "nothing"))}</p>'
    return "".join(
        (
            f"<h3>{visible(period.name)}</h3>",
            shown,
            table(words("approvals", "digest", "messages"), line_heads, lines, numbers=frozenset({4}))
            if lines
            else none,
            table(words("approvals", "digest", "deeds"), deed_heads, deeds) if deeds else "",
        )
    )
