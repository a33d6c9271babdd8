"""Encryption of a backup while it is written and read: chunks of AES-256-GCM under a key of the file's own.

The file begins with `MAGIC`, the public name of the key (12 characters) and 16 random bytes, from which HKDF-SHA-256
makes the file's key. Each chunk's nonce is its number and whether it is the last one (the STREAM construction: Hoang,
Reyhanitabar, Rogaway, Vizár, CRYPTO 2015), so that a file that was cut, reordered or changed does not open.
"""

import io
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from memory.store.vault import key_id

if TYPE_CHECKING:
    from typing_extensions import Buffer

MAGIC = b"second-order sealed backup 1\n"
KEY_ID_CHARS, SALT_BYTES, KEY_BYTES, TAG_BYTES = 12, 16, 32, 16
CHUNK_BYTES = 1 << 20


class WrongKey(Exception):
    """None of the keys at hand is the one the file was written with; `args[0]` names that one."""


class BrokenSeal(ValueError):
    """A byte of the file was changed, or its end is missing."""


class SealingFile(io.RawIOBase):
    """A file to write to; what arrives in `raw` is encrypted. Whole only once it was closed."""

    def __init__(self, raw: BinaryIO, piece: bytes) -> None:
        """Begin with the head; `piece` is the key material."""
        salt = os.urandom(SALT_BYTES)
        raw.write(MAGIC + key_id(piece).encode("ascii") + salt)
        self._raw, self._cipher = raw, _cipher(piece, salt)
        self._held, self._n_chunks = bytearray(), 0

    def writable(self) -> bool:
        """Say that it can be written."""
        return True

    def write(self, content: "Buffer", /) -> int:
        """Take bytes; one chunk is held back, as only the end knows which is the last."""
        with memoryview(content) as view:
            self._held += view
            taken = view.nbytes
        while len(self._held) > CHUNK_BYTES:
            self._seal(bytes(self._held[:CHUNK_BYTES]), is_last=False)
            del self._held[:CHUNK_BYTES]
        return taken

    def close(self) -> None:
        """Write the last chunk."""
        if not self.closed:
            self._seal(bytes(self._held), is_last=True)
        super().close()

    def _seal(self, content: bytes, *, is_last: bool) -> None:
        self._raw.write(self._cipher.encrypt(_nonce(self._n_chunks, is_last), content, MAGIC))
        self._n_chunks += 1


class UnsealingFile(io.RawIOBase):
    """A file to read from: the plain bytes of what `SealingFile` wrote. Raises `WrongKey` and `BrokenSeal`."""

    def __init__(self, raw: BinaryIO, ring: Sequence[bytes]) -> None:
        """Read the head behind `MAGIC`, which `is_sealed` has read, and find its key among `ring`."""
        name, salt = raw.read(KEY_ID_CHARS).decode("ascii", "replace"), raw.read(SALT_BYTES)
        piece = next((one for one in ring if key_id(one) == name), None)
        if piece is None:
            raise WrongKey(name)
        self._raw, self._cipher = raw, _cipher(piece, salt)
        self._ahead, self._plain, self._n_chunks = raw.read(CHUNK_BYTES + TAG_BYTES), b"", 0

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: "Buffer", /) -> int:
        """Fill the buffer and give how many bytes; 0 at the end."""
        if not self._plain and self._ahead:
            self._plain = self._next()
        with memoryview(buffer) as view:
            part, self._plain = self._plain[: view.nbytes], self._plain[view.nbytes :]
            view[: len(part)] = part
        return len(part)

    def _next(self) -> bytes:
        sealed, self._ahead = self._ahead, self._raw.read(CHUNK_BYTES + TAG_BYTES)
        try:
            plain = self._cipher.decrypt(_nonce(self._n_chunks, not self._ahead), sealed, MAGIC)
        except (InvalidTag, ValueError):
            raise BrokenSeal(f"chunk {self._n_chunks} does not open") from None
        self._n_chunks += 1
        return plain


def is_sealed(raw: BinaryIO) -> bool:
    """Say whether the file is encrypted, and stand behind its first words if so, at its beginning if not."""
    if raw.read(len(MAGIC)) == MAGIC:
        return True
    raw.seek(0)
    return False


def _cipher(piece: bytes, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), KEY_BYTES, salt, b"second-order/backup@1").derive(piece))


def _nonce(number: int, is_last: bool) -> bytes:
    return bytes([is_last]) + number.to_bytes(11, "big")
