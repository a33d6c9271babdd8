"""Tiers as HTML: what each asks for, how many are in it, what its members may have and what that costs at most."""

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from api.ui.shell.numbers import money, percent, whole
from api.ui.shell.parts import table
from api.ui.shell.visible import visible
from api.ui.shell.words import Words
from memory.domain.loyalty import (
    BirthdayGift,
    DedicatedService,
    EarlyPurchase,
    LoyaltyProgramme,
    NewProductTrial,
    PointsMultiplier,
    Privilege,
    Tier,
)
from memory.domain.money import Currency, Money

if TYPE_CHECKING:
    from agent.loyalty.privileges import TierPrivileges

NOT_YET = "…"


def tier_name(tier: str, words: Words) -> str:
    """Give a tier's name; the usual ones in the reader's language."""
    return words.found("members", "tier_names", tier) or tier


def tiers_table(
    programme: LoyaltyProgramme, counted: "Sequence[TierPrivileges] | None", words: Words, currency: Currency
) -> str:
    """Give a row per tier, the highest first, with its threshold and its members; `…` while they are counted."""
    found = {one.tier: one.n_members for one in counted} if counted is not None else {}
    n_all = sum(found.values())
    rows = [
        (visible(tier_name(tier.id, words)), escape(_asks(tier, programme, words, currency)),
         *_members(tier.id, found, n_all, words))
        for tier in reversed(programme.tiers)
    ]  # fmt: skip
    heads = [words("members", "heads", name) for name in ("tier", "asks", "members", "share")]
    caption = _window(programme, n_all if counted is not None else None, words)
    return f'<div class="so-tiers">{table(caption, heads, rows, numbers=frozenset({2}))}</div>'


def _window(programme: LoyaltyProgramme, n_all: int | None, words: Words) -> str:
    days = programme.tier_rule.window_days
    said = (
        words("members", "all_orders")
        if days is None
        else words("members", "window").format(n=whole(days, words.language))
    )
    return said if n_all is None else f"{words('members', 'n_members').format(n=whole(n_all, words.language))} {said}"


def _asks(tier: Tier, programme: LoyaltyProgramme, words: Words, currency: Currency) -> str:
    if not tier.min_spend_minor and not tier.min_orders:
        return words("members", "asks", "nothing")
    spend = money(Money(amount_minor=tier.min_spend_minor, currency=currency), words.language)
    orders = whole(tier.min_orders, words.language)
    return words("members", "asks", programme.tier_rule.basis).format(spend=spend, n=orders)


def _members(tier: str, found: dict[str, int], n_all: int, words: Words) -> tuple[str, str]:
    if tier not in found:
        return NOT_YET, NOT_YET
    rate = found[tier] / n_all if n_all else 0.0
    bar = f'<span class="so-track so-bar" aria-hidden="true"><i style="width:{rate:.1%}"></i></span>'
    share = percent(rate, words.language) if n_all else "–"
    return escape(whole(found[tier], words.language)), f'<span class="so-share-of">{bar}{escape(share)}</span>'


def privileges_table(programme: LoyaltyProgramme, counted: "Sequence[TierPrivileges] | None", words: Words) -> str:
    """Give a row per tier and privilege: what it is, what one costs, and at most for all who may have it."""
    most = {
        (one.tier, each.kind): cost
        for one in counted or ()
        for each, cost in zip(one.privileges, one.cost_at_most, strict=True)
    }
    rows = [
        (
            visible(_of_tier(tier, one, words)),
            visible(_given(one, words)),
            _cost(one, words),
            escape(money(most[tier.id, one.kind], words.language)) if (tier.id, one.kind) in most else NOT_YET,
        )
        for tier in reversed(programme.tiers)
        for one in tier.privileges
    ]
    if not rows:
        return f'<p class="so-soft">{escape(words("members", "no_privileges"))}</p>'
    heads = [words("members", "heads", name) for name in ("privilege", "what", "cost", "at_most")]
    shown = table(words("members", "privileges_about"), heads, rows, numbers=frozenset({2, 3}))
    return f'<div class="so-below">{shown}</div>'


def _of_tier(tier: Tier, one: Privilege, words: Words) -> str:
    named = words("members", "privileges", one.kind)
    return words("members", "of_tier").format(tier=tier_name(tier.id, words), what=named)


def _cost(one: Privilege, words: Words) -> str:
    unit = words("members", "cost_units", one.kind)
    return f'{escape(money(one.cost, words.language))}<br><span class="so-soft so-unit">{escape(unit)}</span>'


def _given(one: Privilege, words: Words) -> str:
    """Say in words what a privilege gives."""
    language = words.language

    def say(name: str, **more: str) -> str:
        return words("members", "gives", name).format(**more)

    match one:
        case BirthdayGift(gives="points"):
            return say("birthday_points", n=whole(one.points, language))
        case BirthdayGift(gives="gift"):
            return say("birthday_article", sku=one.sku or "–")
        case BirthdayGift():
            return say("birthday_discount", rate=percent(one.rate, language, 0))
        case DedicatedService():
            return say("service", contact=one.contact)
        case NewProductTrial():
            return say("trial", n=whole(one.per_year, language))
        case PointsMultiplier():
            return say("multiplier", rate=percent(one.percent / 100, language, 0))
        case EarlyPurchase():
            return say("early", n=whole(one.hours, language))
