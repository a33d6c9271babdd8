"""Identity across files: the three-device history, the log of links, and the way back."""

from typing import Any

import pytest

from tests.factories.imports import Intaker
from tools.identity.unmerge import restore_link, reverse_link

pytestmark = pytest.mark.slow

LAPTOP = [
    {"id": "b1", "at": "2026-01-02T09:00:00+01:00", "kind": "view", "device_id": "laptop-7", "sku": "SHOE-1"},
    {"id": "b2", "at": "2026-01-02T09:05:00+01:00", "kind": "cart", "device_id": "laptop-7", "sku": "SHOE-1"},
]
APP = [
    {"id": "a1", "at": "2026-01-03T20:00:00+01:00", "kind": "app_open", "device_id": "phone-3", "customer_id": "77"},
    {"id": "a2", "at": "2026-01-03T20:01:00+01:00", "kind": "app_open", "device_id": "laptop-7", "customer_id": "77"},
]
STORE = [
    {
        "id": "s1",
        "at": "2026-01-05T11:00:00+01:00",
        "kind": "checkout",
        "email": "Ann@Example.com",
        "customer_id": "77",
    },
]


def _history(intaker: Intaker) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in intaker.rows("events"):
        found.setdefault(row["person_id"], []).append(row["kind"])
    return found


def _links(intaker: Intaker) -> list[Any]:
    with intaker.store.read() as uow:
        everyone = {row["left_subject"] for row in uow.identities.links().to_pylist()}
        return uow.identities.links_of(everyone)


def test_s2_10_laptop_app_and_store_are_one_person_in_order(intaker: Intaker) -> None:
    intaker.events(*LAPTOP)
    assert len(_history(intaker)) == 1
    intaker.events(*STORE)
    assert len(_history(intaker)) == 2
    intaker.events(*APP)
    assert list(_history(intaker).values()) == [["view", "cart", "app_open", "app_open", "checkout"]]


def test_s2_10_the_order_of_the_files_does_not_matter(intaker: Intaker) -> None:
    for rows in (APP, STORE, LAPTOP):
        intaker.events(*rows)
    assert list(_history(intaker).values()) == [["view", "cart", "app_open", "app_open", "checkout"]]


def test_s2_11_every_link_is_logged_with_rule_and_file(intaker: Intaker) -> None:
    report = intaker.events(*LAPTOP, *APP, *STORE)
    links = _links(intaker)
    assert report.n_links == len(links) == 3
    assert {link.rule for link in links} == {
        "customer_id and device on one record",
        "email and customer_id on one record",
    }
    assert {link.source for link in links} == {"events:events.jsonl"}
    assert "ann" not in str([link.model_dump() for link in links]).lower()


def test_s2_10_a_wrong_link_can_be_taken_back_and_stays_back(intaker: Intaker) -> None:
    intaker.events(*LAPTOP, *APP, *STORE)
    (wrong,) = [link for link in _links(intaker) if link.left_kind == "email"]
    version = reverse_link(intaker.store, intaker.lake, wrong.id, intaker.clock, "mia")
    assert sorted(_history(intaker).values()) == [["checkout"], ["view", "cart", "app_open", "app_open"]]
    intaker.events(*STORE, {**STORE[0], "id": "s2"})
    assert len(_history(intaker)) == 2
    assert [link.reversed_by for link in _links(intaker) if link.id == wrong.id] == ["mia"]
    with intaker.store.read() as uow, intaker.lake.open(uow.versions.get(version - 1).tables) as view:
        assert len(set(view.table("events").to_pyarrow()["person_id"].to_pylist())) == 1
    restore_link(intaker.store, intaker.lake, wrong.id, intaker.clock)
    assert len(_history(intaker)) == 1


def test_s2_10_a_merge_brings_consent_and_state_together(intaker: Intaker) -> None:
    intaker.consent(
        {"at": "2026-01-01T10:00:00Z", "email": "ann@example.com", "channel": "email", "status": "granted"},
        {"at": "2026-01-02T10:00:00Z", "customer_id": "77", "channel": "email", "status": "revoked"},
    )
    before = intaker.state()
    assert sorted(row["consent_email"] for row in before.values()) == [False, True]
    intaker.events(*STORE)
    after = intaker.state()
    assert not any(row["consent_email"] for row in after.values())


def test_s2_10_ids_of_another_shop_are_another_person(intaker: Intaker) -> None:
    other = intaker.shop.model_copy(update={"shop_id": "other"})
    with intaker.store.unit_of_work() as uow:
        uow.shops.add(other)
    intaker.events({**APP[0], "id": "x1"})
    intaker._replace(shop=other).events({**APP[0], "id": "x1"})
    (mine,) = intaker.rows("events")
    (theirs,) = intaker._replace(shop=other).rows("events")
    assert mine["person_id"] != theirs["person_id"]
