import pytest

from agent.sign_in import passwords
from agent.sign_in.passwords import WrongSignIn, hash_of, matches, set_password, sign_in, sign_in_by_token
from memory.domain.clock import ManualClock
from memory.domain.errors import InvalidInput, NotPermitted
from memory.domain.principal import Grant, Principal, Role
from memory.store.engine import Store

GOOD = "correct horse battery"


def _person(name: str, *roles: Role, kind: str = "human") -> Principal:
    grants = tuple(Grant(shop_id="nord", role=role) for role in roles)
    return Principal.model_validate({"id": name, "name": name, "kind": kind, "grants": grants})


BOSS, MIA, AVA = _person("boss", "admin"), _person("mia", "marketer"), _person("ava", "approver")


@pytest.fixture
def people(store: Store, clock: ManualClock) -> Store:
    with store.unit_of_work() as uow:
        for one in (BOSS, MIA, AVA, _person("bot", "agent", kind="agent")):
            uow.principals.add(one, clock.now(), "system")
        set_password(uow, MIA, "mia", GOOD, clock.now())
    return store


def test_d3_only_an_argon2id_hash_is_kept(people: Store) -> None:
    with people.read() as uow:
        kept = uow.sign_ins.credential("mia")
    assert kept is not None
    assert kept.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert GOOD not in str(kept)
    assert matches(GOOD, kept.password_hash)
    assert not matches(GOOD + " ", kept.password_hash)
    assert not matches(GOOD, "no hash at all")
    assert hash_of(GOOD) != hash_of(GOOD)


def test_d2_signing_in_opens_a_new_session_and_ends_the_planted_one(people: Store, clock: ManualClock) -> None:
    planted = sign_in(people, clock, "mia", GOOD)
    mine = sign_in(people, clock, "mia", GOOD, planted)
    assert mine != planted
    with people.read() as uow:
        assert uow.sign_ins.principal(planted, clock.now()) is None
        found = uow.sign_ins.principal(mine, clock.now())
    assert found is not None
    assert found.id == "mia"


def test_d3_every_wrong_pair_gets_the_same_answer_and_costs_one_hash(
    people: Store, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unknown, without a password, deactivated, or wrong: nothing in the words or in the work says which."""
    with people.unit_of_work() as uow:
        uow.principals.add(_person("old", "marketer"), clock.now())
        set_password(uow, _person("old", "marketer"), "old", GOOD, clock.now())
        uow.principals.deactivate("old")
    passwords._nobody()
    asked: list[str] = []
    real = passwords.matches

    def watched(text: str, kept: str) -> bool:
        asked.append(kept)
        return real(text, kept)

    monkeypatch.setattr(passwords, "matches", watched)
    answers = set()
    for name, password in (("mia", "wrong"), ("nobody", GOOD), ("ava", GOOD), ("old", GOOD), ("", ""), ("mia'--", "x")):
        with pytest.raises(WrongSignIn) as caught:
            sign_in(people, clock, name, password)
        answers.add(str(caught.value))
    assert len(answers) == 1
    assert len(asked) == 6
    assert {kept.split("$")[3] for kept in asked} == {"m=19456,t=2,p=1"}


def test_d3_what_was_typed_as_a_name_is_not_logged(people: Store, clock: ManualClock) -> None:
    with pytest.raises(WrongSignIn):
        sign_in(people, clock, "my-secret-password", "x")
    with people.read() as uow:
        entry = uow.audit.head()
    assert entry is not None
    assert (entry.action, entry.subject) == ("sign_in.refused", "principal:(unknown)")


def test_d3_weak_passwords_and_machines_are_refused(people: Store, clock: ManualClock) -> None:
    with people.unit_of_work() as uow:
        for password in ("short", "x" * 300, "mia mia mia mia"):
            with pytest.raises(InvalidInput):
                set_password(uow, MIA, "mia", password, clock.now())
        with pytest.raises(InvalidInput):
            set_password(uow, BOSS, "bot", GOOD, clock.now())


def test_d1_nobody_chooses_an_approver_s_password(people: Store, clock: ManualClock) -> None:
    with people.unit_of_work() as uow:
        with pytest.raises(NotPermitted):
            set_password(uow, BOSS, "ava", GOOD, clock.now())
        with pytest.raises(NotPermitted):
            set_password(uow, MIA, "boss", GOOD, clock.now())
        set_password(uow, AVA, "ava", GOOD, clock.now())
        set_password(uow, BOSS, "mia", GOOD + "!", clock.now())
    assert sign_in(people, clock, "ava", GOOD)
    assert sign_in(people, clock, "mia", GOOD + "!")


def test_d2_an_ended_token_opens_no_session(people: Store, clock: ManualClock) -> None:
    from datetime import timedelta

    with people.unit_of_work() as uow:
        token = uow.principals.create_token("mia", clock.now() + timedelta(hours=1), at=clock.now())
    assert sign_in_by_token(people, clock, token)
    clock.advance(timedelta(hours=2))
    for bad in (token, "so_wrong", ""):
        with pytest.raises(WrongSignIn):
            sign_in_by_token(people, clock, bad)
