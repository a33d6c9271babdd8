"""A worker's part: shops are asked for what waits, redemptions are looked at once per state of the facts."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from agent.assembly import App, assemble
from agent.codes.keeping import CodeKeeper
from agent.runs.worker import RunWorker
from agent.settings import load_settings
from memory.domain.clock import ManualClock
from memory.domain.codes import SHOP_TOKEN
from tests.factories.coded import SHOPIFY, CodedShop, a_coded_shop
from tests.servers.http import FaultServer
from tests.servers.shopify import TOKEN, Shopify

pytestmark = pytest.mark.slow


@pytest.fixture
def server() -> Iterator[FaultServer]:
    found = FaultServer(Shopify())
    yield found
    found.stop()


@pytest.fixture
def app(home: Path, clock: ManualClock, server: FaultServer) -> Iterator[App]:
    found = assemble(load_settings(home=home, shopify_url=server.url, channels_allow_loopback=True), clock)
    yield found
    found.close()


@pytest.fixture
def coded(app: App, clock: ManualClock) -> CodedShop:
    found = a_coded_shop(app.store, SHOPIFY)
    clock.set(found.clock.now())
    found.clock = clock
    return found


def test_a_worker_asks_the_shop_and_then_messages_leave(app: App, coded: CodedShop) -> None:
    coded.run()
    worker = RunWorker(app)
    with capture_logs() as said:
        worker.keep_codes()
    assert [line["event"] for line in said] == ["codes_wait"]  # the token is missing: everything waits
    with app.store.unit_of_work() as uow:
        uow.secrets.put("nord", SHOP_TOKEN, TOKEN, "mia", coded.clock.now())
    worker.keep_codes()
    worker.keep_codes()
    coded.later(minutes=1)
    assert coded.run().n_sent == 4


def test_new_facts_are_looked_at_once(app: App, coded: CodedShop) -> None:
    coded.run()
    with app.store.unit_of_work() as uow:
        uow.codes.confirm([grant["id"] for grant in coded.grants()], coded.clock.now())
    keeper, first = CodeKeeper(app), coded.grants()[0]
    keeper.keep("nord")
    coded.buy(app.lake, *({"person": first["person_id"], "code": first["code"], "order_ref": f"#{n}"} for n in "123"))
    keeper.keep("nord")
    keeper.keep("nord")
    with app.store.read() as uow:
        assert [(one.kind, one.n) for one in uow.code_alarms.all("nord")] == [("reused", 2)]
        assert [one.code for one in uow.alerts.all("nord")] == ["redemptions"]
