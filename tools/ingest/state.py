"""Person state after an import: consent, suppression, market, language, zones and last order of everyone touched."""

# ruff: noqa: S608  paths are ours and quoted, values are parameters

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from memory.domain.facts import IDENTITIES_SCHEMA
from memory.domain.market import Shop
from memory.lake.lake import Lake
from memory.store.person_state import PERSON_STATE_SCHEMA
from memory.store.unit_of_work import UnitOfWork
from tools.consent import load_policies
from tools.markets import Markets

from .duck import open_duckdb
from .latest import latest_sql
from .parquet import quoted

CHANNELS = ("email", "sms", "push")
MANY = 20_000
"""Above so many subjects the whole identity table is read at once."""
_TOUCHING = ("orders", "consents", "people", "_contacts")
_COLUMNS = {
    "orders": "subject_id, event_at, market, is_cancelled",
    "consents": "subject_id, channel, status, method, event_at, is_suppressed",
    "people": "subject_id, market, language, zone, event_at",
}


def touched_subjects(files: Mapping[str, Path]) -> list[str]:
    """Give the subjects whose state the files of an import may change."""
    parts = [f"SELECT subject_id FROM read_parquet({quoted(files[name])})" for name in _TOUCHING if name in files]
    if not parts:
        return []
    with open_duckdb() as con:
        rows = con.execute(
            f"SELECT DISTINCT subject_id FROM ({' UNION ALL '.join(parts)}) WHERE subject_id IS NOT NULL"
        )
        return [row[0] for row in rows.fetchall()]


def update_state(uow: UnitOfWork, lake: Lake, shop: Shop, markets: Markets, subjects: Sequence[str]) -> int:
    """Bring the shop's rows of these subjects' people up to date; give how many people that were."""
    if not subjects:
        return 0
    with open_duckdb() as con:
        con.register("identity", _identity(uow, subjects))
        con.register("touched", pa.table({"subject_id": pa.array(subjects, pa.string())}))
        con.execute(_AFFECTED)
        for table in _COLUMNS:
            _load(con, lake, uow.versions.latest().tables, table, shop.shop_id)
        con.register("suppressed", uow.consents.suppressed_subjects(shop.shop_id, _members(con)))
        con.register("market_facts", _market_facts(markets, shop))
        con.register("unproven", _unproven())
        people = con.sql(_STATE, params={"zone": shop.zone}).to_arrow_table()
        merged_away = con.execute("SELECT subject_id FROM touched SEMI JOIN identity USING (subject_id)").fetchall()
    uow.person_state.upsert(shop.shop_id, _changed(uow, shop.shop_id, people.cast(_STATE_SCHEMA)))
    _silence(uow, shop.shop_id, [row[0] for row in merged_away])
    return int(people.num_rows)


def _identity(uow: UnitOfWork, subjects: Sequence[str]) -> pa.Table:
    """Give the merged subjects of these subjects' people; of everybody where that is quicker."""
    if len(subjects) > MANY:
        return uow.identities.snapshot()
    members = uow.identities.subjects_of(set(uow.identities.people_of(subjects).values()))
    pairs = [(one, person) for person, ones in members.items() for one in sorted(ones) if one != person]
    columns = list(zip(*pairs, strict=True)) or [(), ()]
    return pa.table([pa.array(list(column), pa.string()) for column in columns], schema=IDENTITIES_SCHEMA)


_AFFECTED = """
CREATE TABLE affected AS SELECT DISTINCT coalesce(i.person_id, t.subject_id) AS person_id
FROM touched t LEFT JOIN identity i USING (subject_id);
CREATE TABLE member AS SELECT person_id, person_id AS subject_id FROM affected
UNION SELECT i.person_id, i.subject_id FROM identity i SEMI JOIN affected a USING (person_id);
"""
_STATE = """
WITH said AS (
  SELECT person_id, channel, arg_max(status, (event_at, status <> 'granted')) AS status, max(event_at) AS at,
    arg_max(is_suppressed, (event_at, is_suppressed)) AS is_suppressed,
    arg_max(epoch_us(event_at) <= 0 AND method <> 'assumed', (event_at, status <> 'granted')) AS is_unproven,
    max(event_at) FILTER (status = 'granted') AS granted_at
  FROM consents JOIN member USING (subject_id) GROUP BY ALL),
barred AS (
  SELECT person_id, channel, bool_or(s.reason <> 'unsubscribed' OR said.granted_at IS NULL OR said.granted_at <= s.at)
    AS is_barred
  FROM suppressed s JOIN member USING (subject_id) LEFT JOIN said USING (person_id, channel) GROUP BY ALL),
channels AS (
  SELECT person_id,
    bool_or(channel = 'email' AND status = 'granted' AND NOT is_unproven) AS consent_email,
    bool_or(channel = 'sms' AND status = 'granted' AND NOT is_unproven) AS consent_sms,
    bool_or(channel = 'push' AND status = 'granted' AND NOT is_unproven) AS consent_push,
    list(channel) FILTER (status = 'granted' AND is_unproven) AS unproven,
    bool_or(channel = 'email' AND is_suppressed) AS said_email,
    bool_or(channel = 'sms' AND is_suppressed) AS said_sms,
    bool_or(channel = 'push' AND is_suppressed) AS said_push
  FROM said GROUP BY person_id),
bars AS (
  SELECT person_id, bool_or(channel = 'email' AND is_barred) AS bar_email,
    bool_or(channel = 'sms' AND is_barred) AS bar_sms, bool_or(channel = 'push' AND is_barred) AS bar_push
  FROM barred GROUP BY person_id),
bought AS (
  SELECT person_id, max(event_at) FILTER (NOT is_cancelled) AS last_order_at,
    arg_max(market, event_at) FILTER (market IS NOT NULL) AS market
  FROM orders JOIN member USING (subject_id) GROUP BY person_id),
told AS (
  SELECT person_id, arg_max(market, event_at) FILTER (market IS NOT NULL) AS market,
    arg_max(language, event_at) FILTER (language IS NOT NULL) AS language,
    arg_max(zone, event_at) FILTER (zone IS NOT NULL) AS zone
  FROM people JOIN member USING (subject_id) GROUP BY person_id)
SELECT a.person_id,
  coalesce(consent_email OR list_contains(list_intersect(unproven, u.channels), 'email'), false) AS consent_email,
  coalesce(consent_sms OR list_contains(list_intersect(unproven, u.channels), 'sms'), false) AS consent_sms,
  coalesce(consent_push OR list_contains(list_intersect(unproven, u.channels), 'push'), false) AS consent_push,
  coalesce(bar_email, false) OR coalesce(said_email, false) AS is_suppressed_email,
  coalesce(bar_sms, false) OR coalesce(said_sms, false) AS is_suppressed_sms,
  coalesce(bar_push, false) OR coalesce(said_push, false) AS is_suppressed_push,
  coalesce(told.market, bought.market, '') AS market,
  coalesce(told.language, m.language, '') AS language,
  CASE WHEN told.zone IS NOT NULL THEN [told.zone] ELSE coalesce(m.zones, [$zone]) END AS zones,
  last_order_at
FROM affected a LEFT JOIN channels USING (person_id) LEFT JOIN bars USING (person_id)
LEFT JOIN bought USING (person_id) LEFT JOIN told USING (person_id)
LEFT JOIN market_facts m ON m.country = coalesce(told.market, bought.market)
LEFT JOIN unproven u ON u.country = coalesce(told.market, bought.market)
ORDER BY a.person_id
"""
_STATE_SCHEMA = pa.schema([field for field in PERSON_STATE_SCHEMA if field.name != "is_erased"])


def _load(con: Any, lake: Lake, versions: Mapping[str, int], table: str, shop_id: str) -> None:
    """Keep the latest rows of the shop's affected people in memory."""
    only = "AND purpose = 'marketing'" if table == "consents" else ""
    con.execute(
        f"CREATE TABLE {table} AS SELECT {_COLUMNS[table]} FROM ({latest_sql(lake, versions, table)}) "
        f"WHERE subject_id IN (SELECT subject_id FROM member) AND shop_id = ? {only}",
        [shop_id],
    )


def _members(con: Any) -> list[str]:
    return [row[0] for row in con.execute("SELECT subject_id FROM member").fetchall()]


def _market_facts(markets: Markets, shop: Shop) -> pa.Table:
    """Give language and candidate zones per country: our own market data first, CLDR's zones for the rest."""
    from babel.core import get_global

    zones: dict[str, list[str]] = {code: list(found) for code, found in get_global("territory_zones").items()}
    languages = {market.country: market.language for market in markets.all()}
    zones.update({market.country: list(market.zones) for market in markets.all()})
    countries = sorted(code for code in zones if len(code) == 2 and code.isalpha())
    return pa.table(
        {
            "country": pa.array(countries, pa.string()),
            "language": pa.array([languages.get(code) for code in countries], pa.string()),
            "zones": pa.array([zones[code] or [shop.zone] for code in countries], pa.list_(pa.string())),
        }
    )


def _unproven() -> pa.Table:
    """Give the channels per market on which a permission without a time still counts; none elsewhere."""
    policies = load_policies().by_country
    return pa.table(
        {
            "country": pa.array(list(policies), pa.string()),
            "channels": pa.array([list(each.unproven) for each in policies.values()], pa.list_(pa.string())),
        }
    )


def _changed(uow: UnitOfWork, shop_id: str, people: pa.Table) -> pa.Table:
    """Leave out rows that are as they were, and erased people: what was forgotten does not come back with a file."""
    fields = [name for name in people.column_names if name not in ("person_id", "zones")]
    differs = " OR ".join(f"new.{name} IS DISTINCT FROM old.{name}" for name in fields)
    with open_duckdb() as con:
        con.register("new", people)
        con.register("old", uow.person_state.get(shop_id, people["person_id"].to_pylist()))
        return con.sql(
            "SELECT new.* FROM new LEFT JOIN old USING (person_id) WHERE old.person_id IS NULL OR (NOT old.is_erased "
            f"AND ({differs} OR to_json(new.zones) IS DISTINCT FROM to_json(old.zones)))"
        ).to_arrow_table()


def _silence(uow: UnitOfWork, shop_id: str, subjects: Iterable[str]) -> None:
    """Take consent from rows of ids that are another person now; the merged person's row decides."""
    known = uow.person_state.get(shop_id, subjects)["person_id"]
    if len(known):
        nobody = pa.array([False] * len(known))
        uow.person_state.upsert(shop_id, pa.table([known, nobody, nobody, nobody], names=["person_id", *_CONSENTS]))


_CONSENTS = tuple(f"consent_{channel}" for channel in CHANNELS)
