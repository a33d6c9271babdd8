"""Points for a review with a photo, credited once (S1-17)."""

from dataclasses import dataclass, field

from memory.domain.money import Money
from memory.domain.offer import BonusPoints, OfferGoal
from memory.domain.plan import Bucket
from tools.offers.facts import OfferFacts
from tools.offers.pick import OfferPick, Terms
from tools.priors.amounts import nominal

POINTS = 100
"""One hundred points are worth one nominal dollar."""


@dataclass(frozen=True)
class ReviewPointsBuilder:
    """One hundred points for a review with a photo."""

    id: str = "review_points"
    rank: int = 2
    bucket: Bucket = "community_ugc"
    why: tuple[str, ...] = ("asks_for_voice", "keeps_price")
    benefit: dict[str, str] = field(
        default_factory=lambda: {
            "en": "{points} points for your review with a photo, until {until}.",
            "de": "{points} Punkte für deine Bewertung mit Foto, bis {until}.",
            "fr": "{points} points pour votre avis avec photo, jusqu'au {until}.",
            "es": "{points} puntos por tu opinión con foto, hasta el {until}.",
            "ja": "{until}までに写真付きレビューで{points}ポイント。",
            "zh": "{until}前带图评价，得{points}积分。",
        }
    )

    def terms(self, pick: OfferPick, facts: OfferFacts) -> Terms:
        """Give the points; no basket is asked for."""
        return Terms(
            incentive=BonusPoints(points=POINTS, cost=nominal(1, facts.currency)),
            min_spend=Money(amount_minor=0, currency=facts.currency),
            goal=OfferGoal(action="review", within_days=21),
        )
