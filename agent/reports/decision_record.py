"""One decision with everything that was chosen and rejected: channel, time, subject line and copy (S2-23)."""

from memory.domain.base import Count, Frozen, Instant, Rate
from memory.domain.money import Currency


class ChannelOption(Frozen):
    """One channel and offer that competed with doing nothing."""

    channel: str
    """The channel; `none` for doing nothing."""
    offer_id: str
    """The offer it would carry; empty for none."""
    is_chosen: bool
    """Whether it was chosen."""
    reasons: tuple[str, ...]
    """Why it was rejected: every guardrail's reason, or that another one was chosen. Why, where it was chosen."""
    propensity: Rate
    """Probability with which it was chosen."""
    effect_mean: float
    """Added probability of a further order it was believed to bring."""
    effect_sd: float
    """Standard deviation of that belief."""
    effect_source: str
    """Where the belief comes from."""
    value_millis: int
    """Expected incremental margin in thousandths of a minor unit."""
    cost_millis: int
    """Expected cost in thousandths of a minor unit."""


class TimeOption(Frozen):
    """One instant that was considered for one channel."""

    channel: str
    """The channel."""
    at: Instant
    """The instant."""
    local: str
    """Weekday and time on the recipient's clock, such as `Tue 09:00`."""
    is_chosen: bool
    """Whether it was taken."""
    reasons: tuple[str, ...]
    """Why it was refused: quiet_hours, legal_hours, closed_weekday, public_holiday, later_than_needed or
    hour_not_drawn."""
    propensity: Rate | None = None
    """Probability with which it was drawn; null where it was not, and where there was nothing to draw."""


class SubjectOption(Frozen):
    """One subject line."""

    number: Count
    """Its place in the template."""
    words: str
    """The line, tokens unfilled."""
    is_chosen: bool
    """Whether it was drawn."""
    reasons: tuple[str, ...]
    """Why it is not on the message."""
    propensity: Rate
    """Probability with which it was drawn."""


class CopyOption(Frozen):
    """The words of the message in one language."""

    template: str
    """Template and version."""
    language: str
    """The language."""
    is_chosen: bool
    """Whether the message speaks it."""
    reasons: tuple[str, ...]
    """Why it does not."""
    copy_hash: str
    """Hash of the words when it was decided."""
    text: str = ""
    """The chosen words for an unnamed reader; empty where they were rewritten since, or rejected."""


class DecisionRecord(Frozen):
    """Everything that is known of one decision; contact data is no part of it."""

    decision_id: str
    """Plan, step and person."""
    batch_id: str
    """The batch it belongs to."""
    plan_id: str
    """The plan."""
    slot_at: Instant
    """The tick's slot."""
    person_id: str
    """Pseudonym of the person."""
    cohort: str
    """The cohort."""
    arm: str
    """Treated or control."""
    step_id: str
    """The step."""
    is_fallback: bool
    """Whether a second channel was decided for somebody who did not react."""
    chosen: str
    """The option that was chosen, or `none`."""
    chosen_reason: str
    """Why."""
    is_explored: bool
    """Whether chance chose the channel."""
    propensity: Rate
    """Probability with which the channel was chosen."""
    guardrail_version: str
    """The limits in force."""
    currency: Currency
    """Of all sums."""
    market: str
    """Where the person lived; empty for the control group, as what follows."""
    zone: str
    """The clock that counted."""
    channels: tuple[ChannelOption, ...]
    """Channels, chosen and rejected; none for the control group, whose members are withheld at random."""
    times: tuple[TimeOption, ...]
    """Instants, chosen and rejected."""
    subjects: tuple[SubjectOption, ...]
    """Subject lines, chosen and rejected."""
    copies: tuple[CopyOption, ...]
    """Words, chosen and rejected."""
    state: str
    """What became of the message: planned, claimed, sent, suppressed, failed or unknown; empty where none was made."""
    state_reason: str
    """Why it was not sent."""


class DecisionLine(Frozen):
    """One decision in a list."""

    decision_id: str
    """Under which `decision show` prints it."""
    slot_at: Instant
    """When."""
    plan_id: str
    """The plan."""
    person_id: str
    """Pseudonym of the person."""
    step_id: str
    """The step."""
    chosen: str
    """What was chosen."""
    chosen_reason: str
    """Why."""
