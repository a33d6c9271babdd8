"""What an import tells the store about people: contacts, suppressed addresses, links and the people they make."""

# ruff: noqa: S608  paths are ours and quoted, values are parameters

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from memory.domain.facts import IDENTITIES_SCHEMA, IDENTITY_MOVES_SCHEMA
from memory.domain.market import Channel
from memory.store.contacts import CONTACT_SCHEMA
from memory.store.unit_of_work import UnitOfWork
from tools.identity.near import links_near
from tools.identity.people import resolve_people

from .duck import open_duckdb
from .parquet import quoted

ROWS_PER_BATCH = 20_000


def store_contacts(uow: UnitOfWork, shop_id: str, file: Path, at: datetime) -> None:
    """Upsert one contact per subject, the last known field of the file winning; erased addresses stay forgotten."""
    fields = [name for name in CONTACT_SCHEMA.names if name not in ("subject_id", "updated_at")]
    merged = ", ".join(f"coalesce(arg_max({name}, place) FILTER ({name} <> ''), '') AS {name}" for name in fields)
    forgotten = pa.table({"address_key": pa.array(uow.consents.erased_keys(shop_id), pa.string())})
    query = (
        f"SELECT subject_id, {merged}, $at::TIMESTAMPTZ AS updated_at FROM "
        f"(SELECT *, file_row_number AS place FROM read_parquet({quoted(file)}, file_row_number = true)) "
        "GROUP BY subject_id HAVING NOT coalesce(bool_or(email_key IN (FROM erased) OR phone_key IN (FROM erased)), "
        "false) ORDER BY subject_id"
    )
    with open_duckdb() as con:
        con.register("erased", forgotten)
        for batch in con.sql(query, params={"at": at.isoformat()}).to_arrow_reader(ROWS_PER_BATCH):
            uow.contacts.upsert(shop_id, pa.Table.from_batches([batch]))


def store_suppressions(uow: UnitOfWork, shop_id: str, file: Path, source: str) -> list[str]:
    """Suppress the addresses of a file and give their keys."""
    import pyarrow.parquet as pq

    rows: list[dict[str, Any]] = [{**row, "source": source} for row in pq.read_table(file).to_pylist()]
    rows.sort(key=lambda row: (row["reason"] != "unsubscribed", row["at"]))
    unique = {(row["channel"], row["address_key"]): row for row in rows}
    uow.consents.suppress_many(shop_id, list(unique.values()))
    return sorted({row["address_key"] for row in rows})


def mark_lists(uow: UnitOfWork, shop_id: str, channels: set[Channel], by: str, at: datetime) -> None:
    """Note which channels' suppression lists the file brought."""
    for channel in sorted(channels):
        uow.consents.list_imported(shop_id, channel, by, at)


def read_links(files: Mapping[str, Path]) -> Iterator[list[dict[str, Any]]]:
    """Give the links of a file in batches, each pair once."""
    if "_links" not in files:
        return
    query = (
        f"SELECT * EXCLUDE (place) FROM (SELECT *, file_row_number AS place FROM "
        f"read_parquet({quoted(files['_links'])}, file_row_number = true)) "
        "QUALIFY row_number() OVER (PARTITION BY left_subject, right_subject ORDER BY place) = 1 ORDER BY place"
    )
    with open_duckdb() as con:
        for batch in con.sql(query).to_arrow_reader(ROWS_PER_BATCH):
            yield batch.to_pylist()


def store_links(uow: UnitOfWork, shop_id: str, files: Mapping[str, Path], source: str, at: datetime) -> int:
    """Log the links of a file and give how many are new."""
    stamp = {"shop_id": shop_id, "source": source, "at": at}
    return sum(uow.identities.add_links([{**link, **stamp} for link in links]) for links in read_links(files))


def update_people(uow: UnitOfWork) -> tuple[pa.Table, list[str]] | None:
    """Resolve all links again; give the new snapshot and all subjects and people it changes, none without a change."""
    before, after = uow.identities.snapshot(), resolve_people(uow.identities.links())
    with open_duckdb() as con:
        con.register("before", before)
        con.register("after", after)
        changed = con.execute(
            "WITH changed AS (SELECT coalesce(b.subject_id, a.subject_id) AS subject_id, b.person_id AS old, "
            "a.person_id AS new FROM before b FULL JOIN after a USING (subject_id) "
            "WHERE b.person_id IS DISTINCT FROM a.person_id) "
            "SELECT subject_id FROM changed UNION SELECT old FROM changed WHERE old IS NOT NULL "
            "UNION SELECT new FROM changed WHERE new IS NOT NULL ORDER BY 1"
        ).fetchall()
    if not changed:
        return None
    uow.identities.replace(after)
    return after.select(IDENTITIES_SCHEMA.names), [row[0] for row in changed]


def move_people(uow: UnitOfWork, file: Path) -> tuple[pa.Table, list[str]]:
    """Resolve only what hangs together with the links of a file; give the moves and all subjects they touch.

    The people are the same as `update_people` would make; what it costs depends on the links near the new ones.
    """
    import pyarrow.parquet as pq

    ends = pq.read_table(file, columns=["left_subject", "right_subject"])
    near, subjects = links_near(uow.identities, {*ends[0].to_pylist(), *ends[1].to_pylist()})
    after = dict(zip(*(column.to_pylist() for column in resolve_people(near).columns), strict=True))
    before = uow.identities.people_of(subjects)
    moves = {one: after.get(one, one) for one in sorted(subjects) if after.get(one, one) != before[one]}
    number = uow.identities.move(moves)
    columns = {"subject_id": list(moves), "person_id": list(moves.values()), "number": [number] * len(moves)}
    touched = {*moves, *moves.values(), *(before[one] for one in moves)}
    return pa.table(columns, schema=IDENTITY_MOVES_SCHEMA), sorted(touched)
