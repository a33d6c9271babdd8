"""From links to people: deterministic, stable, and never through an identifier that everybody shares."""

import random

import pyarrow as pa

from memory.store.identities import LINKS_SCHEMA
from tools.identity.people import MAX_SHARED, resolve_people


def _links(*pairs: tuple[str, str]) -> pa.Table:
    kinds = {"e": "email", "d": "device", "p": "phone", "c": "customer_id"}
    rows = [
        {"id": n, "left_subject": a, "left_kind": kinds[a[0]], "right_subject": b, "right_kind": kinds[b[0]]}
        for n, (a, b) in enumerate(pairs)
    ]
    return pa.Table.from_pylist(rows, schema=LINKS_SCHEMA)


def _people(*pairs: tuple[str, str]) -> dict[str, str]:
    return {row["subject_id"]: row["person_id"] for row in resolve_people(_links(*pairs)).to_pylist()}


def test_s2_10_a_chain_of_links_is_one_person_named_by_the_first() -> None:
    assert _people(("e1", "d1"), ("c1", "d2"), ("e1", "c1")) == {"d1": "e1", "c1": "e1", "d2": "e1"}


def test_s2_10_strangers_stay_strangers() -> None:
    assert _people(("e1", "d1"), ("e2", "d2")) == {"d1": "e1", "d2": "e2"}
    assert _people() == {}


def test_s2_11_the_same_links_give_the_same_people() -> None:
    pairs = [(f"e{random.Random(7).randint(0, 50)}{n % 40}", f"d{n % 77}") for n in range(60)]
    assert _people(*pairs) == _people(*pairs)


def test_s2_10_a_long_chain_ends_in_one_person() -> None:
    pairs = [(f"e{n}", f"c{n}") for n in range(500)] + [(f"c{n}", f"e{n + 1}") for n in range(499)]
    random.Random(3).shuffle(pairs)
    found = _people(*pairs)
    assert set(found.values()) == {pairs[0][0]}
    assert len(found) == 999


def test_s2_10_a_device_that_everybody_uses_joins_nobody() -> None:
    limit = MAX_SHARED["device"]
    shared = [(f"e{n}", "d0") for n in range(limit + 1)]
    assert _people(*shared) == {}
    assert len(_people(*shared[:limit])) == limit


def test_s2_10_the_shared_device_does_not_spoil_other_links() -> None:
    shared = [(f"e{n}", "d0") for n in range(20)]
    assert _people(*shared, ("e1", "c1")) == {"c1": "e1"}
