"""Existing customers: only those who qualify get the permission, it is dated and sourced, and it lapses by itself."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest

from agent.consents.existing import MONTH, Basis, state_basis
from memory.domain.consent import ConsentEvent
from memory.domain.errors import InvalidInput
from memory.lake.lake import Lake
from memory.store.engine import Store
from tests.factories.doing import ORDERED_AT, a_world
from tools.consent import load_policies
from tools.facts import open_facts

pytestmark = pytest.mark.slow
AT = datetime(2026, 12, 1, 9, tzinfo=UTC)
SOURCE = "terms of sale of 2025-01-01; vouched for by ada"


def event(status: str, **more: Any) -> ConsentEvent:
    values = {"channel": "email", "status": status, "at": AT - timedelta(days=9), "method": "form", "source": "shop"}
    return ConsentEvent.model_validate(values | more)


@pytest.fixture
def world(store: Store, lake: Lake) -> list[str]:
    """Twenty people, the even ones German: nobody permits mail, and six of them stand otherwise, one is erased."""
    people = a_world(store, lake, 20).people
    with store.unit_of_work() as uow:
        uow.person_state.upsert("nord", pa.table({"person_id": people, "consent_email": [False] * len(people)}))
        for person, changes in (
            ("p00002", {"is_suppressed_email": [True]}),
            ("p00004", {"last_order_at": pa.array([AT - 25 * MONTH], pa.timestamp("us", "UTC"))}),
            ("p00006", {"consent_email": [True]}),
        ):
            uow.person_state.upsert("nord", pa.table({"person_id": [person], **changes}))
        uow.person_state.erase("nord", "p00008")
        uow.consents.add_events("nord", [("p00010", event("revoked")), ("p00012", event("pending"))])
    return people


def stated(store: Store, lake: Lake, market: str = "DE", *, dry_run: bool = False, at: datetime = AT) -> Basis:
    with open_facts(store, lake, ["nord"]) as view, store.unit_of_work() as uow:
        policy = load_policies().of(market)
        return state_basis(uow, view, "nord", market, "email", policy, SOURCE, at, dry_run=dry_run)


def permitted(store: Store) -> set[str]:
    with store.read() as uow:
        return {row["person_id"] for row in uow.person_state.get("nord").to_pylist() if row["consent_email"]}


@pytest.mark.usefixtures("world")
def test_only_who_qualifies_gets_it_and_everybody_else_is_counted_with_the_reason(store: Store, lake: Lake) -> None:
    rehearsed = stated(store, lake, dry_run=True)
    assert permitted(store) == {"p00006"}
    found = stated(store, lake)
    assert found == rehearsed.model_copy(update={"is_dry_run": False})
    assert (found.n_people, found.n_granted) == (9, 4)
    assert found.left_out == {
         "suppressed": 1, "objected": 1, "awaits_confirmation": 1, "has_permission": 1,
        "no_recent_purchase": 1,
    }  # fmt: skip
    assert permitted(store) == {"p00006", "p00000", "p00014", "p00016", "p00018"}


@pytest.mark.usefixtures("world")
def test_each_statement_is_dated_sourced_and_lapses_by_itself(store: Store, lake: Lake) -> None:
    found = stated(store, lake)
    until = ORDERED_AT + 24 * MONTH
    assert found.first_lapses_at == until
    with store.read() as uow:
        (said,) = uow.consents.ledger("nord", "p00000")
        assert uow.consents.lapsed("nord", ["p00000"], until - timedelta(seconds=1)) == set()
        assert uow.consents.lapsed("nord", ["p00000"], until) == {("p00000", "email")}
    assert (said.method, said.source, said.at, said.valid_until) == ("existing_customer", SOURCE, AT, until)
    assert said.wording_id == "existing-customer/DE@2026-11-26"
    assert "similar goods" in said.wording


@pytest.mark.usefixtures("world")
def test_again_changes_nothing_and_after_a_new_purchase_a_lapsed_basis_comes_back(store: Store, lake: Lake) -> None:
    stated(store, lake)
    assert stated(store, lake).n_granted == 0
    later = ORDERED_AT + 25 * MONTH
    assert stated(store, lake, at=later).n_granted == 0  # lapsed, and nobody bought since
    with store.unit_of_work() as uow:
        bought = pa.array([later - MONTH], pa.timestamp("us", "UTC"))
        uow.person_state.upsert("nord", pa.table({"person_id": ["p00000"], "last_order_at": bought}))
    assert stated(store, lake, at=later).n_granted == 1


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("market", ["US", "CN", "XX"])
def test_a_market_whose_policy_does_not_know_it_is_refused(store: Store, lake: Lake, market: str) -> None:
    before = permitted(store)
    with pytest.raises(InvalidInput, match="knows no existing-customer basis"):
        stated(store, lake, market)
    assert permitted(store) == before
