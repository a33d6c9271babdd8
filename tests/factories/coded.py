"""A live plan whose offer gives each person a code, with its messages due; small and made without a tick."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from agent.dispatch import DispatchReport, dispatch
from eval.faults.adversarial_sends import row_of
from eval.faults.world import KEY, a_context, a_plan, fill, put_live
from memory.domain.clock import ManualClock
from memory.domain.codes import CodeSource, code_key, terms_of
from memory.domain.offer import Offer
from memory.domain.plan import Plan
from memory.lake.lake import Lake
from memory.store.codes import CodePoolRow
from memory.store.engine import Store
from tests.factories.doing import learn
from tests.factories.facts import Facts
from tools.channels.memory import MemorySender

POOL = CodeSource(kind="pool")
SHOPIFY = CodeSource(kind="shopify", shopify_shop="nord.myshopify.com")
OFFER = "first_time.store_credit"
STEP = "first_time.store_credit"


@dataclass
class CodedShop:
    """What a test needs at hand."""

    store: Store
    clock: ManualClock
    plan: Plan
    people: tuple[str, ...]
    sender: MemorySender = field(init=False)

    def __post_init__(self) -> None:
        self.sender = MemorySender(self.clock)

    @property
    def offer(self) -> Offer:
        offer = self.plan.offer(OFFER)
        assert offer is not None
        return offer

    def run(self, sender: Any = None, **more: Any) -> DispatchReport:
        return dispatch(self.store, {"email": sender or self.sender}, self.clock, KEY, "nord", **more)

    def later(self, **by: int) -> None:
        self.clock.advance(timedelta(**by))

    def grants(self) -> list[dict[str, Any]]:
        with self.store.read() as uow:
            return [one.model_dump() for one in uow.codes.list("nord", self.plan.id, 0, 1_000)]

    def texts(self) -> list[str]:
        return [message.text for message in self.sender.messages.values()]

    def counts(self) -> dict[tuple[str, str], int]:
        with self.store.read() as uow:
            return uow.outbox.counts("nord")

    def buy(self, lake: Lake, *orders: dict[str, Any]) -> None:
        """Add paid orders of the shop to its facts: person, code and what else an order says."""
        facts = Facts()
        for number, order in enumerate(orders):
            given = {"market": "DE", "subtotal_minor": 9000, "discount_minor": 1500, **order}
            person, code, at = given.pop("person"), given.pop("code"), given.pop("at", self.clock.now())
            facts.order(person, at, discount_code=code, **{"order_ref": f"#{number}", **given})
        for rows in facts.rows.values():
            for row in rows:
                row.update(shop_id="nord", fact_id=f"{row['fact_id']}{row.get('order_ref', '')}")
        learn(self.store, lake, facts, self.clock.now())

    def fill_pool(self, *codes: str, **changes: Any) -> None:
        """Put codes that the shop made for the offer into its pool."""
        rows = [
            CodePoolRow(
                shop_id="nord", code_key=code_key(code), code=code, added_by="mia", added_at=self.clock.now(),
                **{"terms": terms_of(self.offer), "offer_id": self.offer.id, **changes},
            )
            for code in codes
        ]  # fmt: skip
        with self.store.unit_of_work() as uow:
            uow.codes.add_to_pool(rows)


def coded_plan(source: CodeSource | None) -> Plan:
    """Give the playbook's plan of a shop whose codes come from there."""
    return a_plan(a_context().model_copy(update={"code_source": source}))


def a_coded_shop(store: Store, source: CodeSource, n: int = 4) -> CodedShop:
    """Put `n` people and their due messages with a code into a store."""
    context, plan = a_context(), coded_plan(source)
    people = fill(store, context, n)
    put_live(store, plan, people)
    step = next(one for one in plan.steps() if one.id == STEP)
    rows = [row_of(plan, context, "first_time", step, person) for person in people]
    at: datetime = rows[0]["at"]
    with store.unit_of_work() as uow:
        uow.code_sources.put("nord", source, "mia", at)
        uow.outbox.plan([{name: value for name, value in row.items() if name != "at"} for row in rows])
    return CodedShop(store, ManualClock(at), plan, people)
