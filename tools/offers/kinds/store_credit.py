"""Store credit for a later order: worth an absolute sum, easier to control than a discount (S2-31, S2-32)."""

from dataclasses import dataclass, field

from memory.domain.offer import OfferGoal, StoreCredit
from memory.domain.outcome import Blocked
from memory.domain.plan import Bucket
from tools.offers.facts import OfferFacts
from tools.offers.pick import OfferPick, Terms
from tools.offers.thresholds import credit_terms


@dataclass(frozen=True)
class StoreCreditBuilder:
    """Credit that can be used at once; for the discount-sensitive only on goods with a high margin (S2-42)."""

    id: str = "store_credit"
    rank: int = 5
    bucket: Bucket = "automation"
    why: tuple[str, ...] = ("absolute_value", "second_order_window")
    benefit: dict[str, str] = field(
        default_factory=lambda: {
            "en": "{amount} for your next order from {min_spend}, until {until}.",
            "de": "{amount} für die nächste Bestellung ab {min_spend}, bis {until}.",
            "fr": "{amount} pour votre prochaine commande dès {min_spend}, jusqu'au {until}.",
            "es": "{amount} para tu próximo pedido desde {min_spend}, hasta el {until}.",
            "ja": "{until}までの{min_spend}以上のご注文に使える{amount}分のクレジット。",
            "zh": "{amount}购物金，{until}前下单满{min_spend}可用。",
        }
    )

    def terms(self, pick: OfferPick, facts: OfferFacts) -> Terms | Blocked:
        """Give the credit and its basket, to be used within 30 days (S2-30)."""
        credit = credit_terms(pick, facts)
        if isinstance(credit, Blocked):
            return credit
        amount, min_spend = credit
        action = "second_order" if pick.cohort == "first_time" else "next_order"
        return Terms(
            incentive=StoreCredit(amount=amount),
            min_spend=min_spend,
            goal=OfferGoal(action=action, within_days=30),
            high_margin_only=pick.cohort == "discount_sensitive",
        )
