"""The plan's money and offers as HTML."""

from html import escape

from agent.planning.outlook import Outlook, outlook
from api.ui.shell.words import Words
from memory.domain.money import Money
from memory.domain.offer import Offer
from memory.domain.plan import Plan


def strip(plan: Plan, words: Words) -> str:
    """Give the figures a marketer asks for first."""
    holdout, seen = plan.holdout, outlook(plan)
    orders = seen.added_orders
    found = "" if holdout.detectable_lift_pp is None else f"{words('detectable')}: {holdout.detectable_lift_pp:.1f} pp"
    n_people = sum(cohort.n_people for cohort in plan.cohorts)
    n_reachable = sum(cohort.n_reachable for cohort in plan.cohorts)
    tiles = (
        (words("all_people"), f"{n_people:,}", f"{n_reachable:,} {words('reachable')}"),
        (words("total"), short(plan.budget.total), f"{words('worst')} {short(plan.budget.worst_case_cost)}"),
        (
            words("forecast"),
            f"{orders.expected:,.0f}",
            f"{words('basis', seen.basis)} · {words('forecast_range')} {orders.low:,.0f} … {orders.high:,.0f}",
        ),
        (words("holdout"), f"{holdout.rate:.0%}", found),
    )
    cells = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd><dd class='so-soft'>{escape(more)}</dd></div>"
        for name, value, more in tiles
    )
    return f'<dl class="so-strip">{cells}</dl>{forecast_note(seen, words)}'


def forecast_note(seen: Outlook, words: Words) -> str:
    """Give the forecast in sentences: what it is worth, its range, and whether anybody measured it."""
    return f'<p class="so-soft so-forecast">{escape(seen.words[words.language])}</p>'


def money_section(plan: Plan, words: Words) -> str:
    """Give the budget over the four buckets, and the share of the marketing budget on its path."""
    total = max(plan.budget.total.amount_minor, 1)
    bars = "".join(
        f'<div class="so-bar"><span>{words("buckets", line.bucket)}</span>'
        f'<span class="so-track"><i style="width:{line.amount.amount_minor / total:.1%}"></i></span>'
        f"<span>{escape(str(line.amount))}</span></div>"
        for line in plan.budget.lines
    )
    return f'<section class="so-money"><h3>{words("money")}</h3>{bars}{share_line(plan, words)}</section>'


def share_line(plan: Plan, words: Words) -> str:
    """Give the share of the marketing budget today and with the plan, and what its path allows."""
    budget = plan.budget
    if budget.share_rate is None or budget.present_share_rate is None:
        return f'<p class="so-soft">{words("share")}: {words("share_unknown")}</p>'
    band = ""
    if budget.path_min_rate is not None and budget.path_max_rate is not None:
        band = f", {words('share_band')} {budget.path_min_rate:.0%}–{budget.path_max_rate:.0%}"
    return (
        f'<p class="so-soft">{words("share")}: {words("share_today")} {budget.present_share_rate:.1%}, '
        f"{words('share_plan')} <b>{budget.share_rate:.1%}</b>{band}</p>"
    )


def offers_section(plan: Plan, words: Words) -> str:
    """Give the offers with their four parts, cost and worst margin."""
    if not plan.offers:
        return ""
    heads = ("offer", "offer_goal", "offer_limits", "offer_cost", "offer_margin")
    head = "".join(f'<th scope="col">{words(name)}</th>' for name in heads)
    rows = "".join(_offer_row(offer, words) for offer in plan.offers)
    return (
        f'<section class="so-offers"><h3>{words("offers")}</h3>'
        f'<div class="so-scroll" tabindex="0" role="region" aria-label="{words("offers")}">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div></section>"
    )


def offer_words(offer: Offer, words: Words) -> str:
    """Say an incentive in a few words, figures filled by code."""
    incentive = offer.incentive
    given = {
        name: short(value) if isinstance(value, Money) else f"{value:.0%}" if name == "rate" else str(value)
        for name in type(incentive).model_fields
        if (value := getattr(incentive, name)) is not None
    }
    return words("incentives", incentive.kind).format_map(given)


def short(money: Money) -> str:
    """Give a sum without empty decimals."""
    return str(money).replace(".00 ", " ")


def _offer_row(offer: Offer, words: Words) -> str:
    limits = offer.limits
    who = ", ".join(words("cohorts", cohort) for cohort in limits.cohorts)
    spend = f"{words('from_spend')} {short(limits.min_spend)}, " if limits.min_spend.amount_minor else ""
    goal = f"{words('actions', offer.goal.action)}, {words('within_days').format(days=offer.goal.within_days)}"
    return (
        f'<tr><th scope="row">{escape(offer_words(offer, words))}<span class="so-soft">{escape(who)}</span></th>'
        f"<td>{escape(goal)}</td>"
        f"<td>{escape(spend)}{words('valid')} {limits.valid_from:%m-%d} – {limits.valid_until:%m-%d}</td>"
        f"<td>{escape(str(offer.cost_per_use))}</td><td>{offer.worst_margin_rate:.0%}</td></tr>"
    )
