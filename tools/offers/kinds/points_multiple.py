"""A multiple of the usual points instead of a deep discount (S2-31, S2-41)."""

from dataclasses import dataclass, field

from memory.domain.money import Money
from memory.domain.offer import OfferGoal, PointsMultiple
from memory.domain.plan import Bucket
from tools.offers.facts import OfferFacts
from tools.offers.pick import OfferPick, Terms
from tools.offers.thresholds import ordinary_basket

POINT_SHARE = 100
"""The usual points of an order cost the shop one hundredth of its basket: an assumption."""
FACTORS = {"vip": 3}
"""Treble points for the most loyal, double for everyone else."""


@dataclass(frozen=True)
class PointsMultipleBuilder:
    """Double points, treble for the most loyal."""

    id: str = "points_multiple"
    rank: int = 2
    bucket: Bucket = "loyalty_programme"
    why: tuple[str, ...] = ("keeps_margin", "rewards_loyalty")
    benefit: dict[str, str] = field(
        default_factory=lambda: {
            "en": "Earn {factor}x points on your next order from {min_spend}, until {until}.",
            "de": "{factor}-fache Punkte auf die nächste Bestellung ab {min_spend}, bis {until}.",
            "fr": "Points x{factor} sur votre prochaine commande dès {min_spend}, jusqu'au {until}.",
            "es": "Puntos x{factor} en tu próximo pedido desde {min_spend}, hasta el {until}.",
            "ja": "{until}までの{min_spend}以上のご注文でポイント{factor}倍。",
            "zh": "{until}前下单满{min_spend}，享{factor}倍积分。",
        }
    )

    def terms(self, pick: OfferPick, facts: OfferFacts) -> Terms:
        """Give the multiple from an ordinary basket on."""
        basket = ordinary_basket(pick, facts)
        cost = Money(amount_minor=-(-basket.amount_minor // POINT_SHARE), currency=facts.currency)
        factor = pick.factor or FACTORS.get(pick.cohort, 2)
        return Terms(
            incentive=PointsMultiple(factor=factor, point_cost=cost),
            min_spend=basket,
            goal=OfferGoal(action="next_order", within_days=30),
        )
