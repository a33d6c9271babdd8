"""Writes the gym's events, consent, stock, costs, spend and rates in the product's own import formats."""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from . import contacts
from .catalogue import Catalogue, Ints
from .dates import ANCHOR, FIRST_DAY, N_DAYS, PEAK_DAYS
from .people import People
from .places import PLACES, RATES, RATES_ON, SHOP_CURRENCY

_PAID = {"meta": 0.38, "google": 0.31, "tiktok": 0.14, "affiliate": 0.10, "influencer": 0.07}
_KEPT = {"automation": 0.55, "loyalty_programme": 0.25, "referral": 0.12, "community_ugc": 0.08}
_COST_PER_NEW_MINOR = 3_300
"""Acquisition spend per new customer, euro cents."""
_POST_SHARE = 0.13
"""Post-purchase share of the whole marketing spend before the plan."""


def write_events(path: Path, people: People, events: pa.Table, prefix: str) -> None:
    """Write `EVENT_ROWS` as JSON lines, ids counted behind `prefix`; null fields are left out."""
    n = events.num_rows
    who = pa.array(np.asarray(events["person"]))
    fields: dict[str, pa.Array] = {
        "id": pc.binary_join_element_wise(prefix, contacts.padded(np.arange(n), 7), "-"),
        "at": contacts.iso_time(contacts.instants(np.asarray(events["when"]))),
        "kind": events["kind"],
        people.known_by: people.identifier.take(who),
    }
    by = people.identifier.take(events["referrer"].combine_chunks())
    fields[f"referrer_{people.known_by}"] = by
    for name in ("channel", "sku", "category", "order", "message_id", "device"):
        fields[name] = events[name]
    raw = {"value": events["value"].cast(pa.string()), "machine": pc.if_else(events["machine"], "true", None)}
    _write_lines(path, fields, raw)


def write_consent(path: Path, people: People, last_day: Ints) -> None:
    """Write who allowed what when they first ordered, who took it back since, and whose mailbox bounces.

    `last_day` is the day of each person's last order; a permission is taken back after it.
    """
    rng = np.random.default_rng([people.n, 15])
    rows = [
        _granted(rng, people, channel, allowed)
        for channel, allowed in (
            ("email", people.allows_email),
            ("sms", people.allows_sms),
            ("push", people.allows_push),
        )
    ]
    gone = np.flatnonzero(people.allows_email & people.left)
    later = np.minimum((last_day[gone] + rng.integers(1, 9, len(gone))) * 86_400, N_DAYS * 86_400 - 60)
    rows.append(consent_rows(people, gone, later, "email", "revoked", "one_click", suppressed=True))
    dead = np.flatnonzero(people.allows_email & people.bounces)
    when = np.full(len(dead), N_DAYS * 86_400 - 30)
    rows.append(consent_rows(people, dead, when, "email", "revoked", "import", suppressed=True))
    _write_statements(path, pa.concat_tables(rows))


def write_revocations(path: Path, people: People, person: Ints, when: Ints, channel: pa.Array) -> None:
    """Write people taking back a permission by the unsubscribe link."""
    _write_statements(path, consent_rows(people, person, when, channel, "revoked", "one_click", suppressed=True))


def consent_rows(
    people: People, person: Ints, when: Ints, channel: str | pa.Array, status: str, method: str, *, suppressed: bool
) -> pa.Table:
    """Give statements of permission as text columns."""
    n = len(person)
    channels = pa.array([channel] * n, pa.string()) if isinstance(channel, str) else channel
    none = pa.nulls(n, pa.string())
    is_sms, is_push = pc.equal(channels, "sms"), pc.equal(channels, "push")
    return pa.table(
        {
            "at": contacts.iso_time(contacts.instants(when)),
            people.known_by: people.identifier.take(pa.array(person)),
            "phone": pc.if_else(is_sms, contacts.phones(people).take(pa.array(person)), none),
            "push_token": pc.if_else(is_push, contacts.push_tokens(people).take(pa.array(person)), none),
            "channel": channels,
            "status": pa.array([status] * n, pa.string()),
            "method": pa.array([method] * n, pa.string()),
            "source": pa.array(["gym"] * n, pa.string()),
            "suppressed": pa.array([suppressed] * n, pa.bool_()),
        }
    )


def write_stock(path: Path, goods: Catalogue, day: int = N_DAYS) -> None:
    """Write the units on hand on the morning of a day, the end of the records where none is given."""
    at = contacts.iso_time(contacts.instants(np.array([day * 86_400])))[0].as_py()
    _csv(path, "sku,quantity,at", zip(goods.sku, goods.units[day], [at] * len(goods.sku), strict=True))


def write_costs(path: Path, goods: Catalogue) -> None:
    """Write the cost of each article."""
    costs = contacts.decimals(goods.cost_minor, np.full(len(goods.sku), 2)).to_pylist()
    _csv(path, "sku,cost,currency", ((sku, cost, SHOP_CURRENCY) for sku, cost in zip(goods.sku, costs, strict=True)))


def write_rates(path: Path) -> None:
    """Write the invented exchange rates."""
    rows = (
        (SHOP_CURRENCY, quote, on, rate, "gym")
        for quote, rates in RATES.items()
        for on, rate in zip(RATES_ON, rates, strict=True)
    )
    _csv(path, "base,quote,on,rate,source", rows)


def write_spend(path: Path, people: People) -> None:
    """Write the marketing ledger by month: acquisition follows the new customers, keeping them stays small."""
    header = "channel,stage,bucket,amount,currency,period_start,period_end,effort_hours,new_customers"
    _csv(path, header, (row for start, end in months() for row in _month_of_spend(people, start, end)))


def marketing_money(people: People) -> tuple[date, date, int, int]:
    """Give first and last day of the ledger's newest 90 days, and euro cents before and after the purchase in them."""
    newest = months()[-1][1]
    known = [(start, end) for start, end in months() if end > newest - timedelta(days=90)]
    sums = {"pre_purchase": 0, "post_purchase": 0}
    for start, end in known:
        for row in _month_of_spend(people, start, end):
            sums[str(row[1])] += round(float(str(row[3])) * 100)
    return known[0][0], newest, sums["pre_purchase"], sums["post_purchase"]


def months() -> list[tuple[date, date]]:
    """Give first and last day of each whole month of the records."""
    starts = [date(2024 + (10 + k) // 12, (10 + k) % 12 + 1, 1) for k in range(14)]
    return [(a, b - timedelta(days=1)) for a, b in pairwise(starts) if b <= ANCHOR.replace(day=1)]


def _month_of_spend(people: People, start: date, end: date) -> list[tuple[object, ...]]:
    low, high = (start - FIRST_DAY).days, (end - FIRST_DAY).days
    new = int(((people.first_day >= low) & (people.first_day <= high)).sum())
    peak = any(a <= end and b >= start for a, b in PEAK_DAYS)
    paid = round(new * _COST_PER_NEW_MINOR * (1.15 if peak else 1.0))
    kept = round(paid * _POST_SHARE / (1 - _POST_SHARE))
    days = (start.isoformat(), end.isoformat())
    rows: list[tuple[object, ...]] = [
        (name, "pre_purchase", "", _euro(paid * share), SHOP_CURRENCY, *days, round(40 * share, 1), round(new * share))
        for name, share in _PAID.items()
    ]
    rows += [
        ("own", "post_purchase", bucket, _euro(kept * share), SHOP_CURRENCY, *days, round(30 * share, 1), "")
        for bucket, share in _KEPT.items()
    ]
    return rows


def _euro(minor: float) -> str:
    whole, cents = divmod(round(minor), 100)
    return f"{whole}.{cents:02d}"


def _granted(rng: np.random.Generator, people: People, channel: str, allowed: np.ndarray) -> pa.Table:
    person = np.flatnonzero(allowed)
    when = people.first_day[person] * 86_400 + 43_200 + rng.integers(0, 3600, len(person))
    rows = consent_rows(people, person, when, channel, "granted", "checkout", suppressed=False)
    german = np.array([row.country == "DE" for row in PLACES])[people.place[person]]
    method = pa.array(
        np.where(german & (channel == "email"), "double_opt_in", "form" if channel == "push" else "checkout")
    )
    return rows.set_column(rows.column_names.index("method"), "method", method)


def _write_statements(path: Path, rows: pa.Table) -> None:
    text = {name: rows[name] for name in rows.column_names if name != "suppressed"}
    _write_lines(path, text, {"suppressed": pc.if_else(rows["suppressed"], "true", "false")})


def _csv(path: Path, header: str, rows: object) -> None:
    body = "".join(",".join(str(cell) for cell in row) + "\n" for row in rows)  # type: ignore[attr-defined]
    path.write_text(f"{header}\n{body}", encoding="utf-8")


def _write_lines(path: Path, text: Mapping[str, pa.Array], raw: Mapping[str, pa.Array]) -> None:
    """Write JSON lines from columns of harmless ASCII text and of raw JSON values; null cells are left out."""
    parts = [_fragment(name, _plain(column), '"') for name, column in text.items()]
    parts += [_fragment(name, _plain(column), "") for name, column in raw.items()]
    joined = pc.binary_join_element_wise(*parts, ",", null_handling="skip")
    lines = pc.binary_join_element_wise("{", joined, "}", "")
    body = "\n".join(lines.to_pylist())
    path.write_text(body + "\n" if body else "", encoding="utf-8")


def _plain(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _fragment(name: str, column: pa.Array, quote: str) -> pa.Array:
    return pc.binary_join_element_wise(f"{json.dumps(name)}:{quote}", column, quote, "")
