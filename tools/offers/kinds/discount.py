"""A share off the price: the last choice, never above the cohort's ceiling (S2-29, S2-67)."""

from dataclasses import dataclass, field

from memory.domain.offer import Discount, OfferGoal
from memory.domain.outcome import Blocked
from memory.domain.plan import Bucket
from tools.offers.facts import OfferFacts
from tools.offers.pick import OfferPick, Terms
from tools.offers.thresholds import ordinary_basket


@dataclass(frozen=True)
class DiscountBuilder:
    """At most 10 %, less where the cohort's ceiling is lower; its benefit names the sum, not the share."""

    id: str = "discount"
    rank: int = 9
    bucket: Bucket = "automation"
    why: tuple[str, ...] = ("last_choice",)
    benefit: dict[str, str] = field(
        default_factory=lambda: {
            "en": "Save {amount} on an order of {min_spend}, until {until}.",
            "de": "{amount} sparen bei einer Bestellung von {min_spend}, bis {until}.",
            "fr": "Économisez {amount} sur une commande de {min_spend}, jusqu'au {until}.",
            "es": "Ahorra {amount} en un pedido de {min_spend}, hasta el {until}.",
            "ja": "{until}まで、{min_spend}のご注文で{amount}お得。",
            "zh": "{until}前下单满{min_spend}，立省{amount}。",
        }
    )

    def terms(self, pick: OfferPick, facts: OfferFacts) -> Terms | Blocked:
        """Give the rate, or say that the cohort may have none."""
        rate = min(0.10, facts.ceilings.get(pick.cohort, 0.0)) if pick.rate is None else pick.rate
        if rate <= 0:
            return Blocked(
                rule="discount_ceiling",
                code="no_discount_for_cohort",
                message=f"The discount ceiling leaves no discount for {pick.cohort}; offer points or early access.",
                limit="0",
            )
        return Terms(
            incentive=Discount(rate=rate),
            min_spend=ordinary_basket(pick, facts),
            goal=OfferGoal(action="next_order", within_days=14),
        )
