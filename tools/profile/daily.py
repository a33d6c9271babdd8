"""Daily profiles: yesterday's sums brought up to today by what came since, the same rows as building them anew."""

from datetime import datetime
from typing import Literal

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq

from memory.domain.base import Count, Frozen, Instant
from memory.domain.facts import LAKE_SCHEMAS
from memory.domain.market import Shop
from memory.domain.profile import PROFILE_SCHEMA
from memory.lake.added import AddedView
from memory.lake.keeping import Keeping, Manifest
from memory.lake.lake import Lake
from memory.lake.view import LakeView
from memory.store.versions import DataVersion

from .build import shaped
from .changes import people_of, records_anew, records_of
from .edges import fifth_edges, fifths
from .lines import category_sums, category_units
from .sums import OF_CATEGORIES, aged_of, beside, lines_of, merged, sums_of, widened

LAYOUT = f"1/{len(PROFILE_SCHEMA)}/{sum(len(schema) for schema in LAKE_SCHEMAS.values())}"
"""What the kept files hold; count it up whenever a sum means something else than before."""
MOST_ANEW = 0.10
"""With more people than this share to be worked out anew, building everybody costs less."""
FEW_ANEW = 1_000
"""So many are always few."""
MOST_OVER = 0.30
"""Once this share of the large file is replaced, both files become one."""


class Facts(Frozen):
    """A data version as far as profiles need it."""

    number: int
    """Counts up; higher is later."""
    made_at: Instant
    """When it was made."""
    tables: dict[str, int]
    """Lake table to lake version."""


def facts_of(version: DataVersion) -> Facts:
    """Give a data version of the store as far as profiles need it."""
    return Facts(number=version.number, made_at=version.created_at, tables=version.tables)


class Brought(Frozen):
    """How a shop's kept profiles came to stand at an instant."""

    how: Literal["kept", "delta", "rebuilt"]
    """Nothing to do, brought up by what came since, or built from all facts."""
    why: str = ""
    """Why they were rebuilt."""
    n_touched: Count = 0
    """People whose sums were written."""
    n_anew: Count = 0
    """Of these, worked out anew from all their facts."""
    manifest: Manifest
    """Where they lie."""
    is_kept: bool = True
    """Whether the next call finds them; not where people were erased meanwhile, and then they may not be read."""


def bring_up(lake: Lake, shop: Shop, facts: Facts, as_of: datetime, known: Facts | None) -> Brought:
    """Bring a shop's kept profiles to a data version and an instant; rebuild them where that cannot be, and say why.

    `known` is the data version that the kept state names, as the store has it now; none where it has none.
    """
    keeping = Keeping(lake)
    erasures, manifest = keeping.erasures(), keeping.manifest(shop.shop_id)
    why = _unusable(manifest, shop, facts, as_of, known)
    if manifest is None or why:
        return _rebuilt(keeping, lake, shop, facts, as_of, erasures, why or "no state is kept")
    if manifest.tables == facts.tables and manifest.as_of == as_of and not manifest.owed and manifest.edges:
        return Brought(how="kept", manifest=manifest)
    with (
        lake.open(facts.tables, [shop.shop_id]) as new,
        AddedView(lake, manifest.tables, facts.tables, [shop.shop_id]) as added,
    ):
        records = records_anew(lake, shop, manifest, facts.tables, new, added)
        people = records | people_of(records, new)  # a record may have been a person itself
        if len(people) > max(FEW_ANEW, MOST_ANEW * manifest.n_base):
            why = f"{len(people)} people would be worked out anew"
            return _rebuilt(keeping, lake, shop, facts, as_of, erasures, why)
        change = _Change(new, keeping, manifest, people)
        change.add("fresh", *_sums_and_units(added, shop, as_of))
        if people:
            with lake.open(facts.tables, [shop.shop_id], subjects=records_of(people, new)) as few:
                change.add("anew", *_sums_and_units(few, shop, as_of))
        with lake.open(manifest.tables, [shop.shop_id]) as old:
            change.add("aged", aged_of(old, shop, manifest.as_of, as_of).to_pyarrow())
        return change.put(facts, as_of, erasures)


def kept_profiles(lake: Lake, manifest: Manifest, view: LakeView) -> ir.Table:
    """Give `build_profiles` of the manifest's version and instant from its sums; `view` is open on that version."""
    sums = kept(Keeping(lake), manifest, view, "sums")
    return shaped(sums.mutate(**fifths(sums, manifest.edges)), view, manifest.shop, manifest.as_of)


def kept(keeping: Keeping, manifest: Manifest, view: LakeView, holds: str) -> ir.Table:
    """Give the rows of a kept table, those of the large file that no later ones replace and the later ones."""
    shop_id = manifest.shop.shop_id
    base = view.backend.parquet(f"kept_{holds}", [str(keeping.file(shop_id, manifest, holds))])
    over = keeping.file(shop_id, manifest, f"over_{holds}")
    if over is None:
        return base
    hidden = view.backend.parquet(f"kept_hidden_{holds}", [str(keeping.file(shop_id, manifest, f"hidden_{holds}"))])
    return base.anti_join(hidden, "person_id").union(view.backend.parquet(f"kept_over_{holds}", [str(over)]))


def _unusable(manifest: Manifest | None, shop: Shop, facts: Facts, as_of: datetime, known: Facts | None) -> str:
    """Say why a kept state cannot be brought up; empty where it can."""
    if manifest is None:
        return "no state is kept"
    if manifest.layout != LAYOUT:
        return "another release kept it"
    if manifest.shop != shop:
        return "the shop's settings changed"
    if manifest.as_of > as_of:
        return "it stands at a later instant"
    if manifest.version > facts.number:
        return "it knows later facts"
    if known is None or (known.made_at, known.tables) != (manifest.made_at, manifest.tables):
        return "its data version is not in the store"
    return ""


def _rebuilt(
    keeping: Keeping, lake: Lake, shop: Shop, facts: Facts, as_of: datetime, erasures: str, why: str
) -> Brought:
    with lake.open(facts.tables, [shop.shop_id]) as view:
        lines = lines_of(view, shop, as_of)
        units = keeping.write(shop.shop_id, "units", view, category_units(lines))
        known = view.backend.parquet("built_units", [str(units)])
        sums = keeping.write(shop.shop_id, "sums", view, sums_of(view, shop, as_of, lines, known))
        rows = view.backend.parquet("built_sums", [str(sums)])
        edges, n_people = fifth_edges(_buyers(rows)), rows.count().to_pyarrow().as_py()
    manifest = Manifest(
        layout=LAYOUT, shop=shop, version=facts.number, made_at=facts.made_at, tables=facts.tables, as_of=as_of,
        files={"sums": sums.name, "units": units.name}, n_base=n_people, n_over=0, edges=edges,
    )  # fmt: skip
    is_kept = keeping.put(manifest, erasures)
    return Brought(how="rebuilt", why=why, n_touched=n_people, n_anew=n_people, manifest=manifest, is_kept=is_kept)


def _buyers(sums: ir.Table) -> pa.Table:
    buyers = sums.filter(sums.n_orders.notnull())
    return buyers.select("person_id", "last_order_at", "n_orders", "revenue_minor").to_pyarrow()


def _sums_and_units(view: LakeView, shop: Shop, as_of: datetime) -> tuple[pa.Table, pa.Table]:
    lines = lines_of(view, shop, as_of)
    units = category_units(lines).to_pyarrow()
    return sums_of(view, shop, as_of, lines, view.memory_table("units_now", units)).to_pyarrow(), units


class _Change:
    """What changes in a kept state, put together in the connection of a view."""

    def __init__(self, view: LakeView, keeping: Keeping, manifest: Manifest, people: set[str]) -> None:
        """Begin with the people who are worked out anew: nothing of theirs is added to."""
        self._view, self._keeping, self._manifest, self._n_anew = view, keeping, manifest, len(people)
        rows = pa.table({"person_id": pa.array(sorted(people), pa.string())})
        self._people = view.memory_table("anew_people", rows)
        self._known = {holds: kept(keeping, manifest, view, holds) for holds in ("sums", "units")}
        self._rows: dict[str, ir.Table] = {}

    def add(self, what: str, sums: pa.Table, units: pa.Table | None = None) -> None:
        """Take rows of what is fresh, aged or worked out anew."""
        for holds, rows in (("sums", sums), ("units", units)):
            if rows is not None and rows.num_rows:
                table = widened(self._view.memory_table(f"{what}_{holds}", rows), self._known[holds])
                self._rows[f"{what}_{holds}"] = table if what == "anew" else self._without(table)

    def put(self, facts: Facts, as_of: datetime, erasures: str) -> Brought:
        """Write the state's small files anew, or all of it into the large ones, and make them the shop's."""
        touched_units = self._touched("touched_units", "fresh_units")
        units = self._held("units_now", self._units(touched_units))
        touched = self._touched("touched", "fresh_sums", "aged_sums")
        sums = self._held("sums_now", self._sums(touched, units))
        n_touched = touched.count().to_pyarrow().as_py()
        files = self._written("sums", touched, sums) | self._written("units", touched_units, units)
        n_over = self._n_rows(files["hidden_sums"])
        manifest = self._manifest.model_copy(
            update={
                "version": facts.number, "made_at": facts.made_at, "tables": facts.tables, "as_of": as_of,
                "files": files, "n_over": n_over, "owed": (), "edges": (),
            }
        )  # fmt: skip
        if n_over > MOST_OVER * self._manifest.n_base:
            manifest = self._in_one(manifest)
        rows = kept(self._keeping, manifest, self._view, "sums")
        manifest = manifest.model_copy(update={"edges": fifth_edges(_buyers(rows))})
        is_kept = self._keeping.put(manifest, erasures)
        return Brought(how="delta", n_touched=n_touched, n_anew=self._n_anew, manifest=manifest, is_kept=is_kept)

    def _touched(self, name: str, *parts: str) -> ir.Table:
        people = self._people
        for part in parts:
            people = people.union(self._rows[part].select("person_id")) if part in self._rows else people
        return self._held(name, people.distinct())

    def _units(self, touched: ir.Table) -> ir.Table:
        both = self._with("fresh_units", self._without(self._known["units"].semi_join(touched, "person_id")))
        now = both.group_by(["person_id", "category"]).agg(n_units=both.n_units.sum().cast("int64"))
        return self._with("anew_units", now)

    def _sums(self, touched: ir.Table, units: ir.Table) -> ir.Table:
        rows = self._without(self._known["sums"].semi_join(touched, "person_id"))
        now = merged(self._with("aged_sums", self._with("fresh_sums", rows)))
        both = beside(now.rename({f"was_{name}": name for name in OF_CATEGORIES}), category_sums(self._without(units)))
        latest = both.mutate(**{name: ibis.coalesce(both[name], both[f"was_{name}"]) for name in OF_CATEGORIES})
        return self._with("anew_sums", widened(latest, now))

    def _with(self, part: str, rows: ir.Table) -> ir.Table:
        return rows.union(self._rows[part]) if part in self._rows else rows

    def _without(self, rows: ir.Table) -> ir.Table:
        return rows.anti_join(self._people, "person_id")

    def _held(self, name: str, rows: ir.Table) -> ir.Table:
        return self._view.backend.kept(name, rows)

    def _written(self, holds: str, touched: ir.Table, rows: ir.Table) -> dict[str, str]:
        """Write later rows and whom they replace, with those of before that still count; give the files."""
        shop_id, named = self._manifest.shop.shop_id, self._manifest.files
        files = {holds: named[holds]}
        for name, table in ((f"over_{holds}", rows), (f"hidden_{holds}", touched)):
            if name in named:
                before = self._view.backend.parquet(f"before_{name}", [str(self._keeping.root / shop_id / named[name])])
                table = before.anti_join(touched, "person_id").union(table)
            files[name] = self._keeping.write(shop_id, name, self._view, table).name
        return files

    def _n_rows(self, name: str) -> int:
        path = self._keeping.root / self._manifest.shop.shop_id / name
        return int(pq.read_metadata(path).num_rows)

    def _in_one(self, manifest: Manifest) -> Manifest:
        """Write both files of each kind as one large file."""
        files: dict[str, str] = {}
        for holds in ("sums", "units"):
            rows = kept(self._keeping, manifest, self._view, holds)
            files[holds] = self._keeping.write(manifest.shop.shop_id, holds, self._view, rows).name
        return manifest.model_copy(update={"files": files, "n_base": self._n_rows(files["sums"]), "n_over": 0})
