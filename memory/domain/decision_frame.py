"""What all decisions of a plan in one batch share: with the kept candidates it decides the same again."""

from pydantic import Field

from .base import Count, Frozen, Instant, Rate, ShopId


class DecisionFrame(Frozen):
    """The frame of one plan's decisions in one batch."""

    batch_id: str
    """The batch."""
    shop_id: ShopId
    """Whose."""
    plan_id: str
    """The plan that decided."""
    slot_at: Instant
    """The slot of the tick, or the instant of the trigger."""
    seed: int
    """Where chance comes from."""
    exploration_rate: Rate
    """Share of decisions left to chance."""
    budget_millis: int
    """What the plan could still spend, in thousandths of a minor unit."""
    n_granted: dict[str, Count]
    """How often each offer had been granted."""
    data_version: int
    """The facts that were read."""
    guardrail_version: str
    """The limits in force."""
    code_version: str
    """The code that decided."""
    n_rows: Count
    """Candidates that were kept; fewer are there once somebody was erased."""
    n_decisions: Count
    """Decisions, the control group included."""
    decisions_hash: str
    """Hash over the plan's decisions in the batch."""
    later_minutes: tuple[Count, ...] = Field(default=(), exclude_if=lambda minutes: not minutes)
    """Later minutes of the local day that could be drawn; none in batches from before hours were."""
    best_hours: dict[str, Count] = Field(default={}, exclude_if=lambda best: not best)
    """The best known hour per cohort and channel."""
    is_in_place: bool = Field(default=False, exclude_if=lambda is_in_place: not is_in_place)
    """Whether the plan was made in a database, as for batches too large for memory."""
    not_in_place: str = Field(default="", exclude_if=lambda why: not why)
    """Why a batch as large as that was planned in memory all the same, in words."""
