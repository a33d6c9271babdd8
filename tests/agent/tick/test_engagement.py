from datetime import UTC, datetime, timedelta

import pyarrow as pa

from agent.tick.engagement import with_engagement
from agent.tick.messages import MESSAGES_SCHEMA
from memory.domain.facts import LAKE_SCHEMAS
from memory.lake.lake import Lake
from memory.store.instants import to_micros
from tests.factories.facts import Facts

AT = datetime(2026, 12, 1, tzinfo=UTC)


def test_the_last_deed_of_a_person_counts_and_software_does_not(lake: Lake) -> None:
    facts = Facts()
    facts.event("a", AT, "mail_open", shop_id="nord")
    facts.event("a", AT + timedelta(days=1), "mail_open", shop_id="nord", is_machine=True)
    facts.event("b", AT, "bounce", shop_id="nord")
    facts.add("orders", AT + timedelta(days=2), subject_id="c", shop_id="nord")
    versions = {
        name: lake.append(name, pa.Table.from_pylist(rows, LAKE_SCHEMAS[name])) for name, rows in facts.rows.items()
    }
    with lake.open(versions, ["nord"]) as view:
        blank = {field.name: 0 if field.type == pa.int64() else "" for field in MESSAGES_SCHEMA}
        messages = pa.Table.from_pylist([{**blank, "person_id": person} for person in "abca"], MESSAGES_SCHEMA)
        found = with_engagement(messages, view)
        assert found.schema == MESSAGES_SCHEMA
        assert with_engagement(messages.slice(0, 0), view).num_rows == 0
    assert found["engaged_at"].to_pylist()[:3] == [to_micros(AT), 0, to_micros(AT + timedelta(days=2))]
    assert found["engaged_at"][3] == found["engaged_at"][0]
