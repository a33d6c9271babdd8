"""Profiles of a large shop, brought up from those of the last time instead of being built from all facts."""

from datetime import datetime
from typing import TYPE_CHECKING

import structlog

from memory.domain.errors import NotFound
from memory.domain.market import Shop
from memory.store.engine import Store

from .opened import built

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from memory.lake.lake import Lake
    from memory.lake.view import LakeView
    from memory.store.versions import DataVersion
    from tools.profile.daily import Brought

KEPT_FROM_ORDERS = 500_000
"""With fewer orders building everybody costs about as much as bringing a state up (ADR 0021)."""
LOG = structlog.get_logger("second_order.profiles")


class KeptProfiles:
    """Gives `build_profiles` of a reading; of a large shop from its kept state."""

    def __init__(self, store: Store, lake: "Lake", *, from_orders: int = KEPT_FROM_ORDERS) -> None:
        """Keep states of shops with at least so many orders."""
        self._store, self._lake, self._from_orders = store, lake, from_orders

    def __call__(self, view: "LakeView", shop: Shop, as_of: datetime, version: "DataVersion | None") -> "ir.Table":
        """Give one row per person as of an instant; `version` is the one that `view` is open on.

        Whatever keeps a state from being used, another process that erases people among it, leads to a build from all
        facts: the rows are the same.
        """
        import duckdb

        if version is None or view.table("orders").count().to_pyarrow().as_py() < self._from_orders:
            return built(view, shop, as_of, version)
        try:
            state = self._brought(shop, as_of, version)
            LOG.info("profiles_kept", shop_id=shop.shop_id, how=state.how, why=state.why, n_touched=state.n_touched)
            if state.is_kept:
                return self._read(view, state)
        except (OSError, duckdb.Error) as error:
            LOG.warning("profiles_not_kept", shop_id=shop.shop_id, error=type(error).__name__)
        return built(view, shop, as_of, version)

    def _brought(self, shop: Shop, as_of: datetime, version: "DataVersion") -> "Brought":
        from memory.lake.keeping import Keeping
        from tools.profile.daily import bring_up, facts_of

        manifest, known = Keeping(self._lake).manifest(shop.shop_id), None
        if manifest is not None:
            with self._store.read() as uow:
                try:
                    known = facts_of(uow.versions.get(manifest.version))
                except NotFound:
                    known = None
        return bring_up(self._lake, shop, facts_of(version), as_of, known)

    def _read(self, view: "LakeView", state: "Brought") -> "ir.Table":
        """Read the state into the reading's own database at once: an erasure may take its files away at any time."""
        from tools.profile.daily import kept_profiles

        return view.once("profiles", lambda: kept_profiles(self._lake, state.manifest, view))
