"""The budget audit: where the marketing money and effort go today (S1-45, S1-46, S1-47, S1-52)."""

from datetime import date
from typing import Literal

from memory.domain.base import Count, Frozen, MinorUnits, Rate

FINDING_RATE = 0.90
"""The share of acquisition that the source article reports as the common finding (S1-52); an unsourced figure."""
RiskBand = Literal["very_low", "low", "middle", "high", "very_high", "unknown"]
RISK_BANDS: tuple[RiskBand, ...] = ("very_low", "low", "middle", "high", "very_high")
"""Quintiles of the acquisition share: below 20 %, 40 %, 60 %, 80 %, and above."""
Stage = Literal["pre_purchase", "post_purchase"]


class ChannelSpend(Frozen):
    """What one channel cost in the audited period."""

    channel: str
    """The channel as the ledger names it."""
    stage: Stage
    """Before or after the purchase."""
    amount_minor: MinorUnits
    """Money in the shop's currency."""
    share_rate: Rate
    """Share of all marketing money."""
    effort_hours: float = 0.0
    """Hours of work."""
    n_new_customers: Count = 0
    """New customers the ledger credits to it."""


class AuditItem(Frozen):
    """One question of the self-audit, filled in from data where data exist."""

    id: Literal["budget_split", "team_focus", "metrics_tracked"]
    """Which of the three questions."""
    question: dict[str, str]
    """The question per language (`en`, `zh`)."""
    answer: dict[str, str] = {}
    """What the data say per language; empty where only a person can answer."""
    missing: tuple[str, ...] = ()
    """The inputs that would answer it."""


class BudgetAudit(Frozen):
    """Today's split of the marketing budget, in the shop's currency."""

    currency: str
    """The currency of all sums."""
    period_from: date | None = None
    """First day of the audited period; null where the ledger is empty."""
    period_until: date | None = None
    """Last day of the audited period."""
    pre_minor: MinorUnits = 0
    """Money spent before the purchase."""
    post_minor: MinorUnits = 0
    """Money spent after the purchase."""
    channels: tuple[ChannelSpend, ...] = ()
    """Per channel and stage, largest first."""
    post_share_rate: Rate | None = None
    """Share of money spent after the purchase; null where the ledger is empty."""
    effort_share_rate: Rate | None = None
    """Share of hours worked after the purchase; null where no hours are recorded. Recorded, never guarded."""
    risk_band: RiskBand = "unknown"
    """Quintile of the acquisition share."""
    exceeds_finding: bool | None = None
    """Whether acquisition takes more than the 90 % of the common finding; null where unknown."""
    acquisition_cost_minor: MinorUnits | None = None
    """Money before the purchase per new customer; null where the ledger names none."""
    items: tuple[AuditItem, ...] = ()
    """The questionnaire."""

    @property
    def total_minor(self) -> int:
        """All marketing money of the period."""
        return self.pre_minor + self.post_minor


def risk_band(post_share_rate: float | None) -> RiskBand:
    """Give the quintile of the acquisition share, `unknown` without data (S1-52)."""
    if post_share_rate is None:
        return "unknown"
    return RISK_BANDS[min(int((1.0 - post_share_rate) * 5 + 1e-9), 4)]
