"""Wallet credit: earned now, to be used from the new year on (S2-35)."""

from dataclasses import dataclass, field
from datetime import date

from memory.domain.offer import OfferGoal, StoreCredit
from memory.domain.outcome import Blocked
from memory.domain.plan import Bucket
from tools.offers.facts import OfferFacts
from tools.offers.pick import OfferPick, Terms
from tools.offers.thresholds import credit_terms


@dataclass(frozen=True)
class WalletCreditBuilder:
    """Credit redeemable from the first of January after its first day."""

    id: str = "wallet_credit"
    rank: int = 6
    bucket: Bucket = "automation"
    why: tuple[str, ...] = ("absolute_value", "brings_back_in_january")
    benefit: dict[str, str] = field(
        default_factory=lambda: {
            "en": "{amount} is waiting for you: use it from {from} to {until} on orders from {min_spend}.",
            "de": "{amount} Guthaben: einlösbar vom {from} bis {until} ab {min_spend}.",
            "fr": "{amount} vous attendent : à utiliser du {from} au {until} dès {min_spend}.",
            "es": "{amount} te esperan: úsalos del {from} al {until} en pedidos desde {min_spend}.",
            "ja": "{amount}分のクレジット。{from}から{until}まで、{min_spend}以上のご注文に使えます。",
            "zh": "{amount}购物金已到账，{from}至{until}下单满{min_spend}可用。",
        }
    )

    def terms(self, pick: OfferPick, facts: OfferFacts) -> Terms | Blocked:
        """Give the credit; the goal's window reaches past its first day of redemption (trap 11)."""
        opens = date(pick.starts_on.year + 1, 1, 1) if pick.starts_on.month > 1 else pick.starts_on
        if opens >= pick.ends_on:
            return Blocked(
                rule="goal_window",
                code="no_redemption_window",
                message=f"The credit opens on {opens}, after its last day {pick.ends_on}; let it run longer.",
                limit=str(pick.ends_on),
                actual=str(opens),
            )
        credit = credit_terms(pick, facts)
        if isinstance(credit, Blocked):
            return credit
        amount, min_spend = credit
        within = (pick.ends_on - pick.starts_on).days + 1
        return Terms(
            incentive=StoreCredit(amount=amount, redeemable_from=opens),
            min_spend=min_spend,
            goal=OfferGoal(action="next_order", within_days=within),
            high_margin_only=pick.cohort == "discount_sensitive",
        )
