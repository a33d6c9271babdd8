"""The intake: what importers hand their rows to. It knows the shop, the secret key and where rows are spooled."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from memory.domain.canonical import fact_id
from memory.domain.consent import IdentifierKind
from memory.domain.market import Channel, Shop
from tools.identity.household import normalise_address
from tools.identity.keys import Keys

from .report import RejectedRow
from .source import Source
from .spool import Spool
from .text import clean

ORDER_OF_KINDS: tuple[IdentifierKind, ...] = ("email", "customer_id", "phone", "device")
"""A record is known by the first identifier it has; the others are linked to it."""

HOUSEHOLDS = "address"
"""The source of households: the same record and address are one fact, whatever file they come from."""


class Intake:
    """Collects the facts, contacts, links and suppressions of one file."""

    def __init__(self, source: Source, shop: Shop, keys: Keys, at: datetime, folder: Path) -> None:
        """Read `source` for `shop` at the instant `at`; rows are spooled in `folder`."""
        self.source = source
        self.shop = shop
        self.at = at
        self.spools: dict[str, Spool] = {}
        self.rejected: list[RejectedRow] = []
        self.n_rejected = 0
        self.left_out: dict[str, int] = {}
        self.listed_channels: set[Channel] = set()
        self.has_undated_consents = False
        self._keys = keys
        self._folder = folder
        self._adopted: dict[str, Path] = {}
        self._seen_contacts: set[int] = set()
        self._seen_links: set[tuple[str, str]] = set()

    def reject(self, line: int, reason: str) -> None:
        """List a row as wrong."""
        self.n_rejected += 1
        if len(self.rejected) < self.source.limits.max_rejected_listed:
            self.rejected.append(RejectedRow(line=line, reason=clean(reason, 300)))

    def leave_out(self, rule: str, n: int = 1) -> None:
        """Count rows that a rule of the format leaves out."""
        if n:
            self.left_out[rule] = self.left_out.get(rule, 0) + n

    def fact(self, table: str, source: str, source_id: str, event_at: int, values: Mapping[str, Any]) -> str:
        """Take one fact that happened at `event_at` (microseconds since 1970) and give its id."""
        key = fact_id(self.shop.shop_id, source, table, source_id)
        row = {"shop_id": self.shop.shop_id, "fact_id": key, "event_at": event_at, "source": source, **values}
        self.spool(table).add(row)
        return key

    def tracked(self, parcel_id: str, carrier: str, number: str, url: str) -> None:
        """Hear how a parcel can be followed; files tell of parcels nobody is mailed about, so nothing keeps it."""

    def identify(self, written: Mapping[IdentifierKind, str | None], region: str = "") -> str | None:
        """Give the pseudonym of a record with these identifiers as written and link them; none without a usable one."""
        found: list[tuple[IdentifierKind, str]] = []
        for kind in ORDER_OF_KINDS:
            if (text := written.get(kind)) and (resolved := self._keys.resolve(kind, text, region)):
                found.append((kind, resolved[0]))
        if not found:
            return None
        first_kind, first = found[0]
        for kind, other in found[1:]:
            self._link(first_kind, first, kind, other)
        return first

    def normal(self, kind: IdentifierKind, text: str | None, region: str = "") -> str:
        """Give the normal form of an identifier; empty for none or an unusable one."""
        resolved = self._keys.resolve(kind, text, region) if text else None
        return resolved[1] if resolved else ""

    def contact(self, subject: str, fields: Mapping[str, str | None]) -> None:
        """Take contact data of a record; `fields` are named as in `CONTACT_SCHEMA`, addresses in normal form."""
        known = {name: value for name, value in fields.items() if value}
        seen = hash((subject, *sorted(known.items())))
        if not known or seen in self._seen_contacts:
            return
        if len(self._seen_contacts) < 500_000:
            self._seen_contacts.add(seen)
        for name in ("email", "phone", "push_token"):
            if name in known:
                known[name.replace("_token", "") + "_key"] = self._keys.address_key(known[name])
        self.spool("_contacts").add({"subject_id": subject, **known})

    def household(self, subject: str, country: str | None, postal_code: str, street: str, flat: str = "") -> None:
        """Take that a record lives at an address: only the address' keyed hash is kept; nothing of an unusable one."""
        if address := normalise_address(country, postal_code, street, flat):
            home = self._keys.household_id(address)
            values = {"subject_id": subject, "household_id": home}
            self.fact("households", HOUSEHOLDS, f"{subject}:{home}", UNDATED, values)

    def suppress(self, address: str, channel: Channel, reason: str, at: int) -> None:
        """Take an address in normal form that must not be contacted."""
        if address:
            row = {"address_key": self._keys.address_key(address), "channel": channel, "reason": reason, "at": at}
            self.spool("_suppressed").add(row)

    def consent(
        self,
        subject: str,
        source: str,
        channel: Channel,
        status: str,
        method: str,
        at: int | None,
        *,
        is_suppressed: bool = False,
        is_current: bool = False,
        source_id: str = "",
    ) -> None:
        """Take a statement of permission for marketing.

        A statement without a time (`at` None) is weak: any dated one wins. With `is_current` it says how things
        stood when the file was written and counts from the instant it was first read, so that a refusal without
        a date still ends an older permission.
        """
        event_at = at if at is not None else UNDATED_CURRENT if is_current else UNDATED
        self.has_undated_consents |= event_at == UNDATED_CURRENT
        values = {
            "subject_id": subject,
            "channel": channel,
            "purpose": "marketing",
            "status": status,
            "method": method,
            "is_suppressed": is_suppressed,
        }
        self.fact("consents", source, source_id or f"{subject}:{channel}:marketing", event_at, values)

    def order_event(
        self, source: str, order_source_id: str, kind: str, source_id: str, at: int, refunded_minor: int
    ) -> None:
        """Take a refund or delivery that names only an order; `refunded_minor` is 0 for none."""
        shop_id = self.shop.shop_id
        row = {"source": source, "source_id": source_id, "kind": kind, "at": at, "refunded_minor": refunded_minor}
        keys = {
            "order_fact_id": fact_id(shop_id, source, "orders", order_source_id),
            "event_fact_id": fact_id(shop_id, source, "events", source_id),
        }
        self.spool("_order_events").add({**row, **keys})

    def spool(self, table: str) -> Spool:
        """Give the spool of a fact table or of `_contacts`, `_links`, `_suppressed`."""
        if table not in self.spools:
            self.spools[table] = Spool(table, self._folder)
        return self.spools[table]

    def adopt(self, table: str) -> Path:
        """Give the path to which a columnar importer writes a table's Parquet file itself."""
        self._adopted[table] = self._folder / f"{table}.parquet"
        return self._adopted[table]

    def take_spool(self, table: str) -> Path | None:
        """Finish one spool before the others and give its file; none where nothing was spooled."""
        return self.spools.pop(table).close() if table in self.spools else None

    def close(self) -> dict[str, Path]:
        """Finish all spools and give their files."""
        return {**self._adopted, **{table: spool.close() for table, spool in self.spools.items()}}

    def _link(self, left_kind: str, left: str, right_kind: str, right: str) -> None:
        if left == right or (left, right) in self._seen_links:
            return
        if len(self._seen_links) < 500_000:
            self._seen_links.add((left, right))
        row = {"left_subject": left, "left_kind": left_kind, "right_subject": right, "right_kind": right_kind}
        self.spool("_links").add({**row, "rule": f"{left_kind} and {right_kind} on one record"})


UNDATED = 0
"""1970: older than everything dated."""
UNDATED_CURRENT = -1
"""Replaced at the commit by the instant at which the statement was first read."""
