"""Forgetting people in the lake: their rows leave every version, so that no look into the past finds them again.

Data files that hold them are written anew without them, and the Delta log's entries are pointed at the new files with
fresh sizes and without the old minima and maxima. Versions keep their numbers: what others read stays as it was.
Checkpoints are dropped; readers go through the log, of which nothing is ever cleaned up here.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote
from uuid import uuid4

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from .keeping import Keeping
from .lake import SCHEMAS, Lake
from .layout import filtered_columns

PERSON_COLUMNS = ("subject_id", "person_id", "referrer_subject_id")
"""Columns that hold a pseudonym."""
Columns = tuple[str, ...]
FOLLOWING: dict[str, tuple[str, Columns, Columns]] = {
    "order_lines": ("orders", ("fact_id",), ("order_fact_id",)),
    "events": ("orders", ("shop_id", "order_ref"), ("shop_id", "order_ref")),
    "shipments": ("orders", ("shop_id", "order_ref"), ("shop_id", "order_ref")),
    "decision_options": ("decisions", ("decision_id",), ("decision_id",)),
}
"""Rows that belong to a person through another table: (table, its columns, own columns)."""


def forget_people(lake: Lake, subject_ids: Iterable[str]) -> dict[str, int]:
    """Remove every row of these pseudonyms from every version; give how many rows per table.

    Nobody may write meanwhile. Doing it again, also after a crash half-way, changes nothing more.
    """
    people = pa.array(sorted(set(subject_ids)), pa.string())
    with Keeping(lake).without(people.to_pylist()) as others:  # kept profiles know sums of what goes
        return _forget_facts(lake, people, others)


def _forget_facts(lake: Lake, people: pa.Array, others: set[str]) -> dict[str, int]:
    """Remove their rows; whoever else loses one, because it follows a row of theirs, is added to `others`."""
    tables = [table for table in sorted(SCHEMAS) if (lake.root / table / "_delta_log").is_dir()]
    keys = {table: _keys(lake.root / source, columns, people) for table, (source, columns, _) in FOLLOWING.items()}
    counts: dict[str, int] = {}
    for table in tables:
        wanted: list[tuple[Columns, pa.Array]] = [
            ((name,), people) for name in PERSON_COLUMNS if name in SCHEMAS[table].names
        ]
        if table in FOLLOWING and len(keys[table]):
            wanted.append((FOLLOWING[table][2], keys[table]))
        if wanted and (n_rows := _forget(lake.root / table, wanted, others)):
            counts[table] = n_rows
    return counts


def _keys(folder: Path, columns: Columns, people: pa.Array) -> pa.Array:
    """Give the keys of rows of the people, over every file of the table."""
    found: set[str] = set()
    for file in sorted(folder.glob("*.parquet")):
        names = [name for name in PERSON_COLUMNS if name in pq.read_schema(file).names]
        rows = pq.read_table(file, columns=sorted({*columns, *names}))
        theirs = rows.filter(_is_theirs(rows, [((name,), people) for name in names]))
        found.update(_key(theirs, columns).to_pylist())
    return pa.array(sorted(found - {None}), pa.string())


def _key(rows: pa.Table, columns: Columns) -> Any:
    return rows[columns[0]] if len(columns) == 1 else pc.binary_join_element_wise(*(rows[c] for c in columns), "\x1f")


def _is_theirs(rows: pa.Table, wanted: list[tuple[Columns, pa.Array]]) -> Any:
    theirs: Any = pa.array([False] * rows.num_rows, pa.bool_())
    for columns, values in wanted:
        theirs = pc.or_(theirs, pc.is_in(_key(rows, columns), values))
    return theirs


def _forget(folder: Path, wanted: list[tuple[Columns, pa.Array]], others: set[str]) -> int:
    replaced: dict[str, tuple[str, int, int]] = {}
    n_removed = 0
    for file in sorted(folder.glob("*.parquet")):
        fresh = folder / f"part-{uuid4()}.snappy.parquet"
        n_gone, n_left = _copy_without(file, fresh, wanted, others)
        if n_gone:
            replaced[file.name] = (fresh.name, fresh.stat().st_size, n_left)
            n_removed += n_gone
        else:
            fresh.unlink()
    if replaced:
        _point_anew(folder / "_delta_log", replaced)
        for name in replaced:
            (folder / name).unlink()
    return n_removed


def _copy_without(file: Path, fresh: Path, wanted: list[tuple[Columns, pa.Array]], others: set[str]) -> tuple[int, int]:
    """Copy a file without the rows, one row group in memory at a time; give how many went and how many stayed."""
    n_gone = n_left = 0
    source = pq.ParquetFile(file)
    filters: Any = filtered_columns(source.schema_arrow.names, source.metadata.num_rows) or None
    with pq.ParquetWriter(fresh, source.schema_arrow, compression="snappy", bloom_filter_options=filters) as writer:
        for group in range(source.num_row_groups):
            rows = source.read_row_group(group)
            is_theirs = _is_theirs(rows, wanted)
            kept = rows.filter(pc.invert(is_theirs))
            if "subject_id" in rows.column_names:
                others.update(set(rows.filter(is_theirs)["subject_id"].to_pylist()) - {None})
            n_gone, n_left = n_gone + rows.num_rows - kept.num_rows, n_left + kept.num_rows
            writer.write_table(kept)
    return n_gone, n_left


def _point_anew(log: Path, replaced: dict[str, tuple[str, int, int]]) -> None:
    """Let every entry of the log that names an old file name its copy."""
    for stale in (*log.glob("*.checkpoint*.parquet"), *log.glob("_last_checkpoint"), *log.glob("*.crc")):
        stale.unlink()
    for entry in sorted(log.glob("*.json")):
        lines = [json.loads(line) for line in entry.read_text(encoding="utf-8").splitlines() if line.strip()]
        if sum(_repoint(line, replaced) for line in lines):  # every line has to be looked at
            fresh = entry.with_suffix(".new")
            fresh.write_text("\n".join(json.dumps(line, separators=(",", ":")) for line in lines) + "\n")
            fresh.replace(entry)


def _repoint(line: dict[str, Any], replaced: dict[str, tuple[str, int, int]]) -> bool:
    action = line.get("add") or line.get("remove")
    if not action or unquote(action["path"]) not in replaced:
        return False
    name, size, n_rows = replaced[unquote(action["path"])]
    action["path"] = quote(name)
    if "size" in action:
        action["size"] = size
    if "stats" in action:
        action["stats"] = json.dumps({"numRecords": n_rows})
    return True
