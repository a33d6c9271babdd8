"""S2-28: the report by channel, the app beside mail and web."""

import pyarrow as pa

from agent.reports.by_channel import channel_report
from memory.domain.clock import ManualClock
from memory.domain.facts import LAKE_SCHEMAS
from memory.domain.market import Shop
from memory.lake.lake import Lake
from memory.store.engine import Store
from tests.factories.facts import Facts
from tests.factories.sends import a_send


def test_s2_28_pushes_stand_beside_mails_and_the_app_beside_the_web(
    store: Store, lake: Lake, shop: Shop, clock: ManualClock
) -> None:
    facts, now = Facts(), clock.now()
    for number, (place, minor) in enumerate((("web", 6_000), ("app", 3_000), ("app", 1_000))):
        facts.add("orders", now, subject_id=f"p{number}", shop_id=shop.shop_id, channel=place, subtotal_minor=minor)
    orders = pa.Table.from_pylist(facts.rows["orders"], LAKE_SCHEMAS["orders"])
    orders = orders.set_column(orders.schema.get_field_index("fact_id"), "fact_id", pa.array(["a", "b", "c"]))
    orders = orders.cast(LAKE_SCHEMAS["orders"])
    with store.unit_of_work() as uow:
        uow.versions.add({"orders": lake.append("orders", orders)}, "test", now)
        a_send(uow, shop.shop_id, "k1", "p1", "push", now)
        a_send(uow, shop.shop_id, "k2", "p2", "email", now)
        a_send(uow, shop.shop_id, "k3", "p3", "email", now, state="suppressed", reason="no_address")
        uow.deliveries.note(
            shop.shop_id, "p", "e1", send_key="k1", channel="push", kind="opened", detail="", at=now, arrived_at=now
        )
    found = channel_report(store, lake, shop.shop_id)
    assert {one.channel: one.n_by_state for one in found.messages} == {
        "email": {"sent": 1, "suppressed": 1},
        "push": {"sent": 1},
        "sms": {},
    }
    assert {one.channel: one.n_heard for one in found.messages}["push"] == {"opened": 1}
    places = {one.channel: (one.n_orders, one.revenue_minor, one.share_rate) for one in found.orders}
    assert places == {"web": (1, 6_000, 0.6), "app": (2, 4_000, 0.4)}


def test_a_shop_without_facts_has_an_empty_report(store: Store, lake: Lake, shop: Shop) -> None:
    found = channel_report(store, lake, shop.shop_id)
    assert [(one.channel, one.n_orders, one.share_rate) for one in found.orders] == [("app", 0, 0.0)]
