"""The plan's money and offers as HTML."""

from html import escape

from agent.planning.outlook import Outlook, outlook
from api.ui.shell.words import Words
from memory.domain.money import Money
from memory.domain.offer import Offer
from memory.domain.plan import Plan

from .why import why_of


def strip(plan: Plan, words: Words, *, has_whys: bool = False) -> str:
    """Give the figures a marketer asks for first; with `has_whys` the forecast and the control group are explained."""
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
    note = _whys(plan, words) if has_whys else forecast_note(seen, words)
    return f'<dl class="so-strip">{cells}</dl>{note}'


def _whys(plan: Plan, words: Words) -> str:
    """Explain the forecast (its note, folded) and the control group, each by name: their tiles stand apart."""
    rows = "".join(
        f"<div><span>{escape(words(name))}</span> {why_of(plan, name, words, words(name))}</div>"
        for name in ("forecast", "holdout")
    )
    return f'<div class="so-reasons">{rows}</div>'


def forecast_note(seen: Outlook, words: Words) -> str:
    """Give the forecast in sentences: what it is worth, its range, and whether anybody measured it."""
    return f'<p class="so-soft so-forecast">{escape(seen.words[words.language])}</p>'


def money_section(plan: Plan, words: Words) -> str:
    """Give the budget over the four buckets, the share of the marketing budget on its path, and why."""
    total = max(plan.budget.total.amount_minor, 1)
    bars = "".join(
        f'<div class="so-bar"><span>{words("buckets", line.bucket)}</span>'
        f'<span class="so-track"><i style="width:{line.amount.amount_minor / total:.1%}"></i></span>'
        f"<span>{escape(str(line.amount))}</span></div>"
        for line in plan.budget.lines
    )
    reason = why_of(plan, "budget", words, words("money"))
    return f'<section class="so-money"><h3>{words("money")}</h3>{bars}{share_line(plan, words)}{reason}</section>'


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
    """Give the offers with their four parts, cost, worst margin and reasons."""
    if not plan.offers:
        return ""
    heads = ("offer", "offer_goal", "offer_limits", "offer_cost", "offer_margin")
    head = "".join(f'<th scope="col">{words(name)}</th>' for name in heads)
    rows = "".join(_offer_row(plan, offer, words) for offer in plan.offers)
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


def _offer_row(plan: Plan, offer: Offer, words: Words) -> str:
    limits, name = offer.limits, offer_words(offer, words)
    who = ", ".join(words("cohorts", cohort) for cohort in limits.cohorts)
    spend = f"{words('from_spend')} {short(limits.min_spend)}, " if limits.min_spend.amount_minor else ""
    goal = f"{words('actions', offer.goal.action)}, {words('within_days').format(days=offer.goal.within_days)}"
    return (
        f'<tr><th scope="row">{escape(name)}<span class="so-soft">{escape(who)}</span>'
        f"{why_of(plan, offer.id, words, name)}</th>"
        f"<td>{escape(goal)}</td>"
        f"<td>{escape(spend)}{words('valid')} {limits.valid_from:%m-%d} – {limits.valid_until:%m-%d}</td>"
        f"<td>{escape(str(offer.cost_per_use))}</td><td>{offer.worst_margin_rate:.0%}</td></tr>"
    )
