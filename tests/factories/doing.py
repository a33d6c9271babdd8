"""A shop with people, facts, contacts and a playbook plan, ready to go live."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from agent.planning.compose import compose
from agent.planning.playbook import PlaybookPlanner
from memory.domain.approval import Approval, ApprovedPlan
from memory.domain.brief import Brief
from memory.domain.facts import LAKE_SCHEMAS, PLAIN_SCHEMAS
from memory.domain.market import Shop
from memory.domain.plan import Plan, PlannerRef
from memory.domain.principal import Grant, Principal
from memory.lake.lake import Lake
from memory.store.contacts import CONTACT_SCHEMA
from memory.store.engine import Store
from memory.store.person_state import PERSON_STATE_SCHEMA
from tests.factories import planning
from tests.factories.facts import Facts
from tools.goods_state import update_goods

ORDERED_AT = datetime(2026, 11, 28, 10, tzinfo=UTC)
LIVE_AT = datetime(2026, 12, 1, 6, tzinfo=UTC)
WEBSITE = "https://nord.example.invalid"


@dataclass(frozen=True)
class World:
    """What the factory made."""

    shop: Shop
    plan: Plan
    people: list[str]
    approved: ApprovedPlan


def a_plan(shop: Shop, brief: Brief | None = None, **context: Any) -> Plan:
    """The playbook's plan for round figures."""
    given = planning.context(shop=shop, **context)
    wanted = brief or Brief()
    plan = compose(PlaybookPlanner().draft(wanted, given), wanted, given, PlannerRef(kind="playbook", version="1"))
    assert isinstance(plan, Plan), plan
    return plan


def approved(plan: Plan, at: datetime = LIVE_AT) -> ApprovedPlan:
    """The plan with an approval, as only `agent.approval` makes one outside of tests."""
    approval = Approval(
        id="a1",
        shop_id=plan.shop_id,
        plan_id=plan.id,
        guardrail_version=plan.guardrail_version,
        requested_by="mia",
        requested_at=at,
        expires_at=datetime(2027, 6, 1, tzinfo=UTC),
        touched_by=("mia",),
        status="approved",
        decided_by="ana",
        decided_at=at,
    )
    return ApprovedPlan(plan=plan, approval=approval)


def a_world(store: Store, lake: Lake, n: int = 60, *, shop: Shop | None = None, **changes: Any) -> World:
    """Put a shop, `n` peak buyers with consent for mail, their contacts and facts into store and lake.

    Even numbers live in Germany, odd ones in New York. `changes` go to the planning context.
    """
    shop = shop or planning.a_shop(
        website=WEBSITE, sender_email="hello@nord.example.invalid", postal_address="Weg 1, Kiel"
    )
    plan = a_plan(shop, **changes)
    people = [f"p{number:05d}" for number in range(n)]
    facts = Facts()
    for number, person in enumerate(people):
        market = "DE" if number % 2 == 0 else "US"
        facts.add("orders", ORDERED_AT, subject_id=person, shop_id=shop.shop_id, market=market)
        facts.add(
            "people",
            ORDERED_AT,
            subject_id=person,
            shop_id=shop.shop_id,
            market=market,
            language="de" if number % 2 == 0 else "en",
            zone="Europe/Berlin" if number % 2 == 0 else "America/New_York",
        )
    versions = {
        name: lake.append(name, pa.Table.from_pylist(rows, LAKE_SCHEMAS[name])) for name, rows in facts.rows.items()
    }
    with store.unit_of_work() as uow:
        uow.shops.put(shop)
        uow.versions.add(versions, "test facts", ORDERED_AT)
        uow.guardrails.put(shop.shop_id, planning.guardrails(), by="mia", at=ORDERED_AT, note="")
        uow.plans.put(plan, created_by="mia", touched_by=("mia",), at=ORDERED_AT, session_id="", status="approved")
        approver = Principal(id="ana", name="Ana", grants=(Grant(shop_id=shop.shop_id, role="approver"),))
        uow.principals.add(approver, ORDERED_AT)
        uow.approvals.add(approved(plan).approval)
        uow.person_state.upsert(shop.shop_id, _states(people))
        uow.contacts.upsert(shop.shop_id, _contacts(people))
    return World(shop=shop, plan=plan, people=people, approved=approved(plan))


def learn(store: Store, lake: Lake, facts: Facts, at: datetime) -> None:
    """Add facts as the next data version, with the articles' rows for the claim."""
    with store.unit_of_work() as uow:
        schemas = {**LAKE_SCHEMAS, **PLAIN_SCHEMAS}
        before = uow.versions.latest().tables
        versions = {
            name: lake.append(name, pa.Table.from_pylist(rows, schemas[name]), after=before.get(name))
            for name, rows in facts.rows.items()
        }
        uow.versions.add(versions, "what became known", at)
        update_goods(uow, lake)


def explore(facts: Facts, people: Iterable[str], at: datetime, category: str = "running", n: int = 5) -> None:
    """Let people look `n` times at a category of the shop `nord`."""
    for person in people:
        for _ in range(n):
            facts.event(person, at, shop_id="nord", category=category)


def _states(people: list[str]) -> pa.Table:
    rows = [
        {
            "person_id": person,
            "consent_email": True,
            "consent_sms": False,
            "consent_push": False,
            "is_suppressed_email": False,
            "is_suppressed_sms": False,
            "is_suppressed_push": False,
            "market": "DE" if number % 2 == 0 else "US",
            "language": "de" if number % 2 == 0 else "en",
            "zones": ["Europe/Berlin" if number % 2 == 0 else "America/New_York"],
            "last_order_at": ORDERED_AT,
            "is_erased": False,
        }
        for number, person in enumerate(people)
    ]
    return pa.Table.from_pylist(rows, PERSON_STATE_SCHEMA)


def _contacts(people: list[str]) -> pa.Table:
    empty = dict.fromkeys(CONTACT_SCHEMA.names, "")
    rows = [
        empty
        | {
            "subject_id": person,
            "email": f"{person}@people.example.invalid",
            "first_name": "Zoë",
            "email_key": f"k{person}",
            "updated_at": ORDERED_AT,
        }
        for person in people
    ]
    return pa.Table.from_pylist(rows, CONTACT_SCHEMA)
