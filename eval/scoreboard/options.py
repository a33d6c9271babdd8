"""What may be sent on a day: one option per step and channel, with what it costs and what its offer takes off."""

from collections.abc import Iterable
from typing import NamedTuple

from eval.gym.places import SHOP_CURRENCY
from eval.gym.reactions import Terms
from eval.gym.sent import terms_of
from eval.gym.shop import demo_shop
from memory.domain.cohort import COHORTS, CohortId
from memory.domain.message import MESSAGE_CLASS
from memory.domain.offer import Offer
from memory.domain.plan import Plan, Step
from tools.priors.amounts import message_cost_millis

from .crowd import CHANNELS

AWAY_DAYS = 30
RARE_AUDIENCES = frozenset({"category_series", "price_drop", "back_in_stock", "replenishment_reminder"})
"""Kinds that wait for views, carts or prices which a crowd does not have; nobody qualifies for them here."""


class Gift(NamedTuple):
    """What redeeming an offer costs, at the till or afterwards."""

    terms: Terms | None
    """What it takes off at the till; none where nothing is."""
    per_use_minor: int
    """What it costs the shop per redemption where the till takes nothing off."""
    max_granted: int
    """How often it may be granted."""


class Option(NamedTuple):
    """One message that could go to one cohort on one day by one channel."""

    step: str
    """Id of its step; one step reaches a person once."""
    day: int
    """Days after day 0."""
    cohort: int
    """Position in `COHORTS`."""
    kind: str
    """Message kind."""
    message_class: str
    """What the plan says its class is."""
    channel: int
    """Position in `CHANNELS`."""
    offer_id: str
    """The offer it carries; empty for none."""
    cost_minor: float
    """Sending, and what of its offer is redeemed without an order: charged when it is sent."""
    planned_minor: float
    """What the product counts against the budget: sending, and its offer at the assumed redemption."""
    only_away: bool
    """Only for those who bought nothing in the last 30 days."""


def options_of(plan: Plan) -> tuple[Option, ...]:
    """Give every option of a plan's dated steps, by day; steps of other senders and rare audiences are left out."""
    found = [
        option
        for journey in plan.journeys
        for step in journey.steps
        if step.owner == "us" and step.kind not in RARE_AUDIENCES
        for option in step_options(step, journey.cohort, plan.offer(step.offer_id) if step.offer_id else None)
    ]
    return tuple(sorted(found, key=lambda each: (each.day, each.step, each.channel)))


def step_options(step: Step, cohort: CohortId, offer: Offer | None) -> Iterable[Option]:
    """Give one option per push channel of a step."""
    for channel in step.channels:
        if channel in CHANNELS:
            yield Option(
                step=step.id,
                day=step.day,
                cohort=COHORTS.index(cohort),
                kind=step.kind,
                message_class=step.message_class,
                channel=CHANNELS.index(channel),
                offer_id=step.offer_id or "",
                cost_minor=message_cost_millis(channel, SHOP_CURRENCY) / 1000 + _untied_minor(offer),
                planned_minor=message_cost_millis(channel, SHOP_CURRENCY) / 1000 + _expected_minor(offer),
                only_away=step.kind == "seasonal_reactivation",
            )


def gifts_of(plan: Plan) -> dict[str, Gift]:
    """Give what each offer of a plan costs when it is redeemed with an order."""
    terms = terms_of(plan, demo_shop())
    return {
        offer.id: Gift(
            terms=terms.get(offer.id),
            per_use_minor=0 if _is_untied(offer) else offer.cost_per_use.amount_minor,
            max_granted=10**9 if offer.limits.max_granted is None else offer.limits.max_granted,
        )
        for offer in plan.offers
    }


def depth_of(gift: Gift | None) -> float:
    """Give how deep an offer cuts at the till; 0 for none."""
    return gift.terms.depth if gift is not None and gift.terms is not None else 0.0


def right_class(kind: str) -> str:
    """Give the class a kind of message belongs to, whatever a plan says."""
    return dict(MESSAGE_CLASS)[kind]  # type: ignore[index]


def _is_untied(offer: Offer) -> bool:
    return offer.incentive.kind in ("bonus_points", "referral_reward")


def _untied_minor(offer: Offer | None) -> float:
    """Points for an action and rewards for friends are redeemed without an order of the receiver."""
    return offer.redemption_rate * offer.cost_per_use.amount_minor if offer and _is_untied(offer) else 0.0


def _expected_minor(offer: Offer | None) -> float:
    return offer.redemption_rate * offer.cost_per_use.amount_minor if offer else 0.0
