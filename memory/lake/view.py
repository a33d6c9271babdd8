"""Reading facts: latest revisions as of a data version, people instead of records, granted shops only."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Self

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from memory.domain.facts import LAKE_SCHEMAS, PLAIN_SCHEMAS

from .backends import Backend, DuckBackend

SUBJECT_TABLES = frozenset(name for name, schema in LAKE_SCHEMAS.items() if "subject_id" in schema.names) | {
    "identities",
    "identity_moves",
}
"""Tables of which a view over a few subjects reads these subjects' rows only."""

READ_ONCE_BYTES = 16 * 2**20
"""Parquet bytes up to which a fact table is worked out once per view; beyond, each expression reads its columns."""


def _whole(table: ir.Table, schema: pa.Schema) -> ir.Table:
    """Add the columns that no file has because all were written before they came; they are null."""
    kinds = ibis.Schema.from_pyarrow(schema)
    missing = {name: ibis.null(kinds[name](nullable=True)) for name in schema.names if name not in table.columns}
    return table.mutate(**missing) if missing else table


class LakeView:
    """One consistent reading of the lake, on a private in-memory DuckDB by default. Use it as a context manager."""

    def __init__(
        self,
        files: Mapping[str, list[str]],
        shop_ids: Iterable[str] | None = None,
        backend: Backend | None = None,
        subjects: Iterable[str] | None = None,
        read_once: Iterable[str] = (),
        *,
        known_by: datetime | None = None,
        mark: str = "",
    ) -> None:
        """Read these Parquet files per lake table; a table without files is empty.

        With `subjects` only their facts are read, and those that belong to nobody: what a few people cost then does
        not grow with the shop. The fact tables `read_once` are worked out when first asked for, however large they
        are: for views that answer many questions, which pay for each with memory or spilled files. `known_by` and
        `mark`, which tells names apart, are for `as_known`.
        """
        self.backend = DuckBackend() if backend is None else backend
        self._files = files
        self._shop_ids = None if shop_ids is None else sorted(shop_ids)
        self._subjects = None if subjects is None else sorted(subjects)
        self._read_once = frozenset(read_once)
        self._known_by, self._mark = known_by, mark
        self._kept: dict[tuple[Hashable, ...], ir.Table] = {}
        self._then: dict[datetime, LakeView] = {}
        self.raw = cache(self._raw)
        self._asked = cache(self._asked_for)
        self.table = cache(self._table)

    def _raw(self, name: str) -> ir.Table:
        """Give a lake table as it is written: every revision, records instead of people."""
        schema = {**LAKE_SCHEMAS, **PLAIN_SCHEMAS}[name]
        files = self._files.get(name)
        if not files:
            table = self.memory_table(f"empty_{name}", schema.empty_table())
        else:
            table = _whole(self.backend.parquet(f"lake_{name}", files), schema)
        is_few = self._subjects is not None and name in SUBJECT_TABLES
        if is_few:
            table = table.semi_join(self._asked(), "subject_id")  # a list of ids would read whole row groups
        if name == "identities" and self._files.get("identity_moves"):
            table = self.backend.named("people_moved", self._moved(table))
        if name == "identities" and is_few:  # every table of theirs is joined with it
            table = self.memory_table("people_now", table.to_pyarrow())
        if self._shop_ids is not None and "shop_id" in table.columns:
            table = table.filter(table.shop_id.isin(self._shop_ids))
        return table

    def _asked_for(self) -> ir.Table:
        return self.memory_table("asked_for", pa.table({"subject_id": pa.array(self._subjects, pa.string())}))

    def _moved(self, people: ir.Table) -> ir.Table:
        """Give the snapshot of people with the moves since then."""
        moves = self.raw("identity_moves")
        latest = moves.group_by("subject_id").agg(person_id=moves.person_id.argmax(moves.number))
        kept = people.anti_join(latest, "subject_id")
        return kept.union(latest.filter(latest.subject_id != latest.person_id))

    def _table(self, name: str) -> ir.Table:
        """Give a fact table: latest revisions only, with `person_id` beside `subject_id`.

        It has a name in the database: expressions use it many times, and to compile it each time takes longer than
        to run it.
        """
        if self._subjects is not None and name in SUBJECT_TABLES:  # few rows, and every further look is free
            return self.memory_table(f"facts_{name}{self._mark}", self._latest(name).to_pyarrow())
        if name in self._read_once or self._is_small(name):
            return self.backend.kept(f"facts_{name}{self._mark}", self._latest(name))
        return self.backend.named(f"facts_{name}{self._mark}", self._latest(name))

    def _is_small(self, name: str) -> bool:
        """Say whether the files of a fact table are so small that it is read whole sooner than looked up often."""
        return sum(Path(file).stat().st_size for file in self._files.get(name, ())) <= READ_ONCE_BYTES

    def _latest(self, name: str) -> ir.Table:
        facts = self.raw(name)
        if name not in LAKE_SCHEMAS:
            return facts
        if self._known_by is not None:
            facts = facts.filter(facts.arrived_at <= ibis.literal(self._known_by))
            later = facts.filter(facts.revision > 1)
            replaced = later.select("fact_id", revision=(later.revision - 1).cast(facts.revision.type()))
            facts = facts.anti_join(replaced, ["fact_id", "revision"])
        elif self._files.get("superseded"):
            replaced = self.raw("superseded")
            replaced = replaced.filter(replaced.fact_kind == name)
            facts = facts.anti_join(replaced, ["fact_id", "revision"])
        if "subject_id" not in facts.columns:
            return facts
        if not self._files.get("identities") and not self._files.get("identity_moves"):
            return facts.mutate(person_id=facts.subject_id)
        people = self.raw("identities").rename(merged_subject="subject_id", merged_person="person_id")
        joined = facts.left_join(people, facts.subject_id == people.merged_subject)
        return joined.mutate(person_id=ibis.coalesce(joined.merged_person, joined.subject_id)).drop(
            "merged_subject", "merged_person"
        )

    def as_known(self, at: datetime) -> "LakeView":
        """Give the facts as they were known at an instant: of each the latest revision that had arrived by then.

        Which records are one person is read as it is now. It lives as long as this view.
        """
        if at not in self._then:
            mark = f"{self._mark}_then{len(self._then)}"
            then = LakeView(self._files, self._shop_ids, self.backend, self._subjects, known_by=at, mark=mark)
            then.raw = self.raw
            self._then[at] = then
        return self._then[at]

    def present(self, rows: ir.Table) -> ir.Table:
        """Give rows whose `person_id` was a record's at some instant under the person that record is now."""
        known = self.raw("identities").rename(known_record="subject_id", known_person="person_id")
        joined = rows.left_join(known, rows.person_id == known.known_record)
        now = ibis.coalesce(joined.known_person, joined.person_id)
        return joined.mutate(person_id=now).drop("known_record", "known_person")

    def once(self, name: str, make: Callable[[], ir.Table], *of: Hashable) -> ir.Table:
        """Give the rows of an expression that is worked out when it is first asked for, and kept.

        `of` tells apart what has one name; the tables are numbered, so that what is built on them compiles alike.
        """
        if (name, *of) not in self._kept:
            number = sum(known[0] == name for known in self._kept)
            place = f"kept_{name}_{number}{self._mark}" if number else f"kept_{name}{self._mark}"
            self._kept[name, *of] = self.backend.kept(place, make())
        return self._kept[name, *of]

    def memory_table(self, name: str, rows: pa.Table) -> ir.Table:
        """Give a small Arrow table a place beside the facts, for joins."""
        return self.backend.arrow(name, rows)

    def drop(self, name: str) -> None:
        """Let go of an Arrow table once nothing reads it any more: the database would hold its rows until it closes."""
        self.backend.drop(name)

    def __enter__(self) -> Self:
        """Open."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the private database."""
        self.backend.close()
