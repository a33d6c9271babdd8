"""What is known of a shop's data: a few counts, read once and handed to every element."""

from memory.domain.base import Count, Frozen, Rate
from memory.lake.lake import Lake
from memory.store.consents import PUSH_CHANNELS
from memory.store.unit_of_work import UnitOfWork
from tools.ingest.duck import open_duckdb
from tools.ingest.latest import create_views

_TABLES = ("orders", "order_lines", "products", "events", "stock", "costs", "spend", "rates", "consents", "people")


class Evidence(Frozen):
    """Counts over the latest facts of one shop; shares are 0 where there is nothing to share."""

    n_orders: Count
    """Orders of known people."""
    n_people: Count
    """People with an order."""
    n_repeat_people: Count
    """People with at least two orders."""
    order_days: Count
    """Days from the first to the last order."""
    market_rate: Rate
    """Share of orders whose market is known."""
    category_rate: Rate
    """Share of sold lines whose category is known."""
    cost_rate: Rate
    """Share of sold lines whose cost is known or assumed."""
    assumed_cost_rate: Rate
    """Share of sold lines whose cost is assumed."""
    n_replenished: Count
    """People who bought one article in two orders."""
    n_gift_orders: Count
    """Orders with a gift."""
    n_marketplace_orders: Count
    """Orders that came through a marketplace."""
    n_stock: Count
    """Articles whose stock is known."""
    n_spend: Count
    """Lines of the marketing ledger."""
    n_assumed_spend: Count
    """Assumed lines among them."""
    n_events: dict[str, Count]
    """Events per kind."""
    missing_rates: tuple[str, ...]
    """Currencies of orders without any rate to the shop's."""
    n_language: Count
    """People whose language a file says."""
    n_zone: Count
    """People whose zone a file says."""
    n_consenting: dict[str, Count]
    """People with consent per channel."""
    n_assumed_consent: dict[str, Count]
    """Assumed statements per channel."""
    n_addresses: dict[str, Count]
    """People with an address per channel, suppressed ones included."""
    n_assumed_addresses: Count
    """Addresses at the assumed domain."""
    lists: dict[str, str]
    """How each channel's suppression list was answered: imported, declared, or empty."""


def gather_evidence(uow: UnitOfWork, lake: Lake, shop_id: str) -> Evidence:
    """Read the counts from lake and store."""
    shop = uow.shops.get(shop_id)
    answers = {channel: uow.consents.list_answer(shop_id, channel) for channel in PUSH_CHANNELS}
    addresses = uow.contacts.counts(shop_id)
    with open_duckdb() as con:
        create_views(con, lake, uow.versions.latest().tables, shop_id, _TABLES)
        con.register("identity", uow.identities.snapshot())
        con.register("state", uow.person_state.get(shop_id))
        con.execute(_PREPARE)
        row = con.execute(_COUNTS).fetchone()
        names = [column[0] for column in con.description]
        missing = con.execute(_MISSING, {"currency": shop.currency}).fetchall()
        return Evidence(
            **dict(zip(names, row, strict=True)),
            n_events=dict(con.execute("SELECT kind, count(*) FROM events GROUP BY kind").fetchall()),
            missing_rates=tuple(found[0] for found in missing),
            n_assumed_consent=dict(con.execute(_ASSUMED_CONSENT).fetchall()),
            n_consenting=dict(con.execute(_CONSENTING).fetchall()),
            n_addresses={channel: addresses[channel] for channel in PUSH_CHANNELS},
            n_assumed_addresses=addresses["assumed"],
            lists={channel: answer.how if answer else "" for channel, answer in answers.items()},
        )


_PREPARE = """
CREATE TABLE bought AS SELECT o.*, coalesce(i.person_id, o.subject_id) AS person_id
FROM orders o LEFT JOIN identity i USING (subject_id) WHERE NOT is_cancelled;
CREATE TABLE cost AS SELECT sku, bool_and(is_assumed) AS is_assumed FROM costs GROUP BY sku;
CREATE TABLE category AS SELECT DISTINCT sku FROM products WHERE category IS NOT NULL;
CREATE TABLE sold AS SELECT l.sku, l.order_fact_id, coalesce(i.person_id, l.subject_id) AS person_id,
  l.category IS NOT NULL OR c.sku IS NOT NULL AS has_category, k.sku IS NOT NULL AS has_cost,
  coalesce(k.is_assumed, false) AS has_assumed_cost
FROM order_lines l LEFT JOIN identity i USING (subject_id) LEFT JOIN category c ON c.sku = l.sku
LEFT JOIN cost k ON k.sku = l.sku;
"""
_COUNTS = """
SELECT * FROM
  (SELECT count(*) FILTER (person_id IS NOT NULL) AS n_orders, count(DISTINCT person_id) AS n_people,
    coalesce(date_diff('day', min(event_at), max(event_at)), 0) AS order_days,
    coalesce(count(market) / nullif(count(*), 0), 0) AS market_rate,
    count(*) FILTER (n_gift_items > 0) AS n_gift_orders,
    count(*) FILTER (channel = 'marketplace') AS n_marketplace_orders FROM bought),
  (SELECT count(*) AS n_repeat_people FROM
    (SELECT person_id FROM bought WHERE person_id IS NOT NULL GROUP BY 1 HAVING count(*) > 1)),
  (SELECT coalesce(avg(has_category::INT), 0) AS category_rate, coalesce(avg(has_cost::INT), 0) AS cost_rate,
    coalesce(avg(has_assumed_cost::INT), 0) AS assumed_cost_rate FROM sold),
  (SELECT count(DISTINCT person_id) AS n_replenished FROM (SELECT person_id FROM sold WHERE person_id IS NOT NULL
    GROUP BY person_id, sku HAVING count(DISTINCT order_fact_id) > 1)),
  (SELECT count(DISTINCT sku) AS n_stock FROM stock),
  (SELECT count(*) AS n_spend, count(*) FILTER (source = 'assumed') AS n_assumed_spend FROM spend),
  (SELECT count(DISTINCT subject_id) FILTER (language IS NOT NULL AND NOT is_assumed) AS n_language,
    count(DISTINCT subject_id) FILTER (zone IS NOT NULL AND NOT is_assumed) AS n_zone FROM people)
"""
_MISSING = """
SELECT DISTINCT currency FROM bought WHERE currency <> $currency AND currency NOT IN (
  SELECT base FROM rates WHERE quote = $currency UNION SELECT quote FROM rates WHERE base = $currency) ORDER BY 1
"""
_ASSUMED_CONSENT = """
SELECT channel, count(*) FROM consents WHERE method = 'assumed' AND status = 'granted' GROUP BY channel
"""
_CONSENTING = """
SELECT 'email', count(*) FILTER (consent_email AND NOT is_suppressed_email) FROM state
UNION ALL SELECT 'sms', count(*) FILTER (consent_sms AND NOT is_suppressed_sms) FROM state
UNION ALL SELECT 'push', count(*) FILTER (consent_push AND NOT is_suppressed_push) FROM state
"""
