"""JSON payloads of other systems, field by field: a value of the wrong type rejects the object, never crashes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .errors import RowRejected
from .fields import micros, minor, short
from .text import clean


@dataclass(frozen=True)
class Json:
    """One JSON object."""

    raw: dict[str, Any]

    @classmethod
    def of(cls, value: Any) -> "Json":
        """Wrap an object; raise `RowRejected` for anything else."""
        if not isinstance(value, dict):
            raise RowRejected("it is no JSON object")
        return cls(value)

    def text(self, key: str, limit: int = 200) -> str:
        """Give a cleaned text, a number as text, empty for null."""
        value = self.raw.get(key)
        if value is None:
            return ""
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise RowRejected(f"{key} is no text")
        return clean(str(value), limit)

    def needed(self, key: str) -> str:
        """Give a text that must not be empty."""
        return self.text(key) or _missing(key)

    def id(self, key: str) -> str:
        """Give an id as text, empty for null; whole numbers of any size count.

        A number with a fraction or an exponent went through a float on its way, which keeps 53 bits: two objects could
        have one id.
        """
        value = self.raw.get(key)
        if isinstance(value, float):
            raise RowRejected(f"{key} {short(value)} is no whole number and no text; send ids as text")
        return self.text(key)

    def needed_id(self, key: str) -> str:
        """Give an id that must not be empty."""
        return self.id(key) or _missing(key)

    def flag(self, key: str) -> bool:
        """Give true or false; null and missing are false."""
        value = self.raw.get(key)
        if value is not None and not isinstance(value, bool):
            raise RowRejected(f"{key} is neither true nor false")
        return bool(value)

    def number(self, key: str) -> int | None:
        """Give a whole number or none."""
        value = self.raw.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or abs(value) > 2**53:
            raise RowRejected(f"{key} is no whole number")
        return value

    def amount(self, key: str, currency: str) -> int | None:
        """Give a sum in minor units or none for null."""
        written = self.text(key)
        return minor(written, currency, key) if written else None

    def instant(self, key: str) -> int | None:
        """Give an instant in microseconds since 1970 or none for null."""
        written = self.text(key)
        return micros(written, key) if written else None

    def child(self, key: str) -> "Json":
        """Give an object; an empty one for null."""
        value = self.raw.get(key)
        if value is not None and not isinstance(value, dict):
            raise RowRejected(f"{key} is no JSON object")
        return Json(value or {})

    def children(self, key: str) -> Iterator["Json"]:
        """Give the objects of a list; none for null."""
        value = self.raw.get(key)
        if value is not None and not isinstance(value, list):
            raise RowRejected(f"{key} is no list")
        return (Json.of(entry) for entry in value or [])


def _missing(key: str) -> str:
    raise RowRejected(f"{key} is missing")
