"""How rows lie in the lake's Parquet files, so that a question about few people or facts reads few row groups.

Rows of a large write are in the order of their people, so that one person's lie in one group or two; minima, maxima
and Bloom filters tell in which. Ids of facts are hashes in no order: filters tell which groups do not hold one. All
are hints only: files without them, older ones and small ones, are read as before.
"""

from collections.abc import Iterable, Iterator
from itertools import chain

import pyarrow as pa
from deltalake import BloomFilterProperties, ColumnProperties, WriterProperties

from memory.domain.facts import LAKE_SCHEMAS, PLAIN_SCHEMAS

MANY = 50_000
"""From so many rows on a write is laid out; fewer are read whole in no time, and a filter is larger than they are."""
ROWS_PER_GROUP = 32_768
"""Fewer make reading everything slower, more make a person cost more."""
FALSE_RATE = 0.001
"""How often a filter has a group read for an id that it does not hold; two bytes a row."""
FILTERED = ("fact_id", "subject_id")
"""Columns with Bloom filters."""
OF_PEOPLE = {"identities": "subject_id", "cohort_members": "person_id"}
"""Tables of people beside the facts, and the column that names them."""


def order_of(table: str) -> str | None:
    """Give the column by whose values a table's rows lie; none where they belong to nobody."""
    if table in LAKE_SCHEMAS:
        return "subject_id" if "subject_id" in LAKE_SCHEMAS[table].names else None
    return OF_PEOPLE.get(table)


def laid_out(
    table: str, rows: pa.Table | Iterable[pa.RecordBatch]
) -> tuple[Iterator[pa.RecordBatch], WriterProperties | None]:
    """Give batches and how to write them; a table is put in order, a stream comes in the order its giver chose.

    Only as many rows as make a write a large one are held back.
    """
    if isinstance(rows, pa.Table):
        column, n_rows = order_of(table), rows.num_rows
        ordered = rows.sort_by(column) if n_rows >= MANY and column else rows
        return _grouped(ordered.to_batches()), properties_of(table, n_rows)
    batches, held, n_held = iter(rows), [], 0
    while n_held < MANY and (batch := next(batches, None)) is not None:
        held.append(batch)
        n_held += batch.num_rows
    return _grouped(chain(held, batches)), properties_of(table, n_held)


def _grouped(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Give the rows as batches of one row group each: the writer deals batches out and may change their order."""
    held: list[pa.RecordBatch] = []
    n_missing = ROWS_PER_GROUP
    for batch in batches:
        rest = batch
        while rest.num_rows >= n_missing:
            yield pa.concat_batches([*held, rest.slice(0, n_missing)])
            rest, held, n_missing = rest.slice(n_missing), [], ROWS_PER_GROUP
        if rest.num_rows:
            held.append(rest)
            n_missing -= rest.num_rows
    if held:
        yield pa.concat_batches(held)


def filtered_columns(names: Iterable[str], n_rows: int) -> dict[str, dict[str, float]]:
    """Give the columns of a file that get Bloom filters as pyarrow's `bloom_filter_options`; none for a small file."""
    options = {"ndv": ROWS_PER_GROUP, "fpp": FALSE_RATE}
    return {name: options for name in names if name in FILTERED} if n_rows >= MANY else {}


def properties_of(table: str, n_rows: int) -> WriterProperties | None:
    """Give how a write of so many rows of a table is written; none for a small one."""
    if n_rows < MANY:
        return None
    names = (LAKE_SCHEMAS | PLAIN_SCHEMAS)[table].names
    bloom = BloomFilterProperties(True, FALSE_RATE, ROWS_PER_GROUP)
    return WriterProperties(
        max_row_group_size=ROWS_PER_GROUP,
        compression="SNAPPY",
        column_properties={
            name: ColumnProperties(bloom_filter_properties=bloom, dictionary_enabled=name != "fact_id")
            for name in names
            if name in FILTERED
        },
    )
