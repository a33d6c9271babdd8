"""A small shop with round figures for fault runs: a context to plan from, and people in a store."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from agent.guardrails.facts import PeopleCell, TemplateFact
from agent.planning.catalogue import CATALOGUE
from agent.planning.compose import compose
from agent.planning.context import PlanContext
from agent.planning.playbook import PlaybookPlanner
from memory.domain.approval import Approval
from memory.domain.brief import Brief
from memory.domain.cohort import COHORTS, Cohort
from memory.domain.figures import MarketingMoney, ShopFigures
from memory.domain.guardrails import Guardrails
from memory.domain.market import Shop
from memory.domain.money import Money
from memory.domain.plan import Plan
from memory.domain.principal import Grant, Principal
from memory.domain.segment import Everyone
from memory.store.assignments import ARMS_SCHEMA
from memory.store.batches import LivePlan
from memory.store.contacts import CONTACT_SCHEMA
from memory.store.engine import Store, open_store
from memory.store.person_state import PERSON_STATE_SCHEMA
from tools.budget.audit import BudgetAudit
from tools.markets import load_markets
from tools.offers.facts import CategoryFact, GiftFact

AS_OF = datetime(2026, 12, 1, 8, tzinfo=UTC)
SIZES = {"vip": 800, "reactivated": 1000, "discount_sensitive": 1200, "first_time": 3000}
BASKETS = {"vip": 9000, "reactivated": 7000, "discount_sensitive": 5000, "first_time": 6000}
KEY = b"a key for fault runs, 32 bytes.."
SHOP = Shop(
    shop_id="nord", name="Nord", currency="EUR", zone="Europe/Berlin", home_market="DE",
    website="https://nord.example.invalid", sender_email="hello@nord.example.invalid", postal_address="Weg 1, Kiel",
)  # fmt: skip


def eur(minor: int) -> Money:
    """Give euros in cents."""
    return Money(amount_minor=minor, currency="EUR")


def a_context() -> PlanContext:
    """Give a context whose playbook plan keeps every guardrail."""
    rails = Guardrails(plan_budget=eur(2_000_000))
    cells = [
        PeopleCell(cohort=cohort, market=market, language=language, email=mail, sms=text, push=text,
                   n_people=SIZES[cohort] * tenths // 20)
        for cohort in COHORTS for market, language in (("DE", "de"), ("US", "en"))
        for mail, text, tenths in ((True, False, 5), (True, True, 3), (False, False, 2))
    ]  # fmt: skip
    return PlanContext(
        shop=SHOP, data_version=1, as_of=AS_OF, guardrails=rails, guardrail_version=rails.version,
        markets=load_markets().known(("DE", "US")), cohorts=tuple(_cohort(name) for name in COHORTS),
        people=tuple(cells), categories=tuple(_category(*each) for each in (("shoes", 0.55), ("coats", 0.62),
                                                                             ("socks", 0.48))),
        gifts=(GiftFact(sku="SOCK-1", cost=eur(300), price=eur(900), n_in_stock=500),), margin_rate=0.55,
        audit=BudgetAudit(currency="EUR", period_from=date(2026, 9, 2), period_until=date(2026, 11, 30),
                          pre_minor=27_600_000, post_minor=2_400_000, post_share_rate=0.08),
        templates=tuple(TemplateFact(id=each.id, kind=each.kind, version=each.version) for each in CATALOGUE),
        peak_from=date(2026, 11, 27), peak_until=date(2026, 11, 30), anchor_on=date(2026, 12, 1), n_people=20_000,
        shipping_minor=590,
    )  # fmt: skip


def a_plan(context: PlanContext) -> Plan:
    """Give the playbook's plan."""
    planner, brief = PlaybookPlanner(), Brief()
    made = compose(planner.draft(brief, context), brief, context, planner.ref)
    assert isinstance(made, Plan), made
    return made


def figures_of(context: PlanContext) -> ShopFigures:
    """Give the figures of now that the context was read from."""
    return ShopFigures(
        shop_id=SHOP.shop_id, data_version=1, currency="EUR",
        margins={each.category: each.margin_rate for each in context.categories}, margin_rate=context.margin_rate,
        gifts={gift.sku: gift.n_in_stock for gift in context.gifts},
        money=MarketingMoney(period_from=context.audit.period_from, period_until=context.audit.period_until,
                             total_minor=context.audit.total_minor, post_share_rate=context.audit.post_share_rate),
    )  # fmt: skip


@dataclass(frozen=True)
class FaultShop:
    """A store with a shop, its people and an approver."""

    store: Store
    people: tuple[str, ...]


def a_store(url: str, context: PlanContext, n: int) -> FaultShop:
    """Open and fill a store, see `fill`."""
    store = open_store(url)
    store.migrate()
    return FaultShop(store, fill(store, context, n))


def fill(store: Store, context: PlanContext, n: int) -> tuple[str, ...]:
    """Put `n` people in Berlin who permit every channel into a store, and someone who may approve; give the people."""
    people = tuple(f"p{number:05d}" for number in range(n))
    with store.unit_of_work() as uow:
        uow.shops.put(SHOP)
        uow.guardrails.put(SHOP.shop_id, context.guardrails, by="mia", at=AS_OF)
        grant = Grant(shop_id=SHOP.shop_id, role="approver")
        uow.principals.add(Principal(id="ana", name="Ana", grants=(grant,)), AS_OF)
        uow.figures.put(figures_of(context))
        uow.person_state.upsert(SHOP.shop_id, _states(people))
        uow.contacts.upsert(SHOP.shop_id, _contacts(people))
    return people


def put_live(store: Store, plan: Plan, people: tuple[str, ...], *, live_at: datetime = AS_OF) -> None:
    """Let a plan run as if it had been approved and gone live, whatever it holds; everyone is treated."""
    approval = Approval(
        id=f"a{plan.id[:20]}", shop_id=plan.shop_id, plan_id=plan.id, guardrail_version=plan.guardrail_version,
        requested_by="mia", requested_at=live_at, expires_at=live_at + timedelta(days=14), touched_by=("mia",),
        status="approved", decided_by="ana", decided_at=live_at,
    )  # fmt: skip
    arms = pa.table({"person_id": people, "cohort": ["vip"] * len(people), "arm": ["treated"] * len(people)})
    with store.unit_of_work() as uow:
        uow.plans.put(plan, created_by="mia", touched_by=("mia",), at=live_at, status="live")
        uow.approvals.add(approval)
        uow.assignments.put(plan.shop_id, plan.holdout.experiment_id, arms.cast(ARMS_SCHEMA))
        uow.budget_ledger.open(plan.id, plan.shop_id, plan.budget.total)
        uow.batches.go_live(LivePlan(plan_id=plan.id, shop_id=plan.shop_id, live_at=live_at, n_people=len(people)))


def sqlite_url(path: Path) -> str:
    """Give the address of a SQLite file."""
    return f"sqlite:///{path}"


def _cohort(name: str) -> Cohort:
    size = SIZES[name]
    return Cohort.model_validate(
        {
            "id": name, "rule": Everyone(), "n_people": size, "n_reachable": size * 8 // 10,
            "reachable_by_channel": {"email": size * 8 // 10, "sms": size * 3 // 10},
            "median_basket_minor": BASKETS[name], "expected_repeat_rate": 0.15,
        }
    )  # fmt: skip


def _category(name: str, margin: float) -> CategoryFact:
    return CategoryFact(category=name, n_products=40, n_in_stock=35, n_units_sold=900, revenue_minor=5_000_000,
                        median_price_minor=6000, margin_rate=margin)  # fmt: skip


def _states(people: tuple[str, ...]) -> pa.Table:
    channels = ("email", "sms", "push")
    row: dict[str, Any] = {f"consent_{name}": True for name in channels} | {
        f"is_suppressed_{name}": False for name in channels
    }
    row |= {"market": "DE", "language": "de", "zones": ["Europe/Berlin"], "is_erased": False, "last_order_at": None}
    return pa.Table.from_pylist([row | {"person_id": person} for person in people], PERSON_STATE_SCHEMA)


def _contacts(people: tuple[str, ...]) -> pa.Table:
    rows = [
        dict.fromkeys(CONTACT_SCHEMA.names, "")
        | {
            "subject_id": person, "email": f"{person}@people.example.invalid", "email_key": f"e{person}",
            "phone": f"+4915200{person[1:]}", "phone_key": f"t{person}", "push_token": f"token-{person}",
            "push_key": f"u{person}", "updated_at": AS_OF,
        }
        for person in people
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, CONTACT_SCHEMA)
