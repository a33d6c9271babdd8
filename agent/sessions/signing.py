"""Who wrote an exported session: a chain over its files under an Ed25519 signature that any machine can check.

The private key is derived from the installation's secret, so there is no further file to keep. The public key travels
with the files; its fingerprint is what a reader has to know from elsewhere.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import ValidationError

from memory.domain.base import Frozen
from memory.domain.canonical import canonical_json, content_hash, keyed_hash
from memory.domain.errors import SecondOrderError

from .chain import SessionTampered

FORMAT = "second-order/session-bundle@1"


class UnknownSigner(SecondOrderError):
    """Session {session_id} is signed by {fingerprint}, whom nobody trusts here yet; see the remedy.

    Compare it with what `secondorder session key` says at its sender; where both are equal, add --trust {fingerprint}.
    """

    http_status = 422


class Link(Frozen):
    """One file of a bundle; its hash covers the link before it."""

    name: str
    """The file's name."""
    sha256: str
    """Hash of its bytes."""
    previous: str
    """Hash of the link before; empty for the first."""
    hash: str
    """Hash over everything above."""


class Signature(Frozen):
    """What `signature.json` holds."""

    format: str
    """Always `second-order/session-bundle@1`."""
    session_id: str
    """The session."""
    links: tuple[Link, ...]
    """One per file, in their order."""
    public_key: str
    """The signer's Ed25519 key in hex."""
    signature: str
    """Over everything above, in hex."""

    @property
    def fingerprint(self) -> str:
        """What the signer is known by: 40 hex digits."""
        return hashlib.sha256(bytes.fromhex(self.public_key)).hexdigest()[:40]

    def signed(self) -> bytes:
        """Give the bytes that are signed."""
        return canonical_json(self.model_dump(mode="json", exclude={"signature"}))


def _private(key: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(keyed_hash(key, "session-signing@1")))


def fingerprint_of(key: bytes) -> str:
    """Give the fingerprint of the installation that holds the secret `key`."""
    return hashlib.sha256(_private(key).public_key().public_bytes_raw()).hexdigest()[:40]


def sign(key: bytes, session_id: str, files: Mapping[str, bytes]) -> bytes:
    """Give the content of `signature.json` over these files, in their order."""
    private = _private(key)
    draft = Signature(
        format=FORMAT,
        session_id=session_id,
        links=links_of(files),
        public_key=private.public_key().public_bytes_raw().hex(),
        signature="",
    )
    made = draft.model_copy(update={"signature": private.sign(draft.signed()).hex()})
    return canonical_json(made) + b"\n"


def links_of(files: Mapping[str, bytes]) -> tuple[Link, ...]:
    """Chain the files."""
    links: list[Link] = []
    for name, content in files.items():
        body = {
            "name": name,
            "sha256": hashlib.sha256(content).hexdigest(),
            "previous": links[-1].hash if links else "",
        }
        links.append(Link(**body, hash=content_hash(body)))
    return tuple(links)


def parse_signature(name: str, raw: bytes) -> Signature:
    """Read `signature.json`; raise `SessionTampered`, which calls the session `name`, where it is not as written."""
    try:
        found = Signature.model_validate(json.loads(raw.decode("utf-8")))
        if canonical_json(found) + b"\n" != raw or bytes.fromhex(found.public_key).hex() != found.public_key:
            raise ValueError("not in canonical form")
        if found.format != FORMAT or len(bytes.fromhex(found.signature)) != 64:
            raise ValueError("not a signature of ours")
    except (ValidationError, ValueError, TypeError, RecursionError) as error:
        why = f"its signature cannot be read ({type(error).__name__})"
        raise SessionTampered(session_id=name, why=why) from None
    return found


def check_signature(found: Signature, files: Mapping[str, bytes], trusted: Iterable[str]) -> None:
    """Raise `SessionTampered` unless the signature is sound and over these files; `UnknownSigner` without trust."""
    try:
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(found.public_key))
        public.verify(bytes.fromhex(found.signature), found.signed())
        is_sound = bytes.fromhex(found.signature).hex() == found.signature
    except (InvalidSignature, ValueError):
        is_sound = False
    if not is_sound:
        raise SessionTampered(session_id=found.session_id[:80], why="its signature does not fit")
    if found.links != links_of(files):
        raise SessionTampered(session_id=found.session_id[:80], why="its files are not the signed ones")
    if found.fingerprint not in set(trusted):
        raise UnknownSigner(session_id=found.session_id[:80], fingerprint=found.fingerprint)
