"""Offers in their four parts: goal, incentive, benefit, limits; with cost, margin and reasons."""

from collections.abc import Iterable, Mapping
from html import escape

from api.ui.shell.numbers import day, money, percent, whole
from api.ui.shell.parts import empty
from api.ui.shell.visible import visible
from api.ui.shell.words import Words
from api.verbs.codes import OfferCodesNow, PlanCodes
from memory.domain.codes import CodeAlarm
from memory.domain.offer import Offer
from tools.copywriting.offers import UnknownOfferToken
from tools.copywriting.offers import offer_words as in_words

from .money import offer_words
from .opened import Opened
from .view import step_title
from .why import why

CODE_COUNTS = ("confirmed", "reserved", "refused", "free")


def render_offers(
    opened: Opened, reasons: Mapping[str, str], codes: PlanCodes | None = None, alarms: Iterable[CodeAlarm] = ()
) -> str:
    """Give one panel per offer; `reasons` explains each by its id, `codes` counts theirs, `alarms` are open ones."""
    words = opened.words
    counts = {one.offer_id: one for one in codes.offers} if codes else {}
    wrong = [one for one in alarms if one.plan_id == opened.plan.id]
    if not opened.plan.offers:
        return empty(words("plan_page", "no_offers"), words("plan_page", "no_offers_more"))
    panels = "".join(
        f'<article class="so-panel"><h4>{escape(offer_words(offer, words))}</h4>'
        f"{offer_parts(offer, words)}{_codes(counts.get(offer.id), words)}"
        f"{''.join(_alarm(one, words) for one in wrong if one.offer_id == offer.id)}{_carried(opened, offer)}"
        f"{why(reasons[offer.id], words)}</article>"
        for offer in opened.plan.offers
    )
    title = f"{words('offers')} ({len(opened.plan.offers)})"
    return f'<h3>{escape(title)}</h3><div class="so-offer-grid">{panels}</div>'


def offer_parts(offer: Offer, words: Words) -> str:
    """Give an offer's four parts with its cost per use, redemption and worst margin."""
    language, limits = words.language, offer.limits
    goal = f"{words('actions', offer.goal.action)}, {words('within_days').format(days=offer.goal.within_days)}"
    valid = f"{day(limits.valid_from, language)} – {day(limits.valid_until, language)}"
    bounds = [
        ", ".join(words("cohorts", cohort) for cohort in limits.cohorts),
        words("plan_page", "from_basket").format(sum=money(limits.min_spend, language)),
        f"{words('valid')} {valid}",
        words("plan_page", "uses").format(n=limits.uses_per_person),
        words("plan_page", "own_code" if offer.gives_code else "no_code"),
        words("plan_page", "granted").format(n=whole(limits.max_granted, language)) if limits.max_granted else "",
        f"{words('plan_page', 'categories')} {', '.join(limits.categories)}" if limits.categories else "",
        words("plan_page", "read_by").format(what=words("measured", limits.measured_by)),
    ]
    rows = (
        (words("offer_goal"), escape(goal)),
        (words("plan_page", "incentive"), escape(_cost(offer, words))),
        (words("plan_page", "benefit"), visible(_benefit(offer, words))),
        (words("offer_limits"), "<br>".join(visible(one) for one in bounds if one)),
        (words("offer_margin"), escape(_margin(offer, words))),
    )
    cells = "".join(f"<div><dt>{escape(name)}</dt><dd>{value}</dd></div>" for name, value in rows)
    return f'<dl class="so-facts">{cells}</dl>'


def _codes(one: OfferCodesNow | None, words: Words) -> str:
    """Say how an offer's codes stand; nothing where it gives none."""
    if one is None or not one.gives_code:
        return ""
    named = {name: whole(getattr(one, f"n_{name}"), words.language) for name in CODE_COUNTS}
    return f'<p class="so-soft">{escape(words("plan_page", "codes_now").format(**named))}</p>'


def _alarm(one: CodeAlarm, words: Words) -> str:
    """Say what is wrong with an offer's redemptions and what is at stake."""
    said = words("plan_page", "alarms", one.kind).format(n=whole(one.n, words.language))
    stake = words("plan_page", "alarm_stake").format(sum=money(one.at_stake, words.language))
    return f'<p class="so-notice">{escape(said)} {escape(stake)}</p>'


def _cost(offer: Offer, words: Words) -> str:
    cost, rate = money(offer.cost_per_use, words.language), percent(offer.redemption_rate, words.language)
    return words("plan_page", "cost_of_use").format(what=offer_words(offer, words), cost=cost, rate=rate)


def _benefit(offer: Offer, words: Words) -> str:
    """Give what the person reads, in the reader's language where it is written in it."""
    written = [words.language, *(one for one in offer.benefit if one != words.language)]
    for language in written:
        try:
            found = in_words(offer, language)
        except UnknownOfferToken:
            continue
        if found is not None:
            return f"{found.benefit} {found.conditions}".strip()
    return "–"


def _margin(offer: Offer, words: Words) -> str:
    margin, price = percent(offer.worst_margin_rate, words.language), percent(offer.price_ratio, words.language)
    return words("plan_page", "worst_order").format(margin=margin, price=price)


def _carried(opened: Opened, offer: Offer) -> str:
    words = opened.words
    links = ", ".join(
        f'<a href="{escape(opened.address("messages", step=step.id))}">{words.day(step.day)} '
        f"{escape(step_title(step, words))}</a>"
        for step in opened.plan.steps()
        if step.offer_id == offer.id
    )
    return f'<p class="so-soft">{escape(words("plan_page", "carried_by"))} {links}</p>' if links else ""
