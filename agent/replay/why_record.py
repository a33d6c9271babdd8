"""Why one decision fell as it did: the facts, the terms of winner and runner-up, and the change that would flip it."""

from typing import Literal

from memory.domain.base import Count, Frozen
from memory.domain.money import Currency

TermName = Literal["added_margin", "send_and_incentive", "price_of_money", "price_of_grants"]


class Term(Frozen):
    """One part of what an option is worth, in thousandths of a minor unit; costs are negative."""

    name: TermName
    """Which part."""
    millis: int
    """How much."""


class Contender(Frozen):
    """An option with what it is worth, or doing nothing."""

    channel: str
    """The channel; `none` for doing nothing."""
    offer_id: str
    """The offer it carries; empty for none."""
    terms: tuple[Term, ...]
    """What adds up to its worth; empty for doing nothing."""
    worth_millis: int
    """Their sum: what is left when money and grants are paid at their price."""
    reasons: tuple[str, ...]
    """Guardrails that block it."""


class Change(Frozen):
    """The smallest change that flips the decision; all of it is needed."""

    channel: str
    """The option it is about."""
    value_millis: int
    """By how much the option's value changes; 0 where it need not."""
    effect_from: float
    """Added orders the option is believed to bring."""
    effect_to: float | None
    """What it would have to be, all else equal; null where an order is worth nothing, the value need
    not change, or the message is owed whatever it adds."""
    lifted: tuple[str, ...]
    """Guardrail reasons that would have to be gone."""
    less_cost_millis: Count
    """By how much less it would have to cost: it is dearer than all the money left."""
    more_grants: Count
    """Grants more that its offer would need."""
    more_slots: Count
    """Messages more that the frequency cap would have to allow."""


class Why(Frozen):
    """One decision, explained over the inputs that its tick kept."""

    decision_id: str
    """The decision."""
    currency: Currency
    """Of all sums."""
    chosen: Contender
    """What the plan gives; chance may have chosen otherwise."""
    runner_up: Contender
    """What comes next."""
    decisive: TermName | Literal["frequency_cap", "guardrail", "none"]
    """What tells them apart most."""
    lead_millis: int
    """By how much the first leads."""
    rival: str
    """The decision of the same person that has, or would take, the seat the cap leaves; empty for none."""
    chance: str
    """The option that chance took instead; empty where it did not choose."""
    asked: str = ""
    """The channel that the person asked for; empty where they did not say, or nothing of theirs was weighed."""
    asked_blocked: tuple[str, ...] = ()
    """Why that channel could not be used: its guardrails, or `not_offered` where the step does not go there."""
    is_near_tie: bool
    """Whether prices alone would not settle it: the whole plan did."""
    facts: dict[str, str]
    """What was known of the person and the step."""
    change: Change | None
    """The smallest change that flips what the plan gives; none where no single change was found."""
    then: str
    """What is chosen after the change, decided again over the whole batch."""
    n_decisions: Count
    """Decisions of the batch that were decided again."""
