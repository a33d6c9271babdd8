"""Learned effects of a shop's messages, as they are kept: small tables with data version, label and interval."""

from typing import Annotated

from pydantic import Field

from .base import Count, Frozen, Instant, Rate, ShopId
from .experiment import Estimate, Interval
from .fatigue import Fatigue
from .message import MessageKind
from .response import Response
from .trees import Trees

Number = Annotated[float, Field(allow_inf_nan=False)]


class Term(Frozen):
    """One feature in a table of effects: slope * z + bend * max(z, 0), where z = (feature - centre) / spread."""

    feature: str
    """Which, of `tools.effects.features`."""
    centre: Number
    """Its mean in the log."""
    spread: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    """Its standard deviation there; 1 where it has none."""
    slope: Number
    """What it adds to the score."""
    bend: Number = 0.0
    """What it adds above its mean besides."""


class KindEffects(Frozen):
    """What one kind of message adds to a person's orders: level + slope * (score - centre)."""

    kind: MessageKind
    """The kind."""
    n: Count
    """Decisions in which chance took part."""
    effective_rows: Number
    """What they weigh; below 200 nothing is learned."""
    average: Estimate
    """The average effect on the log's people, added orders per message within the window, or why there is none."""
    net_minor: Estimate
    """Net worth per decision of sending by this table, over sending nothing; held out."""
    over_today_minor: Estimate
    """The same less that of what is sent without the table."""
    added_orders: Estimate | None = None
    """Orders that sending by this table adds per decision, over sending nothing; held out, costs left out. None in
    tables of earlier versions."""
    came_rate: Rate = 1.0
    """Decisions that came per planned message, at most 1: caps, exits and consent leave out some."""
    is_used: bool
    """Whether decisions go by it: it is worth more than what is sent without it, beyond chance."""
    constant: Number = 0.0
    """The score of somebody whose features are all at their means."""
    terms: tuple[Term, ...] = ()
    """The features."""
    centre: Number = 0.0
    """The mean score."""
    level: Number = 0.0
    """The effect at the mean score."""
    slope: Number = 0.0
    """Effect per unit of score."""
    level_variance: Number = 0.0
    """Squared standard error of the level."""
    slope_variance: Number = 0.0
    """Squared standard error of the slope."""
    boosted: "BoostedEffects | None" = None
    """Trees that came closer to held-out rows than these terms and were worth more on them; none where none did."""

    @property
    def in_use(self) -> "KindEffects":
        """Give the table that decisions go by where any of them does."""
        return self if self.boosted is None or not self.boosted.is_used else self.boosted


class BoostedEffects(KindEffects):
    """The same by a booster: its terms are the line below the trees, its score that line and the trees together."""

    learner: str
    """Which learner."""
    over_floor_minor: Estimate
    """Net worth per decision over that of the terms alone, on the same held-out rows."""
    trees_hash: str
    """Content hash of the trees, which stand in a column of their own."""
    trees: Trees | None = Field(default=None, exclude=True, repr=False)
    """The trees as they were just learned; none once read back."""


class KindClaim(Frozen):
    """What may be claimed of messages of a kind that goes by a table: never the effects that choose."""

    kind: MessageKind
    """The kind."""
    orders: Interval
    """Orders added per decision: the held-out doubly robust value of sending by the table."""
    came_rate: Rate
    """Decisions per planned message."""


class TableClaims(Frozen):
    """The claims of every table in use."""

    data_version: Count
    """The facts the tables were read from."""
    within_days: Count
    """Orders within so many days."""
    kinds: tuple[KindClaim, ...]
    """At least one."""

    def get(self, kind: MessageKind) -> KindClaim | None:
        """Give the claim of a kind, none where no table of it is in use."""
        return next((one for one in self.kinds if one.kind == kind), None)


class ShopEffects(Frozen):
    """Everything learned from a shop's own log at one instant."""

    shop_id: ShopId
    """Whose."""
    data_version: Count
    """The facts it was read from."""
    learned_at: Instant
    """When."""
    label: str
    """How effects from it are labelled, such as `learned:v12 over assumption:playbook-priors-v1`."""
    within_days: Count
    """Orders within so many days of a decision count."""
    kinds: tuple[KindEffects, ...]
    """One per kind of message that was decided."""
    fatigue: Fatigue
    """What a send loses, by load and risk."""
    responses: tuple[Response, ...] = ()
    """What channels and later hours bring more than the usual ones."""

    def claims(self) -> TableClaims | None:
        """Give what may be claimed of messages that go by a table; none where no table is in use."""
        kinds = [
            KindClaim(kind=one.kind, orders=one.added_orders, came_rate=each.came_rate)
            for each in self.kinds
            for one in (each.in_use,)
            if one.is_used and isinstance(one.added_orders, Interval)
        ]
        if not kinds:
            return None
        return TableClaims(data_version=self.data_version, within_days=self.within_days, kinds=tuple(kinds))
