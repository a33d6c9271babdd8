"""Encryption at rest: AES-256-GCM under a ring of keys, so that a key can be changed while others read."""

import base64
import hashlib
import os
import secrets
from collections.abc import Sequence
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from memory.domain.errors import SecondOrderError

NONCE_BYTES = 12
KEY_BYTES = 32
FORMAT = "v1"


class Undecryptable(SecondOrderError):
    """{what} cannot be decrypted with the keys there are; set the former key as SECONDORDER_SECRET_KEY_BEFORE."""

    http_status = 409


class Vault:
    """Encrypts with the first key of its ring and decrypts with any of them. `repr` shows nothing of them."""

    def __init__(self, ring: Sequence[bytes]) -> None:
        """Hold key material, newest first; each piece becomes one 256-bit key."""
        self._keys = {key_id(piece): _key(piece) for piece in ring}
        self.key_id = key_id(ring[0])

    def seal(self, text: str, *context: str) -> str:
        """Give the encrypted text; it opens only in the same context (such as shop and name)."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = AESGCM(self._keys[self.key_id]).encrypt(nonce, text.encode("utf-8"), _context(context))
        return f"{FORMAT}.{self.key_id}.{base64.urlsafe_b64encode(nonce + sealed).decode('ascii')}"

    def open(self, sealed: str, *context: str) -> str:
        """Give the text; raise `Undecryptable` where the key is missing or a byte or the context was changed."""
        what = "the secret " + "/".join(context)
        form, _, rest = sealed.partition(".")
        name, _, body = rest.partition(".")
        if form != FORMAT or name not in self._keys:
            raise Undecryptable(what=what)
        try:
            raw = base64.urlsafe_b64decode(body.encode("ascii"))
            if base64.urlsafe_b64encode(raw).decode("ascii") != body:  # letters hold bits that decoding drops
                raise Undecryptable(what=what)
            plain = AESGCM(self._keys[name]).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], _context(context))
        except (InvalidTag, ValueError):
            raise Undecryptable(what=what) from None
        return plain.decode("utf-8")

    def is_current(self, sealed: str) -> bool:
        """Say whether the text was encrypted with the first key."""
        return sealed.split(".")[1] == self.key_id

    def __repr__(self) -> str:
        return f"Vault({len(self._keys)} keys)"


class KeyFile:
    """A file with the ring's keys, newest first, that only its owner may read."""

    def __init__(self, path: Path) -> None:
        """Keep the keys in `path`."""
        self._path = path

    def read(self) -> tuple[bytes, ...]:
        """Give the keys; make a first one where there is none. Two processes at once agree on one."""
        try:
            handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            pass
        else:
            with os.fdopen(handle, "wb") as file:
                file.write(_fresh() + b"\n")
        return tuple(self._path.read_bytes().split())

    def add(self) -> tuple[bytes, ...]:
        """Put a fresh key in front and give the ring; the former keys stay until `keep_newest`."""
        ring = (_fresh(), *self.read())
        self._write(ring)
        return ring

    def keep_newest(self) -> None:
        """Forget every key but the newest."""
        self._write(self.read()[:1])

    def _write(self, ring: Sequence[bytes]) -> None:
        fresh = self._path.with_suffix(".new")
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(b"\n".join(ring) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path)


def key_id(piece: bytes) -> str:
    """Give the public name of a key: it says which key opens a text and nothing about the key."""
    return hashlib.sha256(b"second-order key id\x00" + _key(piece)).hexdigest()[:12]


def _key(piece: bytes) -> bytes:
    return hashlib.sha256(b"second-order secrets at rest\x00" + piece).digest()


def _fresh() -> bytes:
    return secrets.token_hex(KEY_BYTES).encode("ascii")


def _context(context: Sequence[str]) -> bytes:
    return "\x1f".join(context).encode("utf-8")
