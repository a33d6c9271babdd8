"""A reward for both sides: the friend spends 75, both get 10 (S1-12, S2-55)."""

from dataclasses import dataclass, field

from memory.domain.money import Money
from memory.domain.offer import OfferGoal, ReferralReward
from memory.domain.plan import Bucket
from tools.offers.facts import OfferFacts
from tools.offers.pick import OfferPick, Terms
from tools.priors.amounts import nominal

FRIEND_SPENDS, REWARD = 75, 10
"""Nominal dollars."""


@dataclass(frozen=True)
class ReferralRewardBuilder:
    """Paid once the friend's order is paid and past its return window."""

    id: str = "referral_reward"
    rank: int = 4
    bucket: Bucket = "referral"
    why: tuple[str, ...] = ("wins_new_buyers", "absolute_value")
    benefit: dict[str, str] = field(
        default_factory=lambda: {
            "en": "Your friend spends {min_spend}, you both get {amount}. Until {until}.",
            "de": "Bestellt deine Freundin oder dein Freund ab {min_spend}, bekommt ihr beide {amount}. Bis {until}.",
            "fr": "Votre ami dépense {min_spend}, vous recevez chacun {amount}. Jusqu'au {until}.",
            "es": "Tu amigo o amiga gasta {min_spend} y cada parte recibe {amount}. Hasta el {until}.",
            "ja": "お友達が{min_spend}以上お買い物すると、お二人に{amount}ずつ進呈（{until}まで）。",
            "zh": "好友{until}前消费满{min_spend}，双方各得{amount}。",
        }
    )

    def terms(self, pick: OfferPick, facts: OfferFacts) -> Terms:
        """Give 10 to both from 75 on, at the shop's price points."""
        spend = nominal(FRIEND_SPENDS, facts.currency)
        if pick.min_spend_minor is not None:
            spend = Money(amount_minor=pick.min_spend_minor, currency=facts.currency)
        reward = nominal(REWARD, facts.currency)
        if pick.amount_minor is not None:
            reward = Money(amount_minor=pick.amount_minor, currency=facts.currency)
        return Terms(
            incentive=ReferralReward(referrer=reward, friend=reward, friend_min_spend=spend),
            min_spend=spend,
            goal=OfferGoal(action="refer_friend", within_days=(pick.ends_on - pick.starts_on).days + 1),
        )
