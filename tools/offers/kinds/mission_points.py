"""The January mission: three actions, 300 points once (S2-36, S2-54)."""

from dataclasses import dataclass, field

from memory.domain.money import Money
from memory.domain.offer import BonusPoints, MissionTask, OfferGoal
from memory.domain.plan import Bucket
from tools.offers.facts import OfferFacts
from tools.offers.pick import OfferPick, Terms
from tools.priors.amounts import nominal

POINTS = 300
SPEND_DOLLARS = 50
"""The purchase that counts, in nominal dollars: 49.99 does not."""


@dataclass(frozen=True)
class MissionPointsBuilder:
    """Open the app, look at new goods, buy from 50 on."""

    id: str = "mission_points"
    rank: int = 2
    bucket: Bucket = "loyalty_programme"
    why: tuple[str, ...] = ("playful", "keeps_price")
    benefit: dict[str, str] = field(
        default_factory=lambda: {
            "en": "Open the app, browse what's new, order from {min_spend}: {points} extra points, until {until}.",
            "de": "App öffnen, Neues ansehen, ab {min_spend} bestellen: {points} Extrapunkte, bis {until}.",
            "fr": "Ouvrez l'appli, voyez les nouveautés, achetez dès {min_spend} : {points} points, jusqu'au {until}.",
            "es": "Abre la app, mira las novedades, pide desde {min_spend}: {points} puntos extra, hasta el {until}.",
            "ja": "アプリを開く、新作を見る、{min_spend}以上のお買い物。すべて達成で{points}ポイント（{until}まで）。",
            "zh": "{until}前完成三项任务：打开App、浏览新品、下单满{min_spend}，额外得{points}积分。",
        }
    )

    def terms(self, pick: OfferPick, facts: OfferFacts) -> Terms:
        """Give the three tasks with the purchase at the shop's price point."""
        spend = nominal(SPEND_DOLLARS, facts.currency)
        tasks = (
            MissionTask(action="open_app"),
            MissionTask(action="view_new"),
            MissionTask(action="purchase", min_spend=spend),
        )
        return Terms(
            incentive=BonusPoints(points=POINTS, cost=nominal(POINTS // 100, facts.currency), tasks=tasks),
            min_spend=Money(amount_minor=spend.amount_minor, currency=facts.currency),
            goal=OfferGoal(action="complete_mission", within_days=(pick.ends_on - pick.starts_on).days + 1),
        )
