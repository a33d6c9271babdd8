"""A gift from a minimum basket on, where stock and margin allow it (S2-34)."""

from dataclasses import dataclass, field

from memory.domain.offer import GiftWithPurchase, OfferGoal
from memory.domain.outcome import Blocked
from memory.domain.plan import Bucket
from tools.offers.facts import GiftFact, OfferFacts
from tools.offers.pick import OfferPick, Terms
from tools.offers.thresholds import ordinary_basket
from tools.priors.effects import load_effects

MAX_COST_PERCENT = 8
"""A gift costs at most this share of the basket it comes with."""


@dataclass(frozen=True)
class GiftBuilder:
    """The most valuable article in stock whose cost stays small beside the basket."""

    id: str = "gift_with_purchase"
    rank: int = 3
    bucket: Bucket = "automation"
    why: tuple[str, ...] = ("keeps_price", "high_margin_goods")
    benefit: dict[str, str] = field(
        default_factory=lambda: {
            "en": "A gift worth {amount} with your order from {min_spend}, until {until}.",
            "de": "Ein Geschenk im Wert von {amount} zur Bestellung ab {min_spend}, bis {until}.",
            "fr": "Un cadeau d'une valeur de {amount} dès {min_spend} d'achat, jusqu'au {until}.",
            "es": "Un regalo por valor de {amount} con tu pedido desde {min_spend}, hasta el {until}.",
            "ja": "{until}までの{min_spend}以上のご注文で{amount}相当のギフトを進呈。",
            "zh": "{until}前下单满{min_spend}，赠价值{amount}的礼品。",
        }
    )

    def terms(self, pick: OfferPick, facts: OfferFacts) -> Terms | Blocked:
        """Give the gift, or say that no article has the stock and the price for it."""
        spend = ordinary_basket(pick, facts)
        needed = int(facts.reach.get(pick.cohort, 0) * load_effects().redemption_rate(self.id)) + 1
        most = spend.amount_minor * MAX_COST_PERCENT // 100
        fitting = [gift for gift in facts.gifts if gift.n_in_stock >= needed and gift.cost.amount_minor <= most]
        if not fitting:
            return Blocked(
                rule="offer_complete",
                code="no_gift_in_stock",
                message=f"No article costs at most {most} minor units and has {needed} units in stock for a gift.",
                limit=str(needed),
                actual=str(max((gift.n_in_stock for gift in facts.gifts), default=0)),
            )
        gift = max(fitting, key=_by_value)
        return Terms(
            incentive=GiftWithPurchase(sku=gift.sku, cost=gift.cost, price=gift.price),
            min_spend=spend,
            goal=OfferGoal(action="next_order", within_days=30),
            high_margin_only=True,
        )


def _by_value(gift: GiftFact) -> tuple[int, str]:
    return gift.price.amount_minor, gift.sku
