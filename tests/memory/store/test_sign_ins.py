from datetime import timedelta

import pytest
from sqlalchemy import text

from memory.domain.clock import ManualClock
from memory.domain.errors import InvalidInput
from memory.domain.principal import Grant, Principal
from memory.store.engine import Store
from memory.store.sign_ins import SESSION_IDLE, SESSION_LIFE

MARKETER = Grant(shop_id="nord", role="marketer")
APPROVER = Grant(shop_id="nord", role="approver")


@pytest.fixture
def known(any_store: Store, clock: ManualClock) -> Store:
    with any_store.unit_of_work() as uow:
        uow.principals.add(Principal(id="ann", name="Ann", grants=(MARKETER,)), clock.now(), "boss")
    return any_store


def _open(store: Store, clock: ManualClock) -> str:
    with store.unit_of_work() as uow:
        return uow.sign_ins.open("ann", "password", clock.now())


def _who(store: Store, clock: ManualClock, session_id: str) -> str:
    with store.read() as uow:
        found = uow.sign_ins.principal(session_id, clock.now())
    return found.id if found else ""


def test_d2_only_the_hash_of_a_session_is_kept(known: Store, clock: ManualClock) -> None:
    session_id = _open(known, clock)
    assert len(session_id) >= 43
    assert _who(known, clock, session_id) == "ann"
    assert _who(known, clock, session_id[:-1]) == ""
    with known.read() as uow:
        rows = uow.session.connection().execute(text("SELECT * FROM browser_session")).all()
    assert session_id not in str(rows)


def test_d2_a_session_ends_after_its_life_and_after_idling(known: Store, clock: ManualClock) -> None:
    session_id = _open(known, clock)
    clock.advance(SESSION_IDLE - timedelta(seconds=1))
    assert _who(known, clock, session_id) == "ann"
    with known.unit_of_work() as uow:
        uow.sign_ins.seen(session_id, clock.now())
    clock.advance(timedelta(minutes=5))
    assert _who(known, clock, session_id) == "ann"
    clock.advance(SESSION_IDLE)
    assert _who(known, clock, session_id) == ""
    other = _open(known, clock)
    for _ in range(13):
        clock.advance(timedelta(hours=1))
        with known.unit_of_work() as uow:
            uow.sign_ins.seen(other, clock.now())
    assert timedelta(hours=13) > SESSION_LIFE
    assert _who(known, clock, other) == ""


def test_d2_signing_out_ends_the_session_on_the_server(known: Store, clock: ManualClock) -> None:
    session_id = _open(known, clock)
    with known.unit_of_work() as uow:
        assert uow.sign_ins.end(session_id)
        assert not uow.sign_ins.end(session_id)
    assert _who(known, clock, session_id) == ""


@pytest.mark.parametrize("change", ["grant", "revoke", "deactivate", "password"])
def test_d2_every_change_of_rights_ends_the_sessions(known: Store, clock: ManualClock, change: str) -> None:
    session_id = _open(known, clock)
    with known.unit_of_work() as uow:
        if change == "grant":
            uow.principals.grant("ann", Grant(shop_id="nord", role="evaluator"), "boss", clock.now())
        elif change == "revoke":
            uow.principals.revoke("ann", MARKETER)
        elif change == "deactivate":
            uow.principals.deactivate("ann")
        else:
            uow.sign_ins.set_password("ann", "hash", "ann", clock.now())
    assert _who(known, clock, session_id) == ""


def test_d3_a_session_opened_by_a_token_has_its_limits_and_ends_with_it(known: Store, clock: ManualClock) -> None:
    with known.unit_of_work() as uow:
        token = uow.principals.create_token("ann", clock.now() + timedelta(hours=1), at=clock.now(), scopes=("read",))
        session_id = uow.sign_ins.open("ann", "token", clock.now(), token)
    with known.read() as uow:
        found = uow.sign_ins.principal(session_id, clock.now())
    assert found is not None
    assert found.may("read", "nord")
    assert not found.may("plan", "nord")
    clock.advance(timedelta(hours=1))
    assert _who(known, clock, session_id) == ""


def test_d1_what_others_made_for_a_new_approver_ends(known: Store, clock: ManualClock) -> None:
    """Else an admin makes a token or a password for somebody, makes them an approver, and has four eyes."""
    with known.unit_of_work() as uow:
        token = uow.principals.create_token("ann", clock.now() + timedelta(days=1), at=clock.now())
        uow.sign_ins.set_password("ann", "hash", "boss", clock.now())
        uow.principals.grant("ann", APPROVER, "boss", clock.now())
        assert uow.principals.by_token(token, clock.now()) is None
        assert uow.sign_ins.credential("ann") is None
        uow.sign_ins.set_password("ann", "own", "ann", clock.now())
        uow.principals.grant("ann", Grant(shop_id="sud", role="approver"), "boss", clock.now())
        assert uow.sign_ins.credential("ann") is not None  # her own stays


def test_one_outside_identity_is_one_principal(known: Store, clock: ManualClock) -> None:
    with known.unit_of_work() as uow:
        uow.principals.add(Principal(id="bob", name="Bob"), clock.now())
        uow.sign_ins.link("https://id.example", "sub-1", "ann", "boss", clock.now())
        uow.sign_ins.link("https://id.example", "sub-1", "ann", "boss", clock.now())
        assert uow.sign_ins.linked("https://id.example", "sub-1") == "ann"
        assert uow.sign_ins.linked("https://other.example", "sub-1") == ""
        with pytest.raises(InvalidInput):
            uow.sign_ins.link("https://id.example", "sub-1", "bob", "boss", clock.now())


def test_who_was_deactivated_gets_no_role_any_more(known: Store, clock: ManualClock) -> None:
    with known.unit_of_work() as uow:
        uow.principals.deactivate("ann")
        for grant in (MARKETER, APPROVER):
            with pytest.raises(InvalidInput, match="deactivated"):
                uow.principals.grant("ann", grant, "boss", clock.now())
