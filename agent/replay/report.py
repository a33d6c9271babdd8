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
    """`same` or `differ`; `not bundled` where nothing was kept, so that the replay stops at the plan hash;
    `incomplete` where other hashes are only in batches of people who were erased since: their candidates are gone."""
    recorded_decision_hashes: tuple[str, ...] = ()
    """Hash of the plan's decisions per batch, in the order of the slots."""
    replayed_decision_hashes: tuple[str, ...] = ()
    """The hashes they have now."""
    n_decisions: Count = 0
    """Decisions that were made again."""
    n_erased_inputs: Count = 0
    """Kept candidates that are gone because their people were erased."""
    data_version: int = 0
    """The facts the session had read."""

    @property
    def holds(self) -> bool:
        """Say whether plans and, where they are there, decisions are the recorded ones, as far as inputs are left."""
        return self.plan_hash_same and self.decisions != "differ"
