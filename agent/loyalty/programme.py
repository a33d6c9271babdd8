"""Setting a loyalty programme: read from YAML, checked against the shop, in force from its first day on."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from agent.written import checked, fields_of
from memory.domain.cohort import CohortId
from memory.domain.errors import InvalidInput
from memory.domain.loyalty import (
    BirthdayGift,
    DedicatedService,
    EarlyPurchase,
    EarnRate,
    LoyaltyProgramme,
    NewProductTrial,
    PointsMultiplier,
    Reward,
    Tier,
    TierRule,
)
from memory.domain.market import Shop
from memory.store.loyalty import no_programme
from memory.store.unit_of_work import UnitOfWork
from tools.loyalty import Term, terms_of
from tools.loyalty.programmes import in_force
from tools.priors.amounts import nominal

MOST_LOYAL: CohortId = "vip"
"""The cohort whose discount ceiling bounds what a birthday may take off."""


def read_programme(text: str) -> LoyaltyProgramme:
    """Read a programme from YAML or JSON; raise `InvalidInput` that names every wrong field."""
    return read_fields(fields_of(text, _unusable))


def read_fields(raw: Mapping[str, Any]) -> LoyaltyProgramme:
    """Make a programme from fields as YAML or JSON has them; raise `InvalidInput` that names every wrong field."""
    return checked(LoyaltyProgramme, raw, _unusable)


def set_programme(uow: UnitOfWork, shop: Shop, programme: LoyaltyProgramme, by: str, at: datetime) -> None:
    """Put a programme in force; raise `InvalidInput` where it is not in the shop's money or reaches into the past.

    Only the first one may start in the past, so that earlier orders earn too: points that stand are never changed by
    a later programme. A birthday discount stays below the ceiling of the most loyal.
    """
    if foreign := programme.currencies() - {shop.currency}:
        raise _unusable(f"it states costs in {', '.join(sorted(foreign))}, the shop's currency is {shop.currency}")
    today = at.astimezone(ZoneInfo(shop.zone)).date()
    if uow.loyalty.history(shop.shop_id) and programme.starts_on < today:
        raise _unusable(f"it would start on {programme.starts_on} and change what members have; start it on {today}")
    for tier, gift in _takes_off(programme):
        ceiling = uow.guardrails.current(shop.shop_id).discount_ceiling.get(MOST_LOYAL, 0.0)
        if gift.rate > ceiling:
            raise _unusable(
                f"the birthday discount of {tier} is {gift.rate:.0%}, the ceiling of the most loyal is {ceiling:.0%}; "
                "give points or a gift"
            )
    uow.loyalty.set_programme(shop.shop_id, programme, by, at)


def programme_in_force(uow: UnitOfWork, shop: Shop, at: datetime) -> tuple[LoyaltyProgramme, tuple[Term, ...]]:
    """Give the programme of an instant and all terms; raise `NotReady` where there is none."""
    terms = terms_of(uow.loyalty.history(shop.shop_id), shop)
    term = in_force(terms, at)
    if term is None:
        raise no_programme(shop.shop_id)
    return term.programme, terms


def starting_programme(currency: str, starts_on: date) -> LoyaltyProgramme:
    """Give a programme to start from, in the shop's price points: nothing of it is measured."""
    five, ten, three = (nominal(dollars, currency) for dollars in (5, 10, 3))
    free = three.model_copy(update={"amount_minor": 0})
    birthday = BirthdayGift(points=100, cost=three)
    gold = (birthday, PointsMultiplier(percent=150, cost=three), EarlyPurchase(hours=24, cost=free))
    per = max(1, nominal(1, currency).amount_minor)
    return LoyaltyProgramme(
        starts_on=starts_on,
        earn=(EarnRate(currency=currency, points=1, per_minor=per),),
        tier_rule=TierRule(
            basis="either",
            window_days=365,
            tiers=(
                Tier(id="bronze", min_spend_minor=0, min_orders=0),
                Tier(id="silver", min_spend_minor=200 * per, min_orders=3, privileges=(birthday,)),
                Tier(id="gold", min_spend_minor=500 * per, min_orders=6, privileges=gold),
                Tier(
                    id="diamond",
                    min_spend_minor=1_500 * per,
                    min_orders=12,
                    privileges=(
                        BirthdayGift(points=300, cost=ten),
                        DedicatedService(contact="the shop's service", cost=ten),
                        NewProductTrial(per_year=2, cost=ten),
                        PointsMultiplier(percent=200, cost=five),
                        EarlyPurchase(hours=48, cost=free),
                    ),
                ),
            ),
        ),
        rewards=(
            Reward(id="coupon", kind="coupon", points=250, worth=five),
            Reward(id="cash-off", kind="cash_off", points=500, worth=ten),
        ),
        pays_deeds=True,
        point_cost_millis=five.amount_minor * 1_000 // 250,
        breakage_rate=0.2,
    )


def _takes_off(programme: LoyaltyProgramme) -> list[tuple[str, BirthdayGift]]:
    return [
        (tier.id, one)
        for tier in programme.tiers
        for one in tier.privileges
        if isinstance(one, BirthdayGift) and one.gives == "discount"
    ]


def _unusable(why: str) -> InvalidInput:
    return InvalidInput(what="the loyalty programme", why=why, remedy="`secondorder loyalty example` gives one.")
