"""Importing codes that a shop made into its pool, for the offers of a plan."""

from datetime import datetime

import pyarrow as pa

from memory.domain.base import Count, Frozen
from memory.domain.codes import code_key, terms_of
from memory.domain.errors import InvalidInput, NotReady
from memory.domain.plan import Plan
from memory.store.codes import CodePoolRow
from memory.store.unit_of_work import UnitOfWork
from tools.codes.pool_file import PoolOffer, RefusedRow, read_pool, sort_rows

N_TOLD = 200
"""So many refused rows are told one by one."""


class PoolImport(Frozen):
    """What came of a file of codes."""

    plan_id: str
    """The plan whose offers they are for."""
    n_rows: Count
    """Rows of the file."""
    n_added: Count
    """Codes added; of a dry run those that would be."""
    by_offer: dict[str, Count]
    """The same per offer."""
    n_refused: Count
    """Rows left out."""
    refused: tuple[RefusedRow, ...]
    """The first of them, by line."""
    is_dry_run: bool
    """Whether nothing was kept."""


def import_pool(
    uow: UnitOfWork, plan: Plan, content: bytes, by: str, at: datetime, *, dry_run: bool = False
) -> PoolImport:
    """Add a file's codes to the pool; rows that cannot be used are told and left out. Callers own the transaction.

    Raise `InvalidInput` for a file that is none, `NotReady` where the shop's codes do not come from a pool.
    """
    source = uow.code_sources.get(plan.shop_id)
    if source is None or source.kind != "pool":
        raise NotReady(
            what="the pool of codes",
            why="the shop's codes do not come from one",
            remedy="Set it with `secondorder codes source pool`",
        )
    rows = read_pool(content)
    keys = [code_key(code) for code in rows["code"].to_pylist()]
    known = frozenset(uow.codes.known(plan.shop_id, keys))
    found = sort_rows(rows, _offers(plan), known)
    if not rows.num_rows:
        raise InvalidInput(what="the file of codes", why="it has no rows", remedy="Write one code per line")
    n_added = found.good.num_rows if dry_run else uow.codes.add_to_pool(_pool_rows(plan, found.good, by, at))
    counts = found.good.group_by("offer").aggregate([("code", "count")]).to_pylist()
    return PoolImport(
        plan_id=plan.id,
        n_rows=rows.num_rows,
        n_added=n_added,
        by_offer={row["offer"]: row["code_count"] for row in sorted(counts, key=lambda row: row["offer"])},
        n_refused=len(found.refused),
        refused=found.refused[:N_TOLD],
        is_dry_run=dry_run,
    )


def _offers(plan: Plan) -> tuple[PoolOffer, ...]:
    """Give what a file may call each offer: its id, or its kind where the plan has one offer of it."""
    kinds = [offer.incentive.kind for offer in plan.offers]
    return tuple(
        PoolOffer(
            offer_id=offer.id,
            names=(offer.id, offer.incentive.kind) if kinds.count(offer.incentive.kind) == 1 else (offer.id,),
            gives_code=offer.gives_code,
            last_on=offer.limits.valid_until,
        )
        for offer in plan.offers
    )


def _pool_rows(plan: Plan, good: pa.Table, by: str, at: datetime) -> list[CodePoolRow]:
    terms = {offer.id: terms_of(offer) for offer in plan.offers}
    return [
        CodePoolRow(
            shop_id=plan.shop_id, code_key=row["code_key"], code=row["code"], terms=terms[row["offer"]],
            offer_id=row["offer"], expires_on=row["expires_on"], added_by=by, added_at=at,
        )
        for row in good.to_pylist()
    ]  # fmt: skip
