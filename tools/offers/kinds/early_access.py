"""Buying before others: no margin is given away (S1-24, S2-41)."""

from dataclasses import dataclass, field

from memory.domain.money import Money
from memory.domain.offer import EarlyAccess, OfferGoal
from memory.domain.plan import Bucket
from tools.offers.facts import OfferFacts
from tools.offers.pick import OfferPick, Terms

HOURS = 48


@dataclass(frozen=True)
class EarlyAccessBuilder:
    """New or limited goods 48 hours before everyone else."""

    id: str = "early_access"
    rank: int = 1
    bucket: Bucket = "loyalty_programme"
    why: tuple[str, ...] = ("keeps_margin", "rewards_loyalty")
    benefit: dict[str, str] = field(
        default_factory=lambda: {
            "en": "Shop the new arrivals {hours} hours before everyone else.",
            "de": "Neuheiten {hours} Stunden vor allen anderen kaufen.",
            "fr": "Achetez les nouveautés {hours} heures avant tout le monde.",
            "es": "Compra las novedades {hours} horas antes que nadie.",
            "ja": "新作を一般公開の{hours}時間前からご購入いただけます。",
            "zh": "新品提前{hours}小时专享选购。",
        }
    )

    def terms(self, pick: OfferPick, facts: OfferFacts) -> Terms:
        """Give 48 hours, without a smallest basket."""
        return Terms(
            incentive=EarlyAccess(hours=HOURS),
            min_spend=Money(amount_minor=pick.min_spend_minor or 0, currency=facts.currency),
            goal=OfferGoal(action="next_order", within_days=14),
        )
