"""Facts: open a data version, commit new facts as the next one, and bring money into a shop's currency."""

from collections.abc import Iterable, Mapping
from datetime import datetime

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from memory.domain.base import Frozen
from memory.domain.errors import InvalidInput
from memory.domain.facts import FACT_KINDS, IDENTITIES_SCHEMA, IDENTITY_MOVES_SCHEMA
from memory.domain.market import Shop
from memory.lake.backends import MEMORY_LIMIT, Backend
from memory.lake.instances import Lent
from memory.lake.lake import Lake
from memory.lake.staging import FactCounts, Rows, Staging
from memory.lake.view import LakeView
from memory.store.engine import Store
from memory.store.goods_state import SOURCES
from memory.store.unit_of_work import UnitOfWork
from memory.store.versions import DataVersion
from tools.exchange import with_shop_currency
from tools.goods_state import update_goods

SNAPSHOTS = ("identities",)
"""Lake tables that an import replaces as a whole."""
MOVES = {"identities": "identity_moves"}
"""Changes of a snapshot since it was written; a new snapshot ends them."""


class Committed(Frozen):
    """What a commit of facts did, or would do."""

    data_version: int
    """The version in which the facts can be read; the newest one where nothing changed or on a dry run."""
    counts: dict[str, FactCounts]
    """Per table."""
    is_dry_run: bool = False
    """Whether nothing was written."""

    @property
    def n_fresh(self) -> int:
        """How many facts are new or changed over all tables."""
        return sum(count.n_new + count.n_changed for count in self.counts.values())


def open_facts(
    store: Store,
    lake: Lake,
    shop_ids: Iterable[str] | None,
    version: int | None = None,
    *,
    backend: Backend | None = None,
) -> LakeView:
    """Open the facts of these shops as of a data version (the newest where none is given); None opens all shops.

    `backend` runs the expressions elsewhere than on a private DuckDB, such as on Spark.
    """
    with store.read() as uow:
        found = uow.versions.latest() if version is None else uow.versions.get(version)
    return lake.open(found.tables, shop_ids, backend)


def commit_facts(
    target: Store | UnitOfWork,
    lake: Lake,
    facts: Mapping[str, Rows],
    reason: str,
    at: datetime,
    *,
    dry_run: bool = False,
) -> Committed:
    """Add facts as a new data version: same content again does nothing, changed content is a new revision.

    `facts` maps fact tables to rows of their schema without `revision` and `content_hash` (an Arrow table,
    a stream, or the path of a Parquet file: millions of rows pass in bounded memory), and `identities` to
    its new snapshot, or `identity_moves` to what changes in it. The lake is written first; the store row
    that names it comes last, in the caller's transaction, or in one of its own where a store is given.
    Without it nothing becomes visible.
    """
    if isinstance(target, Store):
        with target.unit_of_work() as uow:
            return commit_facts(uow, lake, facts, reason, at, dry_run=dry_run)
    target.versions.lock()
    before = target.versions.latest()
    with Staging(at) as staging:
        counts = _compare(staging, lake, before, facts)
        changed = {} if dry_run else _write(staging, lake, before, facts, counts)
    number = target.versions.add(changed, reason, at).number if changed else before.number
    if not changed.keys().isdisjoint(SOURCES):
        update_goods(target, lake)
    return Committed(data_version=number, counts=counts, is_dry_run=dry_run)


def vacuum_facts(store: Store, lake: Lake) -> int:
    """Delete lake files of facts that no data version names; give how many. Imports wait meanwhile."""
    with store.unit_of_work() as uow:
        uow.versions.lock()
        named: dict[str, set[int]] = {
            table: set() for table in (*FACT_KINDS, *SNAPSHOTS, *MOVES.values(), "superseded")
        }
        for version in uow.versions.all():
            for table, number in version.tables.items():
                named.setdefault(table, set()).add(number)
        return lake.vacuum(named)


def _compare(staging: Staging, lake: Lake, before: DataVersion, facts: Mapping[str, Rows]) -> dict[str, FactCounts]:
    known = lake.files_of(before.tables)
    counts: dict[str, FactCounts] = {}
    for table, rows in facts.items():
        if table in SNAPSHOTS:
            with lake.open(before.tables) as view:
                counts[table] = staging.compare_snapshot(
                    "subject_id", _snapshot(rows), _snapshot(view.raw(table).to_pyarrow())
                )
            continue
        if table in MOVES.values():
            counts[table] = FactCounts(n_new=_moves(rows).num_rows)
            continue
        staging.add(table, rows)
        counts[table] = staging.compare(table, known.get(table, ()), known.get("superseded", ()))
    return counts


def _snapshot(rows: Rows) -> pa.Table:
    if not isinstance(rows, pa.Table):
        raise InvalidInput(what="identities", why="it is no Arrow table", remedy="Give the whole snapshot as one.")
    return rows.select(IDENTITIES_SCHEMA.names).cast(IDENTITIES_SCHEMA)


def _moves(rows: Rows) -> pa.Table:
    assert isinstance(rows, pa.Table)
    return rows.cast(IDENTITY_MOVES_SCHEMA)


def _write(
    staging: Staging, lake: Lake, before: DataVersion, facts: Mapping[str, Rows], counts: Mapping[str, FactCounts]
) -> dict[str, int]:
    changed: dict[str, int] = {}
    replaced: list[pa.Table] = []
    for table, count in counts.items():
        if not count.n_new and not count.n_changed:
            continue
        if table in SNAPSHOTS:
            changed[table] = lake.replace(table, _snapshot(facts[table]))
            if (moves := MOVES[table]) in before.tables:
                changed[moves] = lake.replace(moves, IDENTITY_MOVES_SCHEMA.empty_table())
            continue
        if table in MOVES.values():
            changed[table] = lake.append(table, _moves(facts[table]), after=before.tables.get(table))
            continue
        changed[table] = lake.append(table, staging.fresh(table), after=before.tables.get(table))
        if count.n_changed:
            replaced.append(staging.superseded(table))
    if replaced:
        rows = pa.concat_tables(replaced)
        changed["superseded"] = lake.append("superseded", rows, after=before.tables.get("superseded"))
    return changed


def in_shop_currency(orders: ir.Table, view: LakeView, shop: Shop) -> ir.Table:
    """Add `net_minor`: goods less refunds of each order in the shop's currency, rounded half to even.

    Converts at the latest rate (or its inverse) on or before the order's UTC day; raise `MissingRate`
    naming the currency where there is none.
    """
    return with_shop_currency(orders, view, shop, {"net_minor": orders.subtotal_minor - orders.refunded_minor})


def newest_per_sku(rows: ir.Table, column: str) -> ir.Table:
    """Give (sku_of, `column`): the newest value per article; of one instant the later fact id counts."""
    key = ibis.struct({"event_at": rows.event_at, "fact_id": rows.fact_id, "value": rows[column]})
    newest = rows.group_by(sku_of=rows.sku).agg(newest=key.max())
    return newest.select("sku_of", **{column: newest.newest["value"]})


def known_facts(uow: UnitOfWork, lake: Lake, table: str, fact_ids: set[str]) -> set[str]:
    """Give which of these facts are known in any revision."""
    files = lake.files_of({name: n for name, n in uow.versions.latest().tables.items() if name == table}).get(table)
    if not files or not fact_ids:
        return set()
    with Lent(MEMORY_LIMIT) as lent:
        query = "SELECT DISTINCT fact_id FROM read_parquet(?) SEMI JOIN (SELECT unnest(?) AS fact_id) USING (fact_id)"
        return {row[0] for row in lent.con.execute(query, [files, sorted(fact_ids)]).fetchall()}
