"""What a replay found."""

from memory.domain.base import Count, Frozen


class ReplayReport(Frozen):
    """A session run again beside its recording."""

    session_id: str
    """Which session."""
    llm: str
    """The language model it was recorded with; empty for none."""
    recorded_plan_ids: tuple[str, ...]
    """The plans it made when it was recorded, in order."""
    replayed_plan_ids: tuple[str, ...]
    """The plans it makes now."""
    plan_hash_same: bool
    """Whether both are equal; two sessions without a plan are."""
    recorded_end: str
    """`plan` or the code of the safe stop it ended in."""
    replayed_end: str
    """How it ends now."""
    is_same: bool
    """Whether every entry of the replay is the recorded one, byte for byte."""
    drift: tuple[str, ...] = ()
    """What differs, place by place; empty where nothing does."""
    n_exchanges: Count = 0
    """Recorded exchanges with the language model."""
    n_played: Count = 0
    """Exchanges that were played."""
    n_hand_offs: Count = 0
    """Messages handed to a channel: always 0, a replay has no channel."""
    decisions: str = "not bundled"
    """Whether decisions were compared; without bundled decision inputs the replay stops at the plan hash."""
    data_version: int = 0
    """The facts the session had read."""
