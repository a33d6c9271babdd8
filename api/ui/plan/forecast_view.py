"""The forecast with its range, and what other limits would bring, as HTML."""

from collections.abc import Sequence
from html import escape

from agent.planning.outlook import Outlook
from agent.planning.what_if import CurvePoint, Outcome, WhatIf
from api.ui.shell.numbers import day, money, percent, whole
from api.ui.shell.parts import Figure, chart, figures, notice, table
from api.ui.shell.visible import visible
from api.ui.shell.words import Words
from memory.domain.plan import Plan

WIDTH, HEIGHT = 600, 200


def render_forecast(found: Outlook, plan: Plan, words: Words) -> str:
    """Give orders, margin and cost with their ranges, what they rest on, when they can be read, and assumptions."""
    language, orders = words.language, found.added_orders
    span = words("plan_page", "range").format(low=whole(orders.low, language), high=whole(orders.high, language))
    tiles = [Figure(words("forecast"), whole(orders.expected, language), span)]
    if found.added_margin is not None:
        margin = found.added_margin
        span = words("plan_page", "range").format(low=money(margin.low, language), high=money(margin.high, language))
        tiles.append(Figure(words("plan_page", "margin"), money(margin.expected, language), span))
    tiles.append(Figure(words("plan_page", "expected"), money(found.expected_cost, language)))
    lift = "" if found.detectable_lift_pp is None else f"{words('detectable')}: {found.detectable_lift_pp:.1f} pp"
    tiles.append(Figure(words("plan_page", "readable"), day(found.readable_on, language), lift))
    basis = notice(
        f"<b>{escape(words('plan_page', 'bases', found.basis))}</b> {escape(words('plan_page', 'source'))} "
        f"<code>{visible(found.source)}</code>",
        "warn" if found.basis == "assumed" else "",
    )
    assumed = "".join(f"<li>{visible(line)}</li>" for line in plan.assumptions)
    title = f"{words('assumptions')} ({len(plan.assumptions)})"
    more = f'<details class="so-more"><summary>{escape(title)}</summary><ul>{assumed}</ul></details>' if assumed else ""
    return f"{basis}{figures(tiles)}{more}"


def render_what_if(found: WhatIf, said: Sequence[str], words: Words) -> str:
    """Give today's limits beside those asked about, what each limit costs, and the curve of budgets."""
    return f"{_outcomes(found, words)}{_prices(found, words)}{_curve(found, words)}{_said(said, words)}"


def _outcomes(found: WhatIf, words: Words) -> str:
    heads = [words("plan_page", "outcome", name) for name in ("what", "now")]
    columns = [found.now] if found.then is None else [found.now, found.then]
    if found.then is not None:
        heads.append(words("plan_page", "outcome", "then"))
    rows = [
        (escape(words("plan_page", "outcome", name)), *(escape(_value(one, name, words)) for one in columns))
        for name in ("net_margin", "added_orders", "cost", "n_messages", "gap")
    ]
    return table(words("plan_page", "outcome", "caption"), heads, rows, numbers=frozenset({1, 2}))


def _value(one: Outcome, name: str, words: Words) -> str:
    language = words.language
    values = {
        "net_margin": money(one.net_margin, language),
        "added_orders": f"{one.added_orders:,.1f}",
        "cost": money(one.cost, language),
        "n_messages": whole(one.n_messages, language),
        "gap": percent(one.gap_rate, language, 2),
    }
    return values[name]


def _prices(found: WhatIf, words: Words) -> str:
    heads = [words("plan_page", "price_heads", name) for name in ("limit", "now", "step", "gain", "unit")]
    rows = [
        (
            escape(words("plan_page", "limit_names", one.limit)),
            escape(one.now),
            escape(words("plan_page", "no_limit") if one.step == "none" else one.step),
            escape(money(one.gain, words.language)) if one.gain.amount_minor else escape(words("plan_page", "free")),
            "–" if one.per_unit is None else f"{one.per_unit:.2f}",
        )
        for one in found.prices
    ]
    shown = table(words("plan_page", "price_caption"), heads, rows, numbers=frozenset({1, 2, 3, 4}))
    return f'<div class="so-section">{shown}</div>'


def _curve(found: WhatIf, words: Words) -> str:
    language = words.language
    heads = [words("plan_page", "curve_heads", name) for name in ("budget", "net", "unit")]
    rows = [
        (escape(money(one.budget, language)), escape(money(one.net_margin, language)), f"{one.per_unit:.2f}")
        for one in found.curve
    ]
    behind = table(words("plan_page", "curve_caption"), heads, rows, numbers=frozenset({0, 1, 2}))
    picture = chart(
        curve_svg(found.curve, words), words("plan_page", "curve_caption"), words("plan_page", "as_table"), behind
    )
    return f'<div class="so-section so-panel">{picture}</div>'


def curve_svg(points: Sequence[CurvePoint], words: Words) -> str:
    """Draw net margin over the budget as a line with a dot per budget; its colours are the theme's."""
    budgets = [one.budget.amount_minor for one in points]
    nets = [one.net_margin.amount_minor for one in points]
    low, high = min(0, *nets), max(1, *nets)
    most = max(1, *budgets)

    def at(one: CurvePoint) -> tuple[float, float]:
        across = 70 + (WIDTH - 90) * one.budget.amount_minor / most
        up = 20 + (HEIGHT - 60) * (high - one.net_margin.amount_minor) / (high - low)
        return round(across, 1), round(up, 1)

    spots = [at(one) for one in points]
    line = " ".join(f"{x},{y}" for x, y in spots)
    dots = "".join(f'<circle cx="{x}" cy="{y}" r="3.5" class="so-svg-act"/>' for x, y in spots)
    zero = round(20 + (HEIGHT - 60) * high / (high - low), 1)
    ends = (points[0], points[-1])
    names = "".join(
        f'<text x="{at(one)[0]}" y="{HEIGHT - 12}" text-anchor="{anchor}" class="so-svg-soft">'
        f"{escape(money(one.budget, words.language, is_short=True))}</text>"
        for one, anchor in zip(ends, ("start", "end"), strict=True)
    )
    best = max(points, key=lambda one: one.net_margin.amount_minor)
    most_net = escape(money(best.net_margin, words.language, is_short=True))
    top = f'<text x="0" y="{at(best)[1] + 4}" class="so-svg-soft">{most_net}</text>'
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" class="so-curve" aria-hidden="true">'
        f'<path d="M70 {zero}H{WIDTH - 20}" class="so-svg-axis"/>'
        f'<polyline points="{line}" class="so-svg-line"/>{dots}{names}{top}</svg>'
    )


def _said(said: Sequence[str], words: Words) -> str:
    rows = "".join(f"<li>{visible(line)}</li>" for line in said)
    return (
        f'<details class="so-more"><summary>{escape(words("plan_page", "in_words"))}</summary><ul>{rows}</ul></details>'
    )
