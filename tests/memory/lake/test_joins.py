"""Looking up columns by key leaves every row where it was."""

import pyarrow as pa

from memory.lake.joins import looked_up
from memory.lake.view import LakeView


def test_rows_keep_their_place_and_those_without_a_match_get_nulls() -> None:
    with LakeView({}) as view:
        people = view.memory_table("people_here", pa.table({"who": ["a", "b"], "where": ["DE", "US"]}))
        known = view.memory_table("known_here", pa.table({"who": ["a", "b"], "where": ["DE", "DE"], "n": [1, 2]}))
        found = looked_up(people, known, "who", "where")
        assert found.columns == ("who", "where", "n")
        assert found.order_by("who").to_pyarrow().to_pylist() == [
            {"who": "a", "where": "DE", "n": 1},
            {"who": "b", "where": "US", "n": None},
        ]
