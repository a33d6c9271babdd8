"""Labelled assumptions for demonstrations: margins, consent, addresses that reach nobody, languages, spend.

Everything added is marked (`is_assumed`, method or source `assumed`) and weaker than data: it fills only what no
file has said, and a later import of the real thing replaces it.
"""

# ruff: noqa: S608  the statements hold constants only; values are parameters

import tempfile
from pathlib import Path
from time import perf_counter
from typing import Annotated, Any, Literal

import pyarrow as pa
from pydantic import Field, ValidationError

from memory.domain.base import Frozen, Rate
from memory.domain.canonical import canonical_json, content_hash
from memory.domain.clock import Clock
from memory.domain.errors import InvalidInput
from memory.domain.market import CountryCode, Language, Shop
from memory.domain.plan import Bucket
from memory.lake.lake import Lake
from memory.store.engine import Store
from memory.store.imports import ImportRow
from memory.store.unit_of_work import UnitOfWork
from tools.facts import Committed, commit_facts
from tools.identity.keys import address_key
from tools.markets import load_markets

from .duck import open_duckdb
from .latest import create_views
from .parquet import quoted
from .people_rows import store_contacts
from .report import ImportReport, TableChange
from .spool import Spool
from .state import update_state

ASSUMED_DOMAIN = "assumed.invalid"
"""A domain that RFC 2606 keeps from ever existing."""
MAX_BYTES = 64 * 1024


class AssumedConsent(Frozen):
    """Share of people without any statement who are taken to have consented, per channel."""

    email: Rate = 0.0
    """E-mail."""
    sms: Rate = 0.0
    """Text messages."""
    push: Rate = 0.0
    """App push."""


class AssumedSpend(Frozen):
    """One line of an assumed marketing ledger, per month of the orders."""

    channel: str
    """Where it was spent."""
    stage: Literal["pre_purchase", "post_purchase"]
    """Before or after the purchase."""
    bucket: Bucket | None = None
    """What of the post-purchase money."""
    share_of_revenue: Rate
    """Amount as a share of the month's revenue."""


class Assumptions(Frozen):
    """What an assumption file may hold; everything is optional but the label."""

    label: Annotated[str, Field(min_length=3, max_length=120)]
    """What the assumptions are for; shown wherever they count."""
    cost_rate: Annotated[float, Field(gt=0, lt=1)] | None = None
    """Cost of goods as a share of the price."""
    consent: AssumedConsent | Literal["all"] | None = None
    """Consent per channel, or `all`."""
    invalid_addresses: bool = False
    """Whether people without an address get one at a domain that cannot exist."""
    languages: dict[CountryCode, Language] = {}
    """Language of a market's people where no file says it."""
    spend: tuple[AssumedSpend, ...] = ()
    """Marketing ledger by month."""


def load_assumptions(path: Path | str) -> Assumptions:
    """Read a YAML file; raise `InvalidInput` naming the field that is wrong."""
    import yaml

    file = Path(path)
    try:
        if file.stat().st_size > MAX_BYTES:
            raise ValueError(f"it is larger than {MAX_BYTES} bytes")
        return Assumptions.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, ValidationError, yaml.YAMLError) as error:
        known = ", ".join(Assumptions.model_fields)
        raise InvalidInput(what=f"assumptions {file.name}", why=str(error), remedy=f"Known fields: {known}") from error


def apply_assumptions(
    store: Store,
    lake: Lake,
    shop_id: str,
    assumed: Assumptions | Path | str,
    clock: Clock,
    principal_id: str,
    *,
    key: bytes = b"",
) -> ImportReport:
    """Add the assumptions as labelled facts in one unit of work; applying them again changes nothing."""
    started, name = perf_counter(), "assumptions"
    if not isinstance(assumed, Assumptions):
        name, assumed = Path(assumed).name, load_assumptions(assumed)
    at = clock.now()
    with store.unit_of_work() as uow, tempfile.TemporaryDirectory(prefix="second-order-assume-") as folder:
        shop = uow.shops.get(shop_id)
        files = _write(uow, lake, shop, assumed, Path(folder), key)
        if "_contacts" in files:
            store_contacts(uow, shop_id, files.pop("_contacts"), at)
        committed = commit_facts(uow, lake, dict(files), f"assume {assumed.label}", at)
        subjects = _everyone(uow, lake, shop_id)
        n_people = update_state(uow, lake, shop, load_markets(), subjects) if committed.n_fresh else 0
        report = _report(shop_id, name, committed, n_people, perf_counter() - started)
        plain = report.model_dump(mode="json", exclude={"rejected"})
        row = ImportRow(
            shop_id=shop_id, kind="assumptions", file_name=name, file_hash=content_hash(assumed),
            n_bytes=len(canonical_json(assumed)), principal_id=principal_id, at=at,
            data_version=committed.data_version, report={**plain, "label": assumed.label}, rejected=[],
        )  # fmt: skip
        uow.imports.add(row)
    return report


def _write(uow: UnitOfWork, lake: Lake, shop: Shop, assumed: Assumptions, folder: Path, key: bytes) -> dict[str, Path]:
    files: dict[str, Path] = {}
    with open_duckdb() as con:
        tables = ("orders", "products", "costs", "consents", "people", "spend")
        create_views(con, lake, uow.versions.latest().tables, shop.shop_id, tables)
        con.register("identity", uow.identities.snapshot())
        con.execute(_BUYERS)
        for table, (statement, values) in _statements(shop, assumed).items():
            files[table] = folder / f"{table}.parquet"
            con.execute(f"COPY ({statement}) TO {quoted(files[table])} (FORMAT parquet)", values)
        if assumed.invalid_addresses:
            files["_contacts"] = _contacts(con, uow.contacts.with_address(shop.shop_id, "email"), folder, key)
    return files


_BUYERS = """
CREATE TABLE buyers AS SELECT coalesce(i.person_id, o.subject_id) AS person_id, min(o.subject_id) AS subject_id,
  arg_max(o.market, o.event_at) FILTER (o.market IS NOT NULL) AS market,
  bool_and(o.channel = 'marketplace') AS is_marketplace
FROM orders o LEFT JOIN identity i USING (subject_id) WHERE o.subject_id IS NOT NULL GROUP BY ALL;
"""


def _statements(shop: Shop, assumed: Assumptions) -> dict[str, tuple[str, dict[str, Any]]]:
    """Give the query per table that the assumptions fill, with its parameters."""
    base = {"shop": shop.shop_id}
    found: dict[str, tuple[str, dict[str, Any]]] = {}
    if assumed.cost_rate is not None:
        found["costs"] = (_COSTS, {**base, "rate": assumed.cost_rate})
    if assumed.consent is not None:
        rates = AssumedConsent(email=1, sms=1, push=1) if assumed.consent == "all" else assumed.consent
        found["consents"] = (_CONSENTS, {**base, **rates.model_dump()})
    if assumed.languages:
        pairs = [list(assumed.languages), list(assumed.languages.values())]
        found["people"] = (_PEOPLE, {**base, "countries": pairs[0], "languages": pairs[1]})
    if assumed.spend:
        lines = [line.model_dump() for line in assumed.spend]
        columns = {name: [line[name] for line in lines] for name in AssumedSpend.model_fields}
        found["spend"] = (_SPEND, {**base, "currency": shop.currency, **columns})
    return found


_FACT = "left(sha256(concat_ws(chr(31), $shop, '{}', '{}', {})), 32) AS fact_id"
_OLD = "'1970-01-01T00:00:00Z'::TIMESTAMPTZ AS event_at, 'assumed' AS source"
_COSTS = f"""
SELECT $shop AS shop_id, {_FACT.format("catalogue", "costs", "sku")}, {_OLD}, sku,
  round_even(max(price_minor) * $rate, 0)::BIGINT AS cost_minor, any_value(currency) AS currency, true AS is_assumed
FROM products ANTI JOIN (FROM costs WHERE NOT is_assumed) USING (sku) WHERE NOT is_gift_card GROUP BY sku
"""
# marketplace buyers gave this shop nothing, and an assumption does not change that (S2-12)
_CONSENTS = f"""
WITH asked AS (SELECT * FROM (VALUES ('email', $email), ('sms', $sms), ('push', $push)) AS wanted(channel, rate)),
said AS (SELECT DISTINCT coalesce(i.person_id, c.subject_id) AS person_id, channel FROM consents c
  LEFT JOIN identity i USING (subject_id) WHERE c.source <> 'assumed')
SELECT $shop AS shop_id, {_FACT.format("assumed", "consents", "subject_id || ':' || channel")}, {_OLD}, subject_id,
  channel, 'marketing' AS purpose, 'granted' AS status, 'assumed' AS method, false AS is_suppressed
FROM (FROM buyers, asked) ANTI JOIN said USING (person_id, channel)
WHERE NOT is_marketplace
  AND ('0x' || left(sha256('assumed' || channel || subject_id), 8))::BIGINT / 4294967296.0 < rate
"""
_PEOPLE = f"""
SELECT $shop AS shop_id, {_FACT.format("assumed", "people", "subject_id")}, {_OLD}, subject_id,
  market, spoken.language, true AS is_assumed
FROM buyers JOIN (SELECT unnest($countries) AS market, unnest($languages) AS language) spoken USING (market)
"""
_SPEND = f"""
SELECT $shop AS shop_id,
  {_FACT.format("assumed", "spend", "concat_ws('|', channel, stage, bucket, month::VARCHAR)")},
  month::TIMESTAMPTZ AS event_at, 'assumed' AS source, channel, stage, bucket,
  round_even(revenue * share, 0)::BIGINT AS amount_minor, $currency AS currency, month::DATE AS period_start,
  last_day(month)::DATE AS period_end
FROM (SELECT date_trunc('month', event_at) AS month, sum(subtotal_minor - refunded_minor) AS revenue FROM orders
  WHERE NOT is_cancelled AND currency = $currency GROUP BY month),
  (SELECT unnest($channel) AS channel, unnest($stage) AS stage, unnest($bucket) AS bucket,
    unnest($share_of_revenue) AS share)
WHERE (SELECT count(*) FROM spend WHERE source <> 'assumed') = 0
"""


def _contacts(con: Any, reachable: list[str], folder: Path, key: bytes) -> Path:
    """Spool an address at a domain that cannot exist for every buyer; a real one that is known is never replaced."""
    spool = Spool("_contacts", folder)
    con.register("reachable", pa.table({"subject_id": pa.array(reachable, pa.string())}))
    con.execute(
        "CREATE VIEW has_email AS SELECT coalesce(i.person_id, subject_id) AS person_id FROM reachable "
        "LEFT JOIN identity i USING (subject_id)"
    )
    buyers = "SELECT subject_id, market FROM buyers ANTI JOIN has_email USING (person_id) ORDER BY 1"
    for subject, market in con.execute(buyers).fetchall():
        email, token = f"{subject}@{ASSUMED_DOMAIN}", f"assumed:{subject}"
        row = {"subject_id": subject, "email": email, "push_token": token, "country": market}
        spool.add({**row, "email_key": address_key(key, email), "push_key": address_key(key, token)})
    return spool.close()


def _everyone(uow: UnitOfWork, lake: Lake, shop_id: str) -> list[str]:
    with open_duckdb() as con:
        create_views(con, lake, uow.versions.latest().tables, shop_id, ("orders", "consents", "people"))
        parts = " UNION ".join(f"SELECT subject_id FROM {table}" for table in ("orders", "consents", "people"))
        return [row[0] for row in con.execute(f"FROM ({parts}) WHERE subject_id IS NOT NULL").fetchall()]


def _report(shop_id: str, name: str, committed: Committed, n_people: int, seconds: float) -> ImportReport:
    changes = {
        table: TableChange(n_new=count.n_new, n_changed=count.n_changed, n_unchanged=count.n_unchanged)
        for table, count in committed.counts.items()
    }
    return ImportReport(
        shop_id=shop_id, kind="assumptions", file_name=name,
        n_rows=sum(change.n_new + change.n_changed + change.n_unchanged for change in changes.values()),
        n_new=sum(change.n_new for change in changes.values()),
        n_changed=sum(change.n_changed for change in changes.values()),
        n_unchanged=sum(change.n_unchanged for change in changes.values()),
        n_rejected=0, changes=changes, n_people=n_people, data_version=committed.data_version,
        seconds=round(seconds, 3),
    )  # fmt: skip
