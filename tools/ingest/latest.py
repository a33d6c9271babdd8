"""SQL over the latest revisions of a fact table, for the columnar steps of import, assumptions and readiness."""

# ruff: noqa: S608  names come from our own schemas and paths are quoted

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from memory.domain.facts import LAKE_SCHEMAS
from memory.lake.lake import Lake

from .parquet import quoted


def latest_sql(lake: Lake, versions: Mapping[str, int], table: str) -> str:
    """Give a query for all rows of a fact table that no later revision replaced; typed and empty without facts."""
    files = lake.files_of({name: versions[name] for name in (table, "superseded") if name in versions})
    if not files.get(table):
        nothing = (f"NULL::{_TYPES[str(field.type)]} AS {field.name}" for field in LAKE_SCHEMAS[table])
        return f"SELECT {', '.join(nothing)} LIMIT 0"
    query = f"SELECT * FROM read_parquet({_list(files[table])})"
    if files.get("superseded"):
        replaced = f"FROM read_parquet({_list(files['superseded'])}) WHERE fact_kind = '{table}'"
        query += f" ANTI JOIN ({replaced}) USING (fact_id, revision)"
    return query


def create_views(con: Any, lake: Lake, versions: Mapping[str, int], shop_id: str, tables: tuple[str, ...]) -> None:
    """Give these tables' latest rows of one shop as views named like the tables."""
    shop = shop_id.replace("'", "''")
    for table in tables:
        con.execute(f"CREATE VIEW {table} AS FROM ({latest_sql(lake, versions, table)}) WHERE shop_id = '{shop}'")


def _list(files: list[str]) -> str:
    return "[" + ", ".join(quoted(Path(file)) for file in files) + "]"


_TYPES = {
    "string": "VARCHAR",
    "int32": "INTEGER",
    "int64": "BIGINT",
    "double": "DOUBLE",
    "bool": "BOOLEAN",
    "date32[day]": "DATE",
    "timestamp[us, tz=UTC]": "TIMESTAMPTZ",
}
