"""What came to the lake between two versions: rows of added files, less what files that were put together held."""

from collections.abc import Iterable, Mapping

import ibis.expr.types as ir

from memory.domain.facts import LAKE_SCHEMAS

from .backends import Backend
from .lake import Lake
from .view import LakeView

LOOKED_UP = ("products", "rates", "costs", "stock", "goods_links")
"""Facts that tell about others: read whole, not only what was added."""


class AddedView(LakeView):
    """A view of a version in which people's facts are those added since an earlier one; all else is whole."""

    def __init__(
        self,
        lake: Lake,
        before: Mapping[str, int],
        after: Mapping[str, int],
        shop_ids: Iterable[str] | None = None,
        backend: Backend | None = None,
    ) -> None:
        """Compare the files of both versions; both must be versions of this lake, `before` the earlier one."""
        old, new = lake.files_of(before), lake.files_of(after)
        people = [name for name in LAKE_SCHEMAS if name not in LOOKED_UP and name in after]
        since = {name: _since(old.get(name) or [], new[name], before, after, name) for name in (*people,)}
        whole = {name: new[name] for name in new if name not in since}
        self._gone = {name: gone for name, (_, gone) in since.items() if gone}
        super().__init__({**whole, **{name: added for name, (added, _) in since.items()}}, shop_ids, backend)

    def _raw(self, name: str) -> ir.Table:
        rows = super()._raw(name)
        if name not in self._gone:
            return rows
        gone = self.backend.parquet(f"gone_{name}", self._gone[name])
        return rows.anti_join(gone, ["fact_id", "revision"])


def added_rows(lake: Lake, before: Mapping[str, int], after: Mapping[str, int], table: str, view: LakeView) -> ir.Table:
    """Give the rows of a table that stand in the later version only, as a table of `view`'s connection."""
    old, new = lake.files_of(before), lake.files_of(after)
    added, gone = _since(old.get(table) or [], new.get(table) or [], before, after, table)
    if not added:
        return view.raw(table).limit(0)
    rows = view.backend.parquet(f"added_{table}", added)
    if not gone:
        return rows
    known = view.backend.parquet(f"known_{table}", gone)
    keys = ["fact_id", "revision", *(["fact_kind"] if table == "superseded" else [])]
    return rows.anti_join(known, keys)


def _since(
    old: list[str], new: list[str], before: Mapping[str, int], after: Mapping[str, int], table: str
) -> tuple[list[str], list[str]]:
    """Give the files that came and those that went; the latter matter only where something came."""
    if before.get(table) == after.get(table):
        return [], []
    added = sorted(set(new) - set(old))
    return added, sorted(set(old) - set(new)) if added else []
