"""Free expedited shipping from an ordinary basket on (S2-31)."""

from dataclasses import dataclass, field

from memory.domain.money import Money
from memory.domain.offer import FreeExpeditedShipping, OfferGoal
from memory.domain.plan import Bucket
from tools.offers.facts import OfferFacts
from tools.offers.pick import OfferPick, Terms
from tools.offers.thresholds import ordinary_basket
from tools.priors.amounts import nominal

EXPEDITED_DOLLARS = 6
"""What the faster parcel costs where the shop's orders show no shipping: an assumption, in nominal dollars."""


@dataclass(frozen=True)
class FreeShippingBuilder:
    """The faster parcel at no charge."""

    id: str = "free_shipping"
    rank: int = 4
    bucket: Bucket = "automation"
    why: tuple[str, ...] = ("keeps_price", "easy_to_control")
    benefit: dict[str, str] = field(
        default_factory=lambda: {
            "en": "Free express shipping worth {amount} on orders from {min_spend}, until {until}.",
            "de": "Gratis Expressversand im Wert von {amount} ab {min_spend}, bis {until}.",
            "fr": "Livraison express offerte (valeur {amount}) dès {min_spend}, jusqu'au {until}.",
            "es": "Envío exprés gratis (valor: {amount}) en pedidos desde {min_spend}, hasta el {until}.",
            "ja": "{until}までの{min_spend}以上のご注文で速達送料{amount}が無料。",
            "zh": "{until}前下单满{min_spend}，免{amount}加急运费。",
        }
    )

    def terms(self, pick: OfferPick, facts: OfferFacts) -> Terms:
        """Give the shipping at the shop's own median price, from an ordinary basket on."""
        known = pick.amount_minor or facts.shipping_minor
        cost = (
            Money(amount_minor=known, currency=facts.currency) if known else nominal(EXPEDITED_DOLLARS, facts.currency)
        )
        return Terms(
            incentive=FreeExpeditedShipping(cost=cost),
            min_spend=ordinary_basket(pick, facts),
            goal=OfferGoal(action="next_order", within_days=30),
        )
