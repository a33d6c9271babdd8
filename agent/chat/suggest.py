"""What a marketer could say next: sentences that the rules understand, fitting where the thread stands."""

from memory.domain.money import Money
from memory.domain.plan import Plan

from .state import ChatLanguage, ChatState

MAX_SUGGESTIONS = 4
ROUND_TO_MINOR = 10_000
"""Sums in suggestions are round."""

TEXTS: dict[str, dict[ChatLanguage, str]] = {
    "draft": {"en": "Draft the plan", "zh": "起草计划"},
    "draft_without": {"en": "Draft the plan without {channel} in {market}", "zh": "起草计划，{market}别发{channel}"},
    "draft_budget": {"en": "Draft a plan that spends at most {budget}", "zh": "起草计划，预算{budget}"},
    "why_offer": {"en": "Why is the {offer} there?", "zh": "为什么有{offer}？"},
    "what_if_budget": {"en": "What if the budget were {budget}?", "zh": "如果预算是{budget}，会怎样？"},
    "without": {"en": "No {channel} in {market}", "zh": "{market}别发{channel}"},
    "vips_first": {"en": "VIPs first", "zh": "VIP 先买"},
    "undo": {"en": "Undo", "zh": "撤销"},
}
CHANNELS: dict[str, dict[ChatLanguage, str]] = {
    "sms": {"en": "SMS", "zh": "短信"},
    "push": {"en": "push", "zh": "推送"},
    "email": {"en": "e-mail", "zh": "邮件"},
}
OFFERS: dict[str, dict[ChatLanguage, str]] = {
    "store_credit": {"en": "store credit", "zh": "购物金"},
    "free_expedited_shipping": {"en": "free shipping", "zh": "包邮"},
    "gift_with_purchase": {"en": "gift", "zh": "赠品"},
    "discount": {"en": "discount", "zh": "折扣"},
}
MARKETS: dict[str, dict[ChatLanguage, str]] = {
    "DE": {"en": "Germany", "zh": "德国"},
    "FR": {"en": "France", "zh": "法国"},
    "ES": {"en": "Spain", "zh": "西班牙"},
    "GB": {"en": "the UK", "zh": "英国"},
    "US": {"en": "the US", "zh": "美国"},
    "JP": {"en": "Japan", "zh": "日本"},
}


def suggestions(state: ChatState, language: ChatLanguage, home_market: str = "") -> tuple[str, ...]:
    """Give at most four sentences about the plan that stands, or about drafting one for the shop's `home_market`."""
    found = _after(state, state.plan, language) if state.plan else _before(language, (home_market,))
    return tuple(dict.fromkeys(found))[:MAX_SUGGESTIONS]


def _before(language: ChatLanguage, markets: tuple[str, ...]) -> list[str]:
    found = [TEXTS["draft"][language]]
    if market := _named(markets, language):
        found.append(TEXTS["draft_without"][language].format(channel=CHANNELS["sms"][language], market=market))
    return found


def _after(state: ChatState, plan: Plan, language: ChatLanguage) -> list[str]:
    found = [TEXTS["undo"][language]] if state.history else []
    if named := next(
        (OFFERS[kind][language] for kind in (offer.incentive.kind for offer in plan.offers) if kind in OFFERS), ""
    ):
        found.append(TEXTS["why_offer"][language].format(offer=named))
    found.append(TEXTS["what_if_budget"][language].format(budget=_half(plan.budget.total)))
    used = {channel for step in plan.steps() for channel in step.channels}
    market = _named(plan.markets, language)
    excluded = {
        channel for country, channel in state.brief.excluded if MARKETS.get(country, {}).get(language) == market
    }
    free = [one for one in ("sms", "push") if one in used and one not in excluded]
    if market and free:
        found.append(TEXTS["without"][language].format(channel=CHANNELS[free[0]][language], market=market))
    found.append(TEXTS["vips_first"][language])
    return found


def _named(markets: tuple[str, ...], language: ChatLanguage) -> str:
    return next((MARKETS[one][language] for one in markets if one in MARKETS), "")


def _half(total: Money) -> str:
    """Half of the budget, rounded to a sum that one would say; the smallest such sum where the half is less."""
    minor = max(ROUND_TO_MINOR, round(total.amount_minor / 2 / ROUND_TO_MINOR) * ROUND_TO_MINOR)
    return str(Money(amount_minor=minor, currency=total.currency))
