"""An offer has all four parts, figures only as tokens, stock for its gift, and a true worst case (S2-30..S2-34)."""

import re

from agent.guardrails.facts import PlanFacts
from agent.guardrails.rule import RuleBase
from memory.domain.guardrails import Guardrails
from memory.domain.offer import EarlyAccess, GiftWithPurchase, Incentive, Offer
from memory.domain.outcome import Blocked
from memory.domain.plan import Plan
from tools.copywriting.claims import unbound_claims
from tools.offers.building import redeemable_with, with_worst_case
from tools.offers.facts import OfferFacts
from tools.offers.worth import discount_rate

FREE_FIGURE = re.compile(r"\d|[%$€£¥]")
TOKENS: dict[str, tuple[str, ...]] = {
    "store_credit": ("{amount}", "{min_spend}"),
    "referral_reward": ("{amount}", "{min_spend}"),
    "discount": ("{amount}", "{min_spend}"),
    "points_multiple": ("{factor}",),
    "bonus_points": ("{points}",),
    "gift_with_purchase": ("{amount}", "{min_spend}"),
    "free_expedited_shipping": ("{amount}",),
    "early_access": ("{hours}",),
}
"""Tokens a benefit has to name, so that people read an absolute value bound to the offer's figures (S2-32)."""


class OfferCompleteRule(RuleBase):
    """Goal, incentive, benefit and limits, each complete."""

    id = "offer_complete"
    needs = ("shop", "categories", "gifts", "cohorts", "margin_rate", "outside_offers")

    def check_plan(self, plan: Plan, guardrails: Guardrails, facts: PlanFacts) -> tuple[Blocked, ...]:
        """Block offers with a part missing or misstated."""
        return tuple(
            reason
            for offer in plan.offers
            for reason in (
                *self._benefit(offer, plan),
                *self._limits(offer, facts),
                *self._gift(offer, facts),
                *self._figures(offer, plan, facts),
            )
        )

    def _benefit(self, offer: Offer, plan: Plan) -> list[Blocked]:
        found, path = [], f"offers.{offer.id}.benefit"
        for language in plan.languages:
            text = offer.benefit.get(language, "")
            missing = [token for token in TOKENS[offer.incentive.kind] if token not in text]
            if missing:
                message = f"The {language} benefit of {offer.id} doesn't name {', '.join(missing)}."
                needed = ", ".join(missing)
                found.append(self.reason("benefit_incomplete", message, path=path, limit=needed, actual=language))
            elif FREE_FIGURE.search(re.sub(r"\{\w+\}", "", text)):
                message = f"The {language} benefit of {offer.id} holds figures of its own; use tokens."
                found.append(self.reason("free_figure", message, path=path, actual=language))
            elif claims := unbound_claims(language, text):
                named = ", ".join(claim.words for claim in claims)
                message = f"The {language} benefit of {offer.id} claims what no fact says ({named}); leave it out."
                found.append(self.reason("unbound_claim", message, path=path, limit=named, actual=language))
        return found

    def _limits(self, offer: Offer, facts: PlanFacts) -> list[Blocked]:
        found, path, limits = [], f"offers.{offer.id}.limits", offer.limits
        if limits.valid_from > limits.valid_until:
            found.append(self.reason("never_valid", f"{offer.id} ends before it begins.", path=path))
        if {limits.min_spend.currency, offer.cost_per_use.currency} != {facts.shop.currency}:
            message = f"{offer.id} has to be stated in {facts.shop.currency}."
            found.append(self.reason("wrong_currency", message, path=path, limit=facts.shop.currency))
        if limits.min_spend.amount_minor < 0 or offer.cost_per_use.amount_minor < 0:
            found.append(self.reason("negative_sum", f"{offer.id} holds a negative sum.", path=path))
        if offer.cost_per_use.amount_minor == 0 and not _is_free(offer.incentive):
            found.append(self.reason("cost_missing", f"{offer.id} states no cost per use.", path=path))
        return found

    def _gift(self, offer: Offer, facts: PlanFacts) -> list[Blocked]:
        if not isinstance(offer.incentive, GiftWithPurchase):
            return []
        sku = offer.incentive.sku
        stock = next((gift.n_in_stock for gift in facts.gifts if gift.sku == sku), 0)
        if stock > 0 and offer.limits.min_spend.amount_minor > 0:
            return []
        message = f"The gift {sku} of {offer.id} has {stock} units in stock and a basket of {offer.limits.min_spend}."
        return [self.reason("gift_unavailable", message, path=f"offers.{offer.id}.incentive", actual=stock)]

    def _figures(self, offer: Offer, plan: Plan, facts: PlanFacts) -> list[Blocked]:
        worst = with_worst_case(offer, redeemable_with(offer, plan.offers, facts.outside_offers), _offer_facts(facts))
        rate = round(discount_rate(offer.incentive, offer.limits.min_spend.amount_minor), 6)
        stated = (offer.worst_margin_rate, offer.price_ratio, offer.discount_rate)
        true = (worst.worst_margin_rate, worst.price_ratio, rate)
        if all(abs(one - other) < 1e-6 for one, other in zip(stated, true, strict=True)):
            return []
        message = f"{offer.id} misstates its worst case; margin, price ratio and discount are {true}."
        if facts.outside_offers:
            message += " What people may hold from outside the plan counts: draft the plan again where that changed."
        return [self.reason("figures_misstated", message, path=f"offers.{offer.id}", limit=true, actual=stated)]


def _is_free(incentive: Incentive) -> bool:
    return isinstance(incentive, EarlyAccess)


def _offer_facts(facts: PlanFacts) -> OfferFacts:
    return OfferFacts(
        currency=facts.shop.currency,
        categories=facts.categories,
        gifts=facts.gifts,
        baskets=facts.baskets(),
        margin_rate=facts.margin_rate,
    )


RULE = OfferCompleteRule()
