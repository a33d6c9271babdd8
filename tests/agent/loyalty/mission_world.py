"""A shop whose plan with a mission went live, and what people do in it."""

from datetime import UTC, datetime, timedelta

import pyarrow as pa

from agent.tick import go_live
from memory.domain.clock import ManualClock
from memory.domain.facts import LAKE_SCHEMAS
from memory.lake.lake import Lake
from memory.store.engine import Store
from tests.factories.doing import LIVE_AT, World, a_world
from tests.factories.facts import Facts

KEY = b"a key for tests only, 32 bytes.."
AT = datetime(2027, 1, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)
END = datetime(2027, 2, 5, tzinfo=UTC)
TASKS = ("open_app", "view_new", "purchase")


def a_live_mission(store: Store, lake: Lake) -> World:
    """Forty people and the playbook's plan, live."""
    found = a_world(store, lake, 40)
    go_live(store, lake, ManualClock(LIVE_AT), KEY, found.approved)
    return found


def people_of(store: Store, world: World, arm: str) -> list[str]:
    """Who is in an arm, by pseudonym."""
    with store.read() as uow:
        rows = uow.assignments.arms("nord", world.plan.holdout.experiment_id).to_pylist()
    return sorted(row["person_id"] for row in rows if row["arm"] == arm)


def do(facts: Facts, person: str, task: str, when: datetime, minor: int = 5_000) -> None:
    """Somebody does one task of the mission."""
    if task == "open_app":
        facts.event(person, when, "app_open", channel="app")
    elif task == "view_new":
        facts.event(person, when, "view", sku="new-coat")
    else:
        facts.order(person, when, subtotal_minor=minor, order_ref=f"{person}-{when:%d%H}-{minor}")


def commit(store: Store, lake: Lake, facts: Facts) -> None:
    """Add what people did to the facts, with an article that is new."""
    facts.add("products", AT - 10 * DAY, sku="new-coat")
    versions = {}
    for name, rows in facts.rows.items():
        told = [row | {"fact_id": f"later{number}", "shop_id": "nord"} for number, row in enumerate(rows)]
        versions[name] = lake.append(name, pa.Table.from_pylist(told, LAKE_SCHEMAS[name]))
    with store.unit_of_work() as uow:
        uow.versions.add(versions, "what people did", AT)
