"""What one tick did."""

from memory.domain.base import Count, Frozen, Instant, Rate


class TickReport(Frozen):
    """One slot of one shop."""

    shop_id: str
    """The shop."""
    slot_at: Instant
    """The slot."""
    read_at: Instant | None = None
    """When it began to read facts and wishes: later than the slot where it came late; none in reports of before."""
    covers_from: Instant | None = None
    """First instant whose due steps were decided; none before the shop's first tick."""
    covers_until: Instant
    """First instant whose due steps were not."""
    batch_id: str = ""
    """The decisions' batch."""
    decisions_hash: str = ""
    """Hash over the decisions without ids of the batch: the same facts, plan and seed give the same hash."""
    n_options: Count = 0
    """Due steps x people x channels."""
    n_decisions: Count = 0
    """Due steps x people, the control group included."""
    n_planned: Count = 0
    """Messages put into the outbox."""
    chosen: dict[str, Count] = {}
    """Decisions per reason."""
    blocked: dict[str, Count] = {}
    """Options per guardrail reason; an option may have several."""
    value_millis: int = 0
    """Expected incremental margin less cost of the choice without chance, in thousandths of a minor unit."""
    bound_millis: int = 0
    """No choice within budget, grants and caps is worth more: the certificate of the allocation."""
    gap_rate: Rate = 0.0
    """How far the choice may be from the best one: 1 - value / bound."""
    money_price: float = 0.0
    """Margin that one more unit of money would return where it is scarcest; 0 where money is left."""
    not_in_place: dict[str, str] = {}
    """Plan to why its batch, too large to be planned in memory, was planned there all the same; in words."""
    exploration_rate: Rate = 0.0
    """Share of decisions that chance makes."""
    seed: int = 0
    """Where that chance came from."""
    is_repeat: bool = False
    """Whether the slot had been decided before and nothing was done now."""
