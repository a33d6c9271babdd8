"""The block of a thank-you page at a million orders with a page, beside a bare FastAPI route that answers a fixed text.

Both are served alike, each by a process of its own; calls take turns between them over one open connection each. Every
call asks for another order, so nothing is answered from a cache.
"""

import http.client
import json
import random
import sqlite3
import statistics
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

from agent.assembly import assemble
from agent.settings import load_settings
from memory.domain.clock import ManualClock
from memory.domain.market import Shop
from tests.factories.thanks import AT, SETTINGS
from tools.links.thanks import PATH, thanks_token

from .measure import Figure, n_people
from .workspace_served import Server, started

SHOP = Shop(shop_id="bench", name="Bench", currency="EUR", zone="Europe/Berlin", home_market="DE")
N_ARTICLES, N_CATEGORIES, N_KEPT = 5_000, 40, 12
PEER = "bare route"
GOAL = "<= 50 ms"
TURN = 50
_NUMBERS = "WITH RECURSIVE t(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM t WHERE i + 1 < {n}) "
_ROWS = {
    "thanks_goods (shop_id, sku, title, url, image_url, category)": (
        "SELECT 'bench', 's' || i, 'Article ' || i, 'https://bench.example.invalid/p/' || i, '', 'c' || (i % {cats})"
    ),
    "goods_state (shop_id, sku, n_available, price_minor, currency, is_active)": (
        "SELECT 'bench', 's' || i, CASE WHEN i % 5 = 0 THEN 0 ELSE 9 END, 1000 + i, 'EUR', 1"
    ),
    "thanks_pair (shop_id, anchor, place, sku, rule, n_together)": (
        "SELECT 'bench', CASE WHEN i / {kept} < {arts} THEN 's' || (i / {kept}) WHEN i / {kept} = {arts} THEN '*' "
        "ELSE '=c' || (i / {kept} - {arts} - 1) END, i % {kept}, 's' || ((i * 7919 + 13) % {arts}), "
        "CASE WHEN i / {kept} < {arts} THEN 'complement' WHEN i / {kept} = {arts} THEN 'bestseller' "
        "ELSE 'same_category' END, 9"
    ),
    "thanks_order (shop_id, order_ref, person_id, market, skus, arm, opened_at, code, code_expires_at, code_off_minor, "
    "code_min_minor, code_currency, share_code)": (
        "SELECT 'bench', '#' || i, 'p' || i, 'DE', json_array('s' || (i * 7 % {arts}), 's' || (i * 31 % {arts}), "
        "'s' || (i * 101 % {arts})), 'full', '2026-01-15 11:00:00.000000', 'THX-' || i, '2026-01-17 11:00:00.000000', "
        "200, 5000, 'EUR', 'R-' || i"
    ),
}


def run(short: bool) -> list[Figure]:
    """Give the median and the 95th percentile of both; raise where an answer is no block."""
    n, k = n_people(short), 200 if short else 4_000
    with tempfile.TemporaryDirectory(prefix="second-order-thanks-") as folder:
        key = _make(Path(folder), n)
        with started("thanks", folder) as ours, started("bare", folder) as bare:
            chance = random.Random(7)
            paths = [PATH + thanks_token(key, "bench", f"#{chance.randrange(n)}") for _ in range(k)]
            seconds = _take_turns(ours, bare, paths)
    print(f"  {n:,} orders with a page, {N_ARTICLES:,} articles, {k:,} calls of each")
    ranked = [sorted(1000 * one for one in several) for several in seconds]
    found = []
    for name, rate, goal in (("median", 0.5, ""), ("p95", 0.95, GOAL), ("p99", 0.99, "")):
        ours_ms, bare_ms = (several[int(rate * (len(several) - 1))] for several in ranked)
        found.append(Figure(f"block of an order, {name}", ours_ms, bare_ms, "ms", PEER, goal))
    print(f"  mean {statistics.fmean(ranked[0]):.2f} ms, bare {statistics.fmean(ranked[1]):.2f} ms")
    return found


def _make(folder: Path, n: int) -> bytes:
    """Make an installation with `n` orders that have a page; give its secret."""
    app = assemble(load_settings(home=folder / "home"), ManualClock(AT))
    with app.store.unit_of_work() as uow:
        uow.shops.add(SHOP)
        uow.thanks.put_settings("bench", SETTINGS, "bench", AT)
    key, path = app.key, folder / "home" / "secondorder.db"
    app.close()
    sizes = (N_ARTICLES, N_ARTICLES, (N_ARTICLES + 1 + N_CATEGORIES) * N_KEPT, n)
    with sqlite3.connect(path) as con:
        for (table, query), n_rows in zip(_ROWS.items(), sizes, strict=True):
            rows = query.format(arts=N_ARTICLES, cats=N_CATEGORIES, kept=N_KEPT)
            con.execute(f"INSERT INTO {table} {_NUMBERS.format(n=n_rows)} {rows} FROM t")
        con.commit()
    con.close()
    (folder / "at.json").write_text(json.dumps(["bench", AT.isoformat()]))
    return key


def _take_turns(ours: Server, bare: Server, paths: list[str]) -> tuple[list[float], list[float]]:
    found: tuple[list[float], list[float]] = ([], [])
    hosts = [http.client.HTTPConnection(urlsplit(server.address).netloc) for server in (ours, bare)]
    for path in paths[:TURN]:  # both warm
        for host in hosts:
            _ask(host, path)
    for start in range(0, len(paths), TURN):
        for host, seconds in zip(hosts, found, strict=True):
            for path in paths[start : start + TURN]:
                began = time.perf_counter()
                body = _ask(host, path)
                seconds.append(time.perf_counter() - began)
                if host is hosts[0] and len(json.loads(body)["goods"]) != 4:
                    raise RuntimeError(f"no block: {body[:300]!r}")
    for host in hosts:
        host.close()
    return found


def _ask(host: http.client.HTTPConnection, path: str) -> bytes:
    host.request("GET", path)
    answer = host.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{path}: {answer.status} {body[:300]!r}")
    return body
