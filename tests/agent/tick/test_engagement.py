from datetime import UTC, datetime, timedelta

import pyarrow as pa

from agent.tick.engagement import with_engagement
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
        rows = with_engagement([{"person_id": person} for person in "abc"], view)
        assert with_engagement([], view) == []
    assert [row["engaged_at"] for row in rows] == [to_micros(AT), 0, to_micros(AT + timedelta(days=2))]
