"""The encryption of a backup: what comes out is what went in, and not one byte may be other."""

import io
import os

import pytest

from agent.backup.sealed import (
    CHUNK_BYTES,
    MAGIC,
    TAG_BYTES,
    BrokenSeal,
    SealingFile,
    UnsealingFile,
    WrongKey,
    is_sealed,
)

KEY, OTHER = b"k" * 32, b"o" * 32
HEAD_BYTES = len(MAGIC) + 12 + 16


def sealed(content: bytes, piece: bytes = KEY) -> bytes:
    raw = io.BytesIO()
    with SealingFile(raw, piece) as file:
        for start in range(0, len(content), 300_000):
            file.write(content[start : start + 300_000])
    return raw.getvalue()


def opened(whole: bytes, *ring: bytes) -> bytes:
    raw = io.BytesIO(whole)
    assert is_sealed(raw)
    with UnsealingFile(raw, ring or (KEY,)) as file:
        return file.read()


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES + 17])
def test_what_comes_out_is_what_went_in_at_every_size(size: int) -> None:
    content = os.urandom(size)
    whole = sealed(content)
    assert opened(whole) == content
    assert len(whole) == HEAD_BYTES + size + TAG_BYTES * max(1, -(-size // CHUNK_BYTES))


def test_nothing_of_the_content_is_readable_and_the_same_content_is_never_the_same_file() -> None:
    content = b"ann@people.example.invalid" * 100
    first, second = sealed(content), sealed(content)
    assert content[:26] not in first
    assert first != second


def test_another_key_opens_nothing_and_the_former_one_does() -> None:
    with pytest.raises(WrongKey):
        opened(sealed(b"x"), OTHER)
    assert opened(sealed(b"x"), OTHER, KEY) == b"x"


@pytest.mark.parametrize("place", [HEAD_BYTES - 1, HEAD_BYTES, HEAD_BYTES + CHUNK_BYTES + TAG_BYTES + 5, -1])
def test_one_changed_bit_is_noticed(place: int) -> None:
    whole = bytearray(sealed(b"y" * (CHUNK_BYTES + 100)))
    whole[place] ^= 1
    with pytest.raises(BrokenSeal):
        opened(bytes(whole))


def test_a_file_cut_at_a_chunk_or_with_chunks_changed_about_is_noticed() -> None:
    step = CHUNK_BYTES + TAG_BYTES
    whole = sealed(b"z" * (3 * CHUNK_BYTES))
    head, chunks = whole[:HEAD_BYTES], [whole[HEAD_BYTES + n * step : HEAD_BYTES + (n + 1) * step] for n in range(3)]
    for other in (chunks[:2], [chunks[1], chunks[0], chunks[2]], [*chunks, chunks[2]]):
        with pytest.raises(BrokenSeal):
            opened(head + b"".join(other))


def test_a_plain_file_is_told_from_an_encrypted_one() -> None:
    raw = io.BytesIO(b"\x1f\x8b plain")
    assert not is_sealed(raw)
    assert raw.read(2) == b"\x1f\x8b"
