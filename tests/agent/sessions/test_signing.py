"""A signature binds every file to one installation; who it is, a reader has to know from elsewhere."""

import pytest

from agent.sessions.chain import SessionTampered
from agent.sessions.signing import UnknownSigner, check_signature, fingerprint_of, parse_signature, sign

KEY, OTHER = b"a key for tests only, 32 bytes..", b"the key of another installation."
FILES = {"session.json": b"{}\n", "cassette.yaml": b""}


def test_dc_09_a_machine_without_the_key_checks_the_signature() -> None:
    found = parse_signature("s", sign(KEY, "s", FILES))
    check_signature(found, FILES, [fingerprint_of(KEY)])
    assert [link.name for link in found.links] == ["session.json", "cassette.yaml"]
    assert found.links[1].previous == found.links[0].hash


def test_c7_a_stranger_is_named_and_refused() -> None:
    found = parse_signature("s", sign(OTHER, "s", FILES))
    with pytest.raises(UnknownSigner, match=f"--trust {fingerprint_of(OTHER)}"):
        check_signature(found, FILES, [fingerprint_of(KEY)])


def test_c7_changed_renamed_missing_and_further_files_are_seen() -> None:
    found = parse_signature("s", sign(KEY, "s", FILES))
    for files in (
        {**FILES, "cassette.yaml": b"x"},
        {"cassette.yaml": b"", "session.json": b"{}\n"},
        {"session.json": b"{}\n"},
        {**FILES, "inputs.parquet": b""},
    ):
        with pytest.raises(SessionTampered, match="not the signed ones"):
            check_signature(found, files, [fingerprint_of(KEY)])


def test_c7_every_changed_byte_of_a_signature_is_refused() -> None:
    raw = sign(KEY, "s", FILES)
    passed = []
    for at in range(len(raw)):
        for mutant in (raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :], raw[:at] + raw[at + 1 :], _upper(raw, at)):
            if mutant != raw and not _refused(mutant):
                passed.append(at)
    assert passed == []


def _upper(raw: bytes, at: int) -> bytes:
    return raw[:at] + raw[at : at + 1].upper() + raw[at + 1 :]


def _refused(raw: bytes) -> bool:
    try:
        check_signature(parse_signature("s", raw), FILES, [fingerprint_of(KEY)])
    except (SessionTampered, UnknownSigner):
        return True
    return False
