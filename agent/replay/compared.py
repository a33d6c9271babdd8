"""Comparing decisions person by person, by columns: a decision is known by step, channel turn, day and person."""

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from memory.domain.base import Count, Frozen

PLAN_PREFIX = 13
"""Characters of a plan's id and the stroke, with which a decision id begins."""
COMPARED = ("chosen", "chosen_reason", "subject_no", "hour_no")


class ChangedDecision(Frozen):
    """One decision that differs."""

    step_id: str
    """The step."""
    person_id: str
    """The person's pseudonym."""
    before: str
    """The option that was chosen, or `none`; empty where there was no decision."""
    after: str
    """The option that is chosen; empty where there is no decision."""
    reason_before: str
    """Why, as a code."""
    reason_after: str
    """Why, as a code."""


class DecisionDiff(Frozen):
    """Decisions of two sessions."""

    n_same: Count
    """Decisions that are equal."""
    n_changed: Count
    """Decisions about the same step and person with another choice, subject line, hour or reason."""
    n_only_a: Count
    """Decisions only the first session has."""
    n_only_b: Count
    """Decisions only the second one has."""
    changed_by_step: dict[str, Count] = {}
    """Changed, added and dropped decisions per step."""
    listed: tuple[ChangedDecision, ...] = ()
    """The first of them, in the order of step and person."""

    @property
    def n_different(self) -> int:
        """How many differ in any way."""
        return self.n_changed + self.n_only_a + self.n_only_b


def compare_decisions(one: pa.Table, other: pa.Table, limit: int) -> DecisionDiff:
    """Compare two tables of decisions (`DECIDED_SCHEMA`); give counts over all and the first `limit` that differ."""
    both = _keyed(one, "a").join(_keyed(other, "b"), "key", join_type="full outer")
    is_a, is_b = pc.is_valid(both["chosen_a"]), pc.is_valid(both["chosen_b"])
    same: Any = pc.and_(is_a, is_b)
    for name in COMPARED:
        same = pc.and_(same, pc.equal(both[f"{name}_a"], both[f"{name}_b"]))
    same = pc.fill_null(same, False)
    rest = both.filter(pc.invert(same))
    rest = rest.append_column("step", pc.coalesce(rest["step_id_a"], rest["step_id_b"]))
    rest = rest.append_column("person", pc.coalesce(rest["person_id_a"], rest["person_id_b"]))
    rest = rest.sort_by([("step", "ascending"), ("person", "ascending"), ("key", "ascending")])
    counts = pc.value_counts(rest["step"]).to_pylist()
    return DecisionDiff(
        n_same=_n(same),
        n_changed=_n(pc.and_(pc.and_(is_a, is_b), pc.invert(same))),
        n_only_a=_n(pc.and_(is_a, pc.invert(is_b))),
        n_only_b=_n(pc.and_(is_b, pc.invert(is_a))),
        changed_by_step={row["values"]: row["counts"] for row in sorted(counts, key=lambda row: row["values"])},
        listed=tuple(_changed(row) for row in rest.slice(0, limit).to_pylist()),
    )


def _keyed(rows: pa.Table, side: str) -> pa.Table:
    key = pc.utf8_slice_codeunits(rows["decision_id"], PLAN_PREFIX)
    columns = {f"{name}_{side}": rows[name] for name in ("step_id", "person_id", "chosen", "chosen_reason")}
    drawn = {f"{name}_{side}": pc.fill_null(rows[name], -1) for name in ("subject_no", "hour_no")}
    return pa.table({"key": key, **columns, **drawn})


def _n(mask: Any) -> int:
    return int(pc.sum(pc.cast(mask, pa.int64())).as_py() or 0)


def _changed(row: dict[str, Any]) -> ChangedDecision:
    return ChangedDecision(
        step_id=row["step"],
        person_id=row["person"],
        before=row["chosen_a"] or "",
        after=row["chosen_b"] or "",
        reason_before=row["chosen_reason_a"] or "",
        reason_after=row["chosen_reason_b"] or "",
    )
