"""What other limits would have done: counted over hand-made messages and decisions whose answer is known."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest

from agent.guardrails.look_back import look_back
from agent.guardrails.look_back_record import LimitEffect, LookBack
from memory.domain.guardrails import FrequencyCap, Guardrails, QuietHours
from memory.domain.market import Shop
from memory.lake.lake import Lake
from memory.store.batches import Batch
from memory.store.engine import Store
from memory.store.instants import to_micros
from tests.factories.decision_log import BATCH, DECISIONS, SCHEMAS, Tables, decided
from tests.factories.planning import eur, guardrails
from tests.factories.sends import a_send
from tools.markets import load_markets

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
SENT_AT = datetime(2026, 6, 15, 8, tzinfo=UTC)  # 10:00 in Berlin
KNOWN: dict[str, Any] = {
    "zone": "Europe/Berlin", "language": "de", "local_minute": 600, "local_weekday": 0, "is_local_holiday": False,
    "has_consent": True, "is_suppressed": False, "offer_id": "", "discount_rate": 0.0, "worst_margin_rate": 1.0,
    "price_ratio": 1.0, "value_millis": 5_000, "cost_millis": 40,
}  # fmt: skip


def _installed(store: Store, lake: Lake, shop: Shop, log: list[tuple[Tables, dict[str, Any] | None]]) -> None:
    """Put decisions into the lake and the messages of those that sent into the outbox."""
    rows = {name: [row for tables, _ in log for row in tables[name]] for name in DECISIONS}
    versions = {name: lake.append(name, pa.Table.from_pylist(rows[name], SCHEMAS[name])) for name in DECISIONS}
    with store.unit_of_work() as uow:
        uow.guardrails.put(shop.shop_id, guardrails(), "mia", SENT_AT)
        uow.batches.add(
            Batch(
                batch_id=BATCH, shop_id=shop.shop_id, slot_at=SENT_AT, covers_until=NOW, lake_versions=versions,
                content_hash="", n_decisions=len(log), report={},
            )
        )  # fmt: skip
        for tables, message in log:
            if message is not None:
                one = tables["decision_inputs"][0]
                given = {"batch_id": BATCH, "message_class": one["message_class"], "zone": "Europe/Berlin",
                         "step_id": one["step_id"], "cost_millis": 40} | message  # fmt: skip
                at = given.pop("at", SENT_AT)
                key = given.pop("key", one["person_id"])
                a_send(uow, shop.shop_id, key, one["person_id"], "email", at, **given)


def _sent(shop: Shop, number: int, message: dict[str, Any] | None = None, **known: Any) -> Any:
    tables = decided(number, SENT_AT, is_sent=True, shop_id=shop.shop_id, **(KNOWN | known))
    return tables, message or {}


def _held(shop: Shop, number: int, reasons: list[str], **known: Any) -> Any:
    tables = decided(number, SENT_AT, is_sent=False, shop_id=shop.shop_id, reason="guardrail", **(KNOWN | known))
    tables["decision_options"][0] |= {"allowed": False, "reasons": reasons}
    return tables, None


def _look(store: Store, lake: Lake, shop: Shop, now: datetime = NOW, **changes: Any) -> LookBack:
    wanted: Guardrails = guardrails().model_copy(update=changes)
    return look_back(store, lake, load_markets().all(), shop.shop_id, wanted, now)


def _only(found: LookBack) -> LimitEffect:
    assert len(found.effects) == 1
    return found.effects[0]


def test_nothing_changes_nothing_and_says_how_much_left(store: Store, lake: Lake, shop: Shop) -> None:
    _installed(store, lake, shop, [_sent(shop, 1), _sent(shop, 2), _held(shop, 3, ["consent"])])
    found = _look(store, lake, shop)
    assert (found.n_messages, found.n_unknown, found.n_blocked, found.effects) == (2, 0, 0, ())
    assert found.is_recent and found.until == NOW and found.since == NOW - timedelta(days=30)


def test_a_longer_pause_blocks_promotion_to_recent_buyers_with_its_money(store: Store, lake: Lake, shop: Shop) -> None:
    fresh = SENT_AT - timedelta(days=10)
    _installed(
        store, lake, shop,
        [
            _sent(shop, 1, {"cost_millis": 150_000}, last_order_at=fresh, value_millis=900_000),
            _sent(shop, 2, last_order_at=fresh, message_class="service"),
            _sent(shop, 3),
        ],
    )  # fmt: skip
    found = _look(store, lake, shop, recent_buyer_days=14)
    one = _only(found)
    assert (one.field, one.basis, one.n_blocked) == ("recent_buyer_days", "rows", 1)
    assert (one.cost_blocked.amount_minor, one.value_blocked.amount_minor) == (150, 900)
    assert (found.n_blocked, found.cost_blocked.amount_minor) == (1, 150)


def test_a_shorter_pause_opens_what_it_alone_forced_to_nothing(store: Store, lake: Lake, shop: Shop) -> None:
    fresh = SENT_AT - timedelta(days=5)
    _installed(
        store, lake, shop,
        [
            _sent(shop, 1),
            _held(shop, 2, ["recent_buyer"], last_order_at=fresh, value_millis=8_000, cost_millis=1_000),
            _held(shop, 3, ["recent_buyer"], last_order_at=fresh, value_millis=-10),
            _held(shop, 4, ["consent", "recent_buyer"], last_order_at=fresh),
            _held(shop, 5, ["recent_buyer"], last_order_at=SENT_AT - timedelta(days=1)),
        ],
    )  # fmt: skip
    one = _only(_look(store, lake, shop, recent_buyer_days=3))
    assert (one.n_blocked, one.n_opened, one.n_worth) == (0, 2, 1)
    assert (one.cost_opened.amount_minor, one.value_opened.amount_minor) == (1, 8)


def test_hours_are_those_of_the_hand_off_on_the_recipients_clock(store: Store, lake: Lake, shop: Shop) -> None:
    late = SENT_AT + timedelta(hours=3)  # 13:00 in Berlin
    _installed(store, lake, shop, [_sent(shop, 1), _sent(shop, 2, {"at": late})])
    hours = QuietHours(opens_minute=11 * 60, closes_minute=20 * 60)
    one = _only(_look(store, lake, shop, quiet_hours=hours))
    assert (one.basis, one.n_blocked) == ("hours", 1)


def test_a_tighter_cap_holds_back_what_came_within_its_window_and_no_more(store: Store, lake: Lake, shop: Shop) -> None:
    days = [0, 2, 4, 11]
    log = [
        _sent(shop, 1, {"at": SENT_AT + timedelta(days=day), "key": f"k{day}", "step_id": f"vip.s{day}"})
        for day in days
    ]
    for (tables, _), day in zip(log, days, strict=True):
        for name in DECISIONS:
            for row in tables[name]:
                row |= {"step_id": f"vip.s{day}"} if "step_id" in row else {}
    _installed(store, lake, shop, log)
    caps = (FrequencyCap(message_class="promotional", max_messages=1, window_days=7),)
    assert _only(_look(store, lake, shop, frequency_caps=caps)).n_blocked == 1  # the cap of 2 held back day 4 before


def test_a_looser_cap_opens_full_windows_as_they_were_counted(store: Store, lake: Lake, shop: Shop) -> None:
    _installed(
        store, lake, shop,
        [
            _sent(shop, 1),
            _held(shop, 2, ["frequency_cap"], n_sent_window=2),
            _held(shop, 3, ["frequency_cap"], n_sent_window=9),
        ],
    )  # fmt: skip
    caps = (FrequencyCap(message_class="promotional", max_messages=3, window_days=7),)
    assert _only(_look(store, lake, shop, frequency_caps=caps)).n_opened == 1


def test_several_limits_count_a_message_once_in_the_sum(store: Store, lake: Lake, shop: Shop) -> None:
    _installed(store, lake, shop, [_sent(shop, 1, price_ratio=0.8), _sent(shop, 2, language="fr")])
    found = _look(store, lake, shop, min_price_ratio=0.9, languages=("de",), channels=("sms",))
    by_field = {one.field: one.n_blocked for one in found.effects}
    assert by_field == {"min_price_ratio": 1, "languages": 1, "channels": 2}
    assert found.n_blocked == 2


@pytest.mark.parametrize(
    ("changes", "basis"),
    [({"worst_case_rate": 0.5}, "plan_time"), ({"link_domains": ("shop.example",)}, "links")],
)
def test_what_cannot_be_counted_is_named_and_not_counted(
    store: Store, lake: Lake, shop: Shop, changes: dict[str, Any], basis: str
) -> None:
    _installed(store, lake, shop, [_sent(shop, 1)])
    one = _only(_look(store, lake, shop, **changes))
    assert (one.basis, one.is_counted, one.n_blocked) == (basis, False, 0)


def test_a_message_whose_inputs_are_not_kept_is_in_no_figure(store: Store, lake: Lake, shop: Shop) -> None:
    _installed(store, lake, shop, [_sent(shop, 1)])
    with store.unit_of_work() as uow:
        a_send(uow, shop.shop_id, "lost", "q000009", "email", SENT_AT)
    found = _look(store, lake, shop, channels=("sms",))
    assert (found.n_messages, found.n_unknown, found.n_blocked) == (2, 1, 1)


def test_a_shop_that_sent_long_ago_is_looked_at_as_of_then(store: Store, lake: Lake, shop: Shop) -> None:
    _installed(store, lake, shop, [_sent(shop, 1)])
    found = _look(store, lake, shop, NOW + timedelta(days=200))
    assert not found.is_recent and found.n_messages == 1
    assert found.until == SENT_AT + timedelta(days=1)
    assert to_micros(found.since) == to_micros(found.until - timedelta(days=30))


def test_a_shop_that_never_sent_has_nothing_to_look_back_on(store: Store, lake: Lake, shop: Shop) -> None:
    with store.unit_of_work() as uow:
        uow.guardrails.put(shop.shop_id, guardrails(), "mia", SENT_AT)
    found = _look(store, lake, shop, plan_budget=eur(1))
    assert (found.n_messages, found.n_blocked, found.is_recent) == (0, 0, True)
