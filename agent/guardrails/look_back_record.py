"""What other limits would have done to the messages of a past period, limit by limit."""

from typing import Literal

from memory.domain.base import Count, Frozen, Instant
from memory.domain.money import Money

Basis = Literal["rows", "hours", "plans", "plan_time", "pace", "links"]
"""How an effect was counted, or why it was not: `rows` message by message, `hours` as well, but such a message waits
until they open; `plans` by the plans that sent; `plan_time` is weighed when a plan is drafted, `pace` changes when and
not whether, `links` are not kept per message."""
COUNTED: frozenset[Basis] = frozenset({"rows", "hours", "plans"})


class LimitEffect(Frozen):
    """What one changed limit alone would have done, all others as they are."""

    field: str
    """The field of `Guardrails`."""
    basis: Basis
    """How it was counted, or why it was not."""
    n_blocked: Count = 0
    """Messages that left and would not have, or would have waited."""
    cost_blocked: Money
    """What those cost: sends, and incentives as far as they were expected to be used."""
    value_blocked: Money
    """The margin they were expected to add."""
    n_opened: Count = 0
    """Decisions to send nothing that this limit alone forced, and would not have: at most so many more messages."""
    n_worth: Count = 0
    """Those of them whose best message was expected to add more than it costs."""
    cost_opened: Money
    """What the best messages of those would have cost."""
    value_opened: Money
    """The margin they were expected to add."""

    @property
    def is_counted(self) -> bool:
        """Whether the figures say anything."""
        return self.basis in COUNTED


class LookBack(Frozen):
    """The effect of other limits on a past period."""

    since: Instant
    """First instant of the period."""
    until: Instant
    """End of the period: now, or the end of the last day with messages where that is long ago."""
    is_recent: bool
    """Whether the period ends now."""
    n_messages: Count
    """Messages that left in it, or may have."""
    cost: Money
    """What they cost."""
    n_unknown: Count
    """Those whose decision's inputs are not kept, such as after an erasure; they are in no figure below."""
    n_blocked: Count
    """Messages that at least one changed limit would have held back, each once."""
    cost_blocked: Money
    """What those cost."""
    value_blocked: Money
    """The margin they were expected to add."""
    effects: tuple[LimitEffect, ...]
    """One per changed limit; empty where nothing differs."""
