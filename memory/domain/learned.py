"""Learned effects of a shop's messages, as they are kept: small tables with data version, label and interval."""

from typing import Annotated

from pydantic import Field

from .base import Count, Frozen, Instant, ShopId
from .experiment import Estimate
from .fatigue import Fatigue
from .message import MessageKind
from .response import Response

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
