"""S2-19: a journey reacts to what happens between its steps. Who buys in the middle of one leaves it or is spared."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from agent.dispatch import DispatchReport, dispatch
from eval.faults.adversarial_sends import row_of
from eval.faults.cap_race import race_at
from eval.faults.world import KEY, SHOP, a_context, a_plan, a_store, put_live, sqlite_url
from memory.domain.clock import ManualClock
from memory.domain.message import Accepted, Rendered
from memory.domain.plan import Plan
from memory.store.engine import Store
from memory.store.instants import to_micros
from tests.agent.dispatch.conftest import Scripted

pytestmark = pytest.mark.slow

CONTEXT = a_context()
PLAN = a_plan(CONTEXT)
ENDING = PLAN.model_copy(
    update={"journeys": tuple(each.model_copy(update={"exit_on": ("order", "unsubscribe")}) for each in PLAN.journeys)}
)
AT = race_at(PLAN)
N = 4


def waiting(tmp_path: Path, plan: Plan, kind: str) -> tuple[Store, list[str]]:
    """A store in which `N` people wait for a step of this kind at `AT`, and their send keys."""
    shop = a_store(sqlite_url(tmp_path / "journey.db"), CONTEXT, N)
    put_live(shop.store, plan, shop.people, live_at=AT - timedelta(days=1))
    journey, step = next(
        (journey, step) for journey in plan.journeys for step in journey.steps
        if step.kind == kind and step.owner == "us" and "email" in step.channels
    )  # fmt: skip
    made = [row_of(plan, CONTEXT, journey.cohort, step, person) for person in shop.people]
    due = {"due_at": to_micros(AT), "send_at": to_micros(AT)}
    with shop.store.unit_of_work() as uow:
        uow.outbox.plan([{key: value for key, value in row.items() if key != "at"} | due for row in made])
    return shop.store, [row["send_key"] for row in made]


def buys(store: Store, person: str) -> None:
    with store.unit_of_work() as uow:
        bought = pa.table({"person_id": [person], "last_order_at": pa.array([AT], pa.timestamp("us", "UTC"))})
        uow.person_state.upsert(SHOP.shop_id, bought)


def sent(store: Store, before: Callable[[Rendered], None] | None = None) -> tuple[DispatchReport, Scripted]:
    sender = Scripted([Accepted(receipt="r", at=AT)], before=before)
    return dispatch(store, {"email": sender}, ManualClock(AT), KEY, SHOP.shop_id), sender


def test_s2_19_a_purchase_in_the_middle_ends_a_journey_that_ends_with_an_order(tmp_path: Path) -> None:
    store, keys = waiting(tmp_path, ENDING, "thank_you")
    buys(store, "p00001")
    report, sender = sent(store)
    assert report.suppressed == {"journey_exit": 1}
    assert {message.send_key for message in sender.journal} == {keys[0], *keys[2:]}
    store.close()


def test_s2_19_a_purchase_between_claim_and_hand_off_ends_it_too(tmp_path: Path) -> None:
    store, _ = waiting(tmp_path, ENDING, "thank_you")
    with store.read() as uow:
        rows = uow.outbox.due(SHOP.shop_id, "email", AT, N, lock=False)
    last = rows[-1]
    done: list[str] = []

    def meanwhile(message: Rendered) -> None:
        if not done:
            done.append(message.send_key)
            buys(store, last.person_id)

    report, sender = sent(store, meanwhile)
    assert report.suppressed == {"journey_exit": 1}
    assert last.send_key not in {message.send_key for message in sender.journal}
    store.close()


def test_s2_19_a_journey_that_goes_on_still_teaches_whoever_bought(tmp_path: Path) -> None:
    store, _ = waiting(tmp_path, PLAN, "thank_you")
    buys(store, "p00001")
    assert sent(store)[0].n_sent == N
    store.close()
