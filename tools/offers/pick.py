"""What an offer builder is asked for, and what every builder looks like."""

from datetime import date
from typing import Protocol

from memory.domain.base import Count, Frozen, Rate, Slug
from memory.domain.cohort import CohortId
from memory.domain.money import Money
from memory.domain.offer import Incentive, OfferGoal
from memory.domain.outcome import Blocked
from memory.domain.plan import Bucket

from .facts import OfferFacts


class OfferPick(Frozen):
    """One offer wanted for one cohort; figures that are not given are worked out by the builder."""

    id: Slug
    """Its id within the plan."""
    kind: Slug
    """The builder's id."""
    cohort: CohortId
    """Whom it is for."""
    starts_on: date
    """The day its step is due: its first day."""
    ends_on: date
    """Its last day."""
    amount_minor: Count | None = None
    """Credit or reward."""
    rate: Rate | None = None
    """Discount rate."""
    factor: int | None = None
    """Points multiple."""
    min_spend_minor: Count | None = None
    """Smallest basket."""
    categories: tuple[str, ...] | None = None
    """Only for these categories."""


class Terms(Frozen):
    """What a builder decides: the incentive, its smallest basket and its goal."""

    incentive: Incentive
    """The cost-bearing part."""
    min_spend: Money
    """The smallest basket it can be used on."""
    goal: OfferGoal
    """The wanted action and its window."""
    high_margin_only: bool = False
    """Whether it is held to categories above the shop's own margin (S2-42)."""


class OfferBuilder(Protocol):
    """One kind of offer: one file, one line in the registry, one test file."""

    @property
    def id(self) -> str:
        """Its name."""
        ...

    @property
    def rank(self) -> int:
        """Order of preference, 1 first; the discount comes last (S2-31, S2-67)."""
        ...

    @property
    def bucket(self) -> Bucket:
        """Which bucket pays."""
        ...

    @property
    def benefit(self) -> dict[str, str]:
        """What people read per language; figures as tokens only."""
        ...

    @property
    def why(self) -> tuple[str, ...]:
        """Reason codes."""
        ...

    def terms(self, pick: OfferPick, facts: OfferFacts) -> Terms | Blocked:
        """Work out the terms, or say why there can be none."""
        ...
