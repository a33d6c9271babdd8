"""Deciding again over kept inputs: the ticks' own code, with no store, no facts, no outbox and no channel."""

from collections.abc import Collection
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from agent.sessions.decisions import DECIDED_SCHEMA, DecisionInputs, Frames
from agent.tick.certify import Shared
from agent.tick.decide import Frame
from agent.tick.hours import Hours
from agent.tick.judge import decisions_hash, judge
from memory.domain.decision_frame import DecisionFrame
from memory.domain.guardrails import Guardrails
from memory.lake.view import LakeView
from memory.store.instants import to_micros

NO_KEY = b"decided again: certificates of a replay open no door"


@dataclass(frozen=True)
class DecidedAgain:
    """What the kept inputs decide now."""

    decided: pa.Table
    """`DECIDED_SCHEMA`, batch by batch."""
    hashes: tuple[str, ...]
    """Per frame."""
    missing: tuple[int, ...]
    """Per frame, candidates that were kept and are gone: their people were erased since."""

    def against(self, recorded: tuple[str, ...]) -> str:
        """Give `same`, `incomplete` where only frames that lost candidates have other hashes, or else `differ`."""
        others = [gone for was, now, gone in zip(recorded, self.hashes, self.missing, strict=True) if was != now]
        return "same" if not others else "incomplete" if all(others) else "differ"


def decide_again(
    given: DecisionInputs, *, guardrails: Guardrails | None = None, step_ids: Collection[str] | None = None
) -> DecidedAgain:
    """Decide every batch again, under other guardrails and for these steps only where they are given.

    Certificates are sealed with a key that nobody accepts, and nothing is written anywhere.
    """
    tables, hashes, missing = [DECIDED_SCHEMA.empty_table()], [], []
    for kept in given.shared.frames:
        rows = given.inputs.filter(pc.equal(given.inputs["batch_id"], kept.batch_id))
        missing.append(kept.n_rows - rows.num_rows)
        if step_ids is not None:
            rows = rows.filter(pc.is_in(rows["step_id"], value_set=pa.array(sorted(step_ids), pa.string())))
        frame = frame_again(given.shared, kept, guardrails or given.shared.rails(kept.guardrail_version))
        with LakeView({}) as view:
            made = judge(view, rows, frame, given.shared.markets)
        hashes.append(decisions_hash([made]))
        tables.append(made.decisions.select(DECIDED_SCHEMA.names))
    return DecidedAgain(pa.concat_tables(tables), tuple(hashes), tuple(missing))


def frame_again(shared: Frames, kept: DecisionFrame, rails: Guardrails) -> Frame:
    """Give what a batch's decisions shared, sealed with a key that nobody accepts."""
    markets = {market.country: market for market in shared.markets}
    return Frame(
        plan=shared.plan,
        guardrails=rails,
        slot_at=kept.slot_at,
        batch_id=kept.batch_id,
        seed=kept.seed,
        exploration_rate=kept.exploration_rate,
        budget_millis=kept.budget_millis,
        n_granted=kept.n_granted,
        shared=Shared(
            NO_KEY,
            shared.plan.id,
            rails,
            markets,
            data_version=kept.data_version,
            decided_at=to_micros(kept.slot_at),
            budget_millis=kept.budget_millis,
        ),
        hours=Hours(kept.later_minutes, kept.best_hours),
        in_place_above=-1 if kept.is_in_place else kept.n_decisions,
    )
