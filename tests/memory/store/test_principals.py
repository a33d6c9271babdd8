from datetime import timedelta
from pathlib import Path

import pytest

from memory.domain.clock import ManualClock
from memory.domain.errors import InvalidInput, NotFound
from memory.domain.principal import Grant, Principal
from memory.store.engine import Store
from memory.store.principals import SelfGrant

MARKETER = Grant(shop_id="nord", role="marketer")
APPROVER = Grant(shop_id="nord", role="approver")
ANN = Principal(id="ann", name="Ann", grants=(MARKETER, Grant(shop_id="sud", role="viewer")))


@pytest.fixture
def people(store: Store, clock: ManualClock) -> Store:
    with store.unit_of_work() as uow:
        uow.principals.add(ANN, clock.now())
        uow.principals.add(Principal(id="bob", name="Bob"), clock.now())
    return store


def test_a_principal_comes_back_with_its_roles(people: Store) -> None:
    with people.read() as uow:
        assert uow.principals.get("ann") == ANN
        assert [p.id for p in uow.principals.all()] == ["ann", "bob"]
        with pytest.raises(NotFound, match="principal list"):
            uow.principals.get("eve")


def test_an_id_is_taken_once(people: Store, clock: ManualClock) -> None:
    with people.unit_of_work() as uow, pytest.raises(InvalidInput, match="taken"):
        uow.principals.add(ANN, clock.now())


def test_d1_nobody_makes_themselves_an_approver(people: Store, clock: ManualClock) -> None:
    with people.unit_of_work() as uow:
        with pytest.raises(SelfGrant):
            uow.principals.grant("ann", APPROVER, "ann", clock.now())
        assert uow.principals.grant("bob", APPROVER, "ann", clock.now()).may("approve", "nord")


def test_granting_twice_and_revoking_twice_is_quiet(people: Store, clock: ManualClock) -> None:
    with people.unit_of_work() as uow:
        for _ in range(2):
            uow.principals.grant("bob", MARKETER, "ann", clock.now())
        for _ in range(2):
            assert uow.principals.revoke("bob", MARKETER).grants == ()


def test_d3_a_token_is_stored_as_a_hash_only(people: Store, clock: ManualClock, tmp_path: Path) -> None:
    with people.unit_of_work() as uow:
        token = uow.principals.create_token("ann", clock.now() + timedelta(days=1), at=clock.now())
        assert uow.principals.by_token(token, clock.now()) == ANN
        assert "token_hash" not in uow.principals.tokens("ann")[0].model_dump()
    people.close()
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
    assert token.encode() not in kept
    assert token.removeprefix("so_").encode() not in kept


def test_d3_a_token_ends_and_an_unknown_one_is_nobody(people: Store, clock: ManualClock) -> None:
    with people.unit_of_work() as uow:
        token = uow.principals.create_token("ann", clock.now() + timedelta(hours=1), at=clock.now())
        assert uow.principals.by_token(token, clock.now() + timedelta(hours=1)) is None
        assert uow.principals.by_token(token + "x", clock.now()) is None
        assert uow.principals.by_token("", clock.now()) is None
        uow.principals.revoke_token(uow.principals.tokens("ann")[0].id)
        assert uow.principals.by_token(token, clock.now()) is None
        with pytest.raises(InvalidInput, match="past"):
            uow.principals.create_token("ann", clock.now(), at=clock.now())


def test_d3_a_token_is_limited_to_its_scopes_and_shops(people: Store, clock: ManualClock) -> None:
    with people.unit_of_work() as uow:
        token = uow.principals.create_token(
            "ann", clock.now() + timedelta(days=1), at=clock.now(), scopes=("read",), shop_ids=("nord",)
        )
        limited = uow.principals.by_token(token, clock.now())
    assert limited is not None
    assert limited.may("read", "nord")
    assert not limited.may("plan", "nord")
    assert not limited.may("read", "sud")


def test_d1_a_deactivated_principal_may_nothing_and_its_tokens_end(people: Store, clock: ManualClock) -> None:
    with people.unit_of_work() as uow:
        token = uow.principals.create_token("ann", clock.now() + timedelta(days=1), at=clock.now())
        uow.principals.deactivate("ann")
        assert uow.principals.get("ann").grants == ()
        assert uow.principals.by_token(token, clock.now()) is None
