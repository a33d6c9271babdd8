"""Where a shop stands against its goals: repeat purchases, customer value, referrals, share of the budget."""

from datetime import timedelta
from typing import TYPE_CHECKING

from memory.domain.base import Frozen, Instant, Rate
from memory.domain.guardrails import Guardrails
from memory.domain.market import Shop
from memory.domain.outcome import NotEstimable
from tools.budget.reading import budget_audit
from tools.metrics.clv import ClvHistoric, clv_historic
from tools.metrics.numbered import new_buyers
from tools.metrics.referral import ReferralRate, referral_rate
from tools.metrics.rpr import Rpr, rpr

if TYPE_CHECKING:
    from datetime import datetime

    from memory.lake.view import LakeView

WITHIN_DAYS = 90
"""The window of a second order, as plans count it."""
PERIOD_DAYS = 365
"""The period whose new buyers are looked at."""


class Standing(Frozen):
    """The four figures, each measured now or with the reason why it cannot be."""

    as_of: Instant
    """When facts were read."""
    rpr: Rpr | NotEstimable
    """New buyers of the newest year whose 90 days are over: share with a further order."""
    clv: ClvHistoric | NotEstimable
    """Net revenue per customer so far."""
    referral: ReferralRate | NotEstimable
    """New customers of the last year who came through a referral."""
    post_share_rate: Rate | None
    """Share of marketing money spent after the purchase; none where the spend ledger is empty."""
    share_min_rate: Rate
    """The least the guardrails want that share to be."""
    share_max_rate: Rate
    """The most."""


def standing(view: "LakeView", shop: Shop, guardrails: Guardrails, as_of: "datetime") -> Standing:
    """Read the four figures as of an instant. Raise `MissingRate` where a currency has no rate."""
    closed = as_of - timedelta(days=WITHIN_DAYS + 1)
    buyers = new_buyers(view, shop, closed - timedelta(days=PERIOD_DAYS), closed, as_of)
    share = guardrails.budget_share
    return Standing(
        as_of=as_of,
        rpr=rpr(view, shop, buyers, WITHIN_DAYS, as_of),
        clv=clv_historic(view, shop, as_of),
        referral=referral_rate(view, shop, as_of - timedelta(days=PERIOD_DAYS), as_of),
        post_share_rate=budget_audit(view, shop, as_of).post_share_rate,
        share_min_rate=share.band_min_rate,
        share_max_rate=share.band_max_rate,
    )
