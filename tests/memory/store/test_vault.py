import stat
from pathlib import Path

import pytest

from memory.store.vault import KeyFile, Undecryptable, Vault


def test_d8_what_is_sealed_opens_only_in_its_context() -> None:
    vault = Vault([b"a" * 32])
    sealed = vault.seal("sk-canary", "nord", "twilio")
    assert "canary" not in sealed
    assert sealed != vault.seal("sk-canary", "nord", "twilio")  # a fresh nonce each time
    assert vault.open(sealed, "nord", "twilio") == "sk-canary"
    for context in (("sud", "twilio"), ("nord", "other"), ("nord",), ("nordtwilio",)):
        with pytest.raises(Undecryptable):
            vault.open(sealed, *context)


def test_d8_every_changed_letter_is_noticed() -> None:
    vault = Vault([b"a" * 32])
    sealed = vault.seal("k", "nord", "twilio")
    body = sealed.rindex(".") + 1
    n_caught = 0
    for place in range(len(sealed)):
        changed = sealed[:place] + ("A" if sealed[place] != "A" else "B") + sealed[place + 1 :]
        with pytest.raises(Undecryptable):
            vault.open(changed, "nord", "twilio")
        n_caught += place >= body
    assert n_caught > 20


def test_d8_a_former_key_still_opens_and_a_missing_one_does_not() -> None:
    old, new = Vault([b"o" * 32]), Vault([b"n" * 32, b"o" * 32])
    sealed = old.seal("k", "x")
    assert new.open(sealed, "x") == "k"
    assert not new.is_current(sealed)
    with pytest.raises(Undecryptable, match="SECRET_KEY_BEFORE"):
        Vault([b"n" * 32]).open(sealed, "x")


def test_d8_nothing_of_a_key_shows() -> None:
    assert "canary" not in repr(Vault([b"canary" * 8]))


def test_d8_the_key_file_is_its_owner_s_and_keeps_the_former_key_until_told(tmp_path: Path) -> None:
    file = KeyFile(tmp_path / "secrets.key")
    (first,) = file.read()
    assert file.read() == (first,)
    assert stat.S_IMODE((tmp_path / "secrets.key").stat().st_mode) == 0o600
    fresh, former = file.add()
    assert former == first
    file.keep_newest()
    assert file.read() == (fresh,)
    assert stat.S_IMODE((tmp_path / "secrets.key").stat().st_mode) == 0o600
