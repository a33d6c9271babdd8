import random
from datetime import timedelta

import ibis
import pyarrow as pa
import pytest

from tests.factories.facts import AS_OF
from tools.profile.edges import KEYS, fifth_edges, fifths
from tools.profile.quintiles import rfm_quintiles


@pytest.mark.parametrize("n", [0, 1, 3, 4, 5, 6, 9, 250])
def test_edges_say_what_ranking_everybody_says(n: int) -> None:
    """Few values, so that most ranks are told apart by a later key."""
    chance = random.Random(n)
    buyers = pa.table(
        {
            "person_id": pa.array(chance.sample([f"p{number}" for number in range(1000)], n), pa.string()),
            "last_order_at": pa.array(
                [AS_OF - timedelta(days=chance.randrange(4)) for _ in range(n)], pa.timestamp("us", tz="UTC")
            ),
            "n_orders": pa.array([chance.randrange(1, 4) for _ in range(n)], pa.int64()),
            "revenue_minor": pa.array([chance.randrange(-1, 3) for _ in range(n)], pa.int64()),
        }
    )
    table = ibis.memtable(buyers)
    ranked = rfm_quintiles(table).order_by("person_id").to_pyarrow()
    told = table.select("person_id", **fifths(table, fifth_edges(buyers))).order_by("person_id").to_pyarrow()
    assert told.select(["person_id", *KEYS]).to_pylist() == ranked.select(["person_id", *KEYS]).to_pylist()
