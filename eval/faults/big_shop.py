"""A large live shop for measuring: a small synthetic one with its approved plan, and very many more customers.

The many are written straight into lake and store (orders, events, consent, identities, state, cohorts), as the small
shop's are after an import, and belong to the same live plan.
"""

# ruff: noqa: S608  every name comes from here

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from eval.gym.installation import Installation, fresh_home, install
from eval.gym.show import Show
from eval.gym.world import World, synthetic_world
from memory.domain.facts import LAKE_SCHEMAS, PLAIN_SCHEMAS
from memory.domain.plan import Plan
from memory.lake.layout import order_of
from tools.identity.keys import Keys

N_SMALL = 400
ORDERS, EVENTS = 2, 5
"""Per customer of the many."""
_NAME = "'p' || left(md5('person' || {i}), 24)"
"""Pseudonyms are hashes: people who came one after the other do not lie side by side."""
_DEVICE = "'p' || left(md5('device' || {i}), 24)"


@dataclass(frozen=True)
class BigShop:
    """What was made."""

    of: Installation
    """The installation."""
    plan: Plan
    """Its live plan."""
    active: list[str]
    """Customer ids of people of the plan, as their shop's system names them; they are treated."""
    cohort: str
    """Whose journey they are on."""


def make_big_shop(home: Path, n_customers: int, n_active: int, seed: int = 7) -> BigShop:
    """Build the shop in the fresh folder `home`."""
    from rich.console import Console

    from eval.gym.before import assume, brief_of, draft_and_approve, import_everything, set_guardrails

    show = Show(Console(quiet=True))
    fresh_home(home)
    world = synthetic_world(home / "files", n_customers=N_SMALL, seed=seed)
    of = install(home, world.shop, world.opens_at(), seed)
    import_everything(of, world, show)
    assume(of, world, show)
    set_guardrails(of, world)
    plan = _approved(of, world, show, brief_of, draft_and_approve)
    cohort = "first_time"
    active = [str(10_000_000 + number) for number in range(n_active)]
    _fill(of, plan, cohort, n_customers, active)
    return BigShop(of, plan, active, cohort)


def _approved(of: Installation, world: World, show: Show, brief_of: Any, draft_and_approve: Any) -> Plan:
    from agent.approval import approved_plan
    from agent.planning.context import gather
    from agent.tick import go_live

    app = of.app
    context = gather(app.store, app.lake, world.shop.shop_id, brief_of(world), as_of=of.clock.now())
    plan: Plan = draft_and_approve(of, world, context, show)
    go_live(app.store, app.lake, of.clock, app.key, approved_plan(app.store, of.clock, plan.id))
    return plan


def _fill(of: Installation, plan: Plan, cohort: str, n: int, active: list[str]) -> None:
    shop = plan.shop_id
    keys = Keys(of.app.key, shop, "DE")
    names = [found[0] for one in active if (found := keys.resolve("customer_id", one))]
    with duckdb.connect(config={"memory_limit": "1GB"}) as con, of.app.store.unit_of_work() as uow:
        con.execute("SET TimeZone = 'UTC'")
        con.register("real", pa.table({"place": pa.array(range(len(names)), pa.int64()), "name": names}))
        con.execute(
            f"CREATE TABLE people AS SELECT i, coalesce(real.name, {_NAME.format(i='i')}) AS person "
            f"FROM range({n}) r(i) LEFT JOIN real ON real.place = i"
        )
        tables = uow.versions.latest().tables
        added = {
            table: of.app.lake.append(table, _rows(con, table, query), after=tables.get(table))
            for table, query in _queries(shop, plan, cohort, n, of.clock.now().isoformat()).items()
        }
        devices = _DEVICE.format(i="i")
        people = con.execute(f"SELECT person, {devices} FROM people ORDER BY i").fetchall()
        uow.versions.add(added, "many customers", of.clock.now())
    _states(of, shop, people)


def _rows(con: Any, table: str, query: str) -> Any:
    schema = {**LAKE_SCHEMAS, **PLAIN_SCHEMAS}[table]
    given = {row[0] for row in con.execute(f"DESCRIBE {query}").fetchall()}
    columns = ", ".join(name if name in given else f"NULL AS {name}" for name in schema.names)
    order = f" ORDER BY {column}" if (column := order_of(table)) else ""  # as an import leaves them
    return con.sql(f"SELECT {columns} FROM ({query}){order}").to_arrow_reader(200_000)


def _queries(shop: str, plan: Plan, cohort: str, n: int, now: str) -> dict[str, str]:
    def common(table: str, days: str = "(hash(j) % 300)") -> str:
        at = f"(TIMESTAMPTZ '{now}' - to_days({days}::INTEGER) - INTERVAL 1 HOUR)"
        return (
            f"'{shop}' AS shop_id, md5('{table}' || j) AS fact_id, 1::INTEGER AS revision, '' AS content_hash, "
            f"{at} AS event_at, {at} AS arrived_at, 'bench' AS source"
        )

    def per(times: int) -> str:
        return f"(SELECT p.person, p.i * {times} + k AS j FROM people p, range({times}) t(k))"

    member = "md5('orders' || j) AS order_fact_id, person AS subject_id"
    frozen = f"TIMESTAMPTZ '{now}'"
    return {
        "orders": f"SELECT {common('orders')}, '#b' || j AS order_ref, person AS subject_id, 'EUR' AS currency, "
        "5000::BIGINT AS subtotal_minor, 0::BIGINT AS discount_minor, 0::BIGINT AS shipping_minor, 0::BIGINT AS "
        "tax_minor, 0::BIGINT AS refunded_minor, 1::BIGINT AS n_items, 0::BIGINT AS n_gift_items, 'web' AS channel, "
        f"'DE' AS market, false AS is_cancelled, true AS is_paid, false AS is_referred FROM {per(ORDERS)}",
        "order_lines": f"SELECT {common('order_lines')}, {member}, 'SKU' || (j % 500) AS sku, 1::BIGINT AS quantity, "
        "5000::BIGINT AS unit_price_minor, 0::BIGINT AS discount_minor, 'EUR' AS currency, false AS is_gift "
        f"FROM {per(ORDERS)}",
        "events": f"SELECT {common('events')}, person AS subject_id, 'view' AS kind, 'web' AS channel, "
        f"'SKU' || (j % 500) AS sku, false AS is_machine FROM {per(EVENTS)}",
        "consents": f"SELECT {common('consents')}, person AS subject_id, 'email' AS channel, 'marketing' AS purpose, "
        f"'granted' AS status, 'double_opt_in' AS method, false AS is_suppressed FROM {per(1)}",
        "people": f"SELECT {common('people')}, person AS subject_id, 'DE' AS market, 'de' AS language, "
        f"'Europe/Berlin' AS zone, false AS is_assumed FROM {per(1)}",
        "identities": f"SELECT {_DEVICE.format(i='i')} AS subject_id, person AS person_id FROM people",
        "cohort_members": f"SELECT '{plan.id}' AS plan_id, '{shop}' AS shop_id, person AS person_id, "
        f"'{cohort}' AS cohort, 'treated' AS arm, 'DE' AS market, 'Europe/Berlin' AS zone, 'de' AS language, "
        f"{frozen} AS frozen_at FROM people",
    }


def _states(of: Installation, shop: str, people: list[tuple[str, str]]) -> None:
    """Write the store's rows of the many with plain SQL: a million at once."""
    address = of.app.store.engine.url.database
    assert address is not None
    with sqlite3.connect(address) as con:
        con.executemany(
            "INSERT OR IGNORE INTO person_state (shop_id, person_id, consent_email, market, language, zones, "
            "consent_sms, consent_push, is_suppressed_email, is_suppressed_sms, is_suppressed_push, is_erased) "
            "VALUES (?, ?, 1, 'DE', 'de', '[\"Europe/Berlin\"]', 0, 0, 0, 0, 0, 0)",
            ((shop, person) for person, _ in people),
        )
        con.executemany("INSERT INTO identity (person_id, subject_id) VALUES (?, ?)", people)
        con.executemany(
            "INSERT INTO identity_link (left_subject, left_kind, right_subject, right_kind, rule, shop_id, source, at, "
            "reversed_by) "
            "VALUES (?, 'customer_id', ?, 'device', 'bench', ?, 'bench', '2026-01-01 00:00:00', '')",
            ((person, device, shop) for person, device in people),
        )
    con.close()
