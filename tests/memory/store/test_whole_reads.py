"""No statement of a dispatch, a tick, a trigger run or a flush reads all of a shop or plan unawares.

SQLite keeps no statistics here, so it may prefer an index on the shop to one on the person; its own plans are asked.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from agent.dispatch import dispatch
from agent.tick import tick
from memory.store.engine import Store
from tests.agent.trigger.test_run import Running
from tests.factories.doing import LIVE_AT
from tests.factories.live_world import KEY
from tools.channels.memory import MemorySender

from .plans_of_statements import Heard, listening, reads_too_much

pytestmark = pytest.mark.slow
ONCE_A_TICK = {
    ("outbox", "coalesce(nullif(outbox.claimed_at"): "all people are decided about, in columns",
    ("outbox", "outbox.notice_sku"): "the same",
    ("outbox", "DISTINCT outbox.person_id, outbox.step_id"): "the same, of steps that wait",
    ("preference", "preference.topics_off"): "the same",
    ("risk_band", "SELECT risk_band.person_id"): "who was in a band before is compared with who is now",
    ("outbox", "DISTINCT consent_event.send_key"): "leavers are counted again; triggers use what a tick counted",
    ("consent_event", "DISTINCT consent_event.send_key"): "the same",
    ("assignment", "assignment.arm = ? ORDER BY"): "why orders had no first touch: whom the standing core withholds",
}
ANYWHERE = {
    ("decision_batch", "ORDER BY decision_batch.covers_until DESC"): "the index gives its newest row, and no other",
    ("outbox", "outbox.lease_until <= ?"): "claims that stand now: as many as workers hold at once",
    ("outbox", "outbox.lease_until > ?"): "the same",
    ("outbox", "sum(outbox.cost_millis)"): "what a plan's waiting messages cost; read from the index alone",
    ("outbox", "outbox.offer_id, count(*)"): "offers with a limit only, so as many as the limit; from the index alone",
}
"""(table, part of the statement) that may read whole, with the reason."""


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    found = Running(tmp_path)
    yield found
    found.store.close()


def unexpected(store: Store, heard: Heard, *allowed: dict[tuple[str, str], str]) -> list[tuple[str, str]]:
    known = [key for some in allowed for key in some]
    return [
        (table, statement)
        for table, statement in reads_too_much(store.engine, heard)
        if not any(table == of and part in statement for of, part in known)
    ]


def test_s2_03_a_tick_reads_whole_what_it_decides_about_and_nothing_else(running: Running) -> None:
    with listening(running.store.engine) as heard:
        made = tick(running.store, running.lake, running.clock, KEY, "nord", LIVE_AT, seed=1, slot=timedelta(days=2))
    assert made.n_planned > 0
    assert unexpected(running.store, heard, ONCE_A_TICK, ANYWHERE) == []


def test_s2_44_a_dispatch_reads_its_messages_and_people_only(running: Running) -> None:
    tick(running.store, running.lake, running.clock, KEY, "nord", LIVE_AT, seed=1, slot=timedelta(days=2))
    running.at(1 + 10 / 24)
    with listening(running.store.engine) as heard:
        report = dispatch(running.store, {"email": MemorySender(running.clock)}, running.clock, KEY, "nord")
    assert report.n_sent > 0
    assert unexpected(running.store, heard, ANYWHERE) == []


def test_s2_03_a_flush_and_a_trigger_run_read_their_people_only(running: Running) -> None:
    tick(running.store, running.lake, running.clock, KEY, "nord", LIVE_AT, seed=1, slot=timedelta(days=2))
    running.at(2)
    with listening(running.store.engine) as heard:
        running.did(running.treated[0], "delivery")
        assert running.decide().n_planned == 1
    assert unexpected(running.store, heard, ANYWHERE) == []


def test_a_statement_that_reads_a_shop_or_a_plan_is_noticed(running: Running) -> None:
    many = ", ".join(f"'p{number}'" for number in range(60))
    planted = (
        f"SELECT person_id FROM outbox WHERE shop_id = 'nord' AND person_id IN ({many}) AND notice_sku != '' "
        "AND state IN ('claimed', 'sent', 'unknown') AND claimed_at > 0",
        "SELECT count(*) FROM outbox",
        "SELECT send_key FROM outbox WHERE plan_id = 'x' AND state = 'sent'",
        "SELECT person_id FROM assignment WHERE shop_id = 'nord' AND experiment_id = 'x'",
    )
    fine = "SELECT person_id FROM outbox WHERE person_id IN ('p1') AND state IN ('sent')"
    with listening(running.store.engine) as heard, running.store.read() as uow:
        for statement in (*planted, fine):
            uow.session.connection().execute(text(statement))
    assert {statement for _, statement in unexpected(running.store, heard)} == set(planted)
