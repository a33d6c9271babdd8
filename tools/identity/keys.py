"""Keyed hashes of identifiers: the lake and the link log know these, never the identifiers."""

from memory.domain.canonical import keyed_hash
from memory.domain.consent import IdentifierKind

from .normalise import normalise

SHOP_BOUND: frozenset[IdentifierKind] = frozenset({"customer_id", "device"})
"""Kinds that mean something only inside the shop that gave them out."""


def subject_id(key: bytes, kind: IdentifierKind, value: str) -> str:
    """Give the pseudonym of a normalised identifier."""
    return "p" + keyed_hash(key, kind, value)[:24]


def address_key(key: bytes, address: str) -> str:
    """Give the key under which a normalised address is suppressed; it survives erasure."""
    return keyed_hash(key, "address", address)


def household_id(key: bytes, address: str) -> str:
    """Give the pseudonym of a normalised postal address; the address itself is kept nowhere."""
    return "h" + keyed_hash(key, "household", address)[:24]


class Keys:
    """Pseudonyms of one shop's identifiers, remembered while one file is read."""

    def __init__(self, key: bytes, shop_id: str, region: str) -> None:
        """Use the installation's secret `key`; numbers without a country code belong to `region`."""
        self._key = key
        self._shop_id = shop_id
        self._region = region
        self._known: dict[tuple[str, str, str], tuple[str, str] | None] = {}

    def resolve(self, kind: IdentifierKind, text: str, region: str = "") -> tuple[str, str] | None:
        """Give (subject id, normal form) of an identifier as written, or none where it is unusable."""
        asked = (kind, text, region)
        if asked not in self._known:
            self._known[asked] = self._resolve(kind, text, region or self._region)
        return self._known[asked]

    def address_key(self, address: str) -> str:
        """Give the suppression key of a normalised address; empty for none."""
        return address_key(self._key, address) if address else ""

    def household_id(self, address: str) -> str:
        """Give the pseudonym of a normalised postal address."""
        return household_id(self._key, address)

    def _resolve(self, kind: IdentifierKind, text: str, region: str) -> tuple[str, str] | None:
        normal = normalise(kind, text, region)
        if normal is None:
            return None
        scoped = f"{self._shop_id}:{normal}" if kind in SHOP_BOUND else normal
        return subject_id(self._key, kind, scoped), normal
