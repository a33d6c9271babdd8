"""A shop whose plan mailed wallet credit in December that opens in January and ends with it."""

from datetime import UTC, date, datetime

from memory.domain.market import Shop
from memory.domain.plan import Plan
from memory.lake.lake import Lake
from memory.store.engine import Store
from tests.factories.doing import a_plan
from tests.factories.facts import SHOP, Facts
from tests.factories.loyal_shop import settle
from tests.factories.offers import built
from tests.factories.sends import a_send
from tests.tools.loyalty.programme import a_programme, joined

CREDIT = built("wallet_credit", starts_on=date(2026, 12, 10), ends_on=date(2027, 1, 31))
MAILED_AT = datetime(2026, 12, 10, 9, tzinfo=UTC)
OPENS_AT = datetime(2026, 12, 31, 23, tzinfo=UTC)
"""Midnight of 1 January in Berlin."""
ENDS_AT = datetime(2027, 1, 31, 23, tzinfo=UTC)
"""Midnight after 31 January in Berlin."""


def a_credit_plan(shop: Shop = SHOP, uses_per_person: int = 1) -> Plan:
    plan = a_plan(shop)
    limits = CREDIT.limits.model_copy(update={"uses_per_person": uses_per_person})
    credit = CREDIT.model_copy(update={"limits": limits})
    fields = {name: getattr(plan, name) for name in Plan.model_fields}
    return Plan(**{**fields, "offers": (*plan.offers, credit)})


def mailed(store: Store, lake: Lake, *people: str, with_points: bool = False, uses_per_person: int = 1) -> Plan:
    """Mail the credit to people. With points `rich` has 200, and `owing` paid in francs, which earn nothing."""
    plan, facts = a_credit_plan(uses_per_person=uses_per_person), Facts()
    facts.order("reader", MAILED_AT)
    if with_points:
        joined(facts, "rich", "owing")
        facts.order("rich", MAILED_AT, subtotal_minor=20_000)
        facts.order("owing", MAILED_AT, subtotal_minor=90_000, currency="CHF")
    settle(store, lake, facts, MAILED_AT, a_programme() if with_points else None)
    with store.unit_of_work() as uow:
        uow.plans.put(plan, created_by="mia", touched_by=("mia",), at=MAILED_AT, session_id="", status="live")
        for number, person in enumerate(people):
            sent = {"plan_id": plan.id, "offer_id": CREDIT.id, "step_id": "credit"}
            a_send(uow, SHOP.shop_id, f"k{number}", person, "email", MAILED_AT, **sent)
        other = {"plan_id": plan.id, "offer_id": "vip.points_multiple", "step_id": "points"}
        a_send(uow, SHOP.shop_id, "other", "reader", "email", MAILED_AT, **other)
    return plan
