from datetime import UTC, datetime, timedelta

from memory.domain.market import Shop
from memory.store.engine import Store
from memory.store.left_messages import COLUMNS
from tests.factories.sends import a_send

AT = datetime(2026, 3, 1, 9, tzinfo=UTC)


def test_messages_that_left_in_the_period_are_read_and_no_others(store: Store, shop: Shop) -> None:
    with store.unit_of_work() as uow:
        assert uow.left_messages.last_at(shop.shop_id) is None
        a_send(uow, shop.shop_id, "in", "p1", "email", AT)
        a_send(uow, shop.shop_id, "unknown", "p1", "email", AT, state="unknown")
        a_send(uow, shop.shop_id, "before", "p1", "email", AT - timedelta(days=31))
        a_send(uow, shop.shop_id, "held", "p1", "email", AT, state="suppressed")
        a_send(uow, "other", "other", "p1", "email", AT)
        found = uow.left_messages.between(shop.shop_id, AT - timedelta(days=30), AT + timedelta(seconds=1))
        assert sorted(found["send_key"].to_pylist()) == ["in", "unknown"]
        assert found.column_names == list(COLUMNS)
        assert uow.left_messages.between(shop.shop_id, AT, AT).num_rows == 0
        assert uow.left_messages.last_at(shop.shop_id) == AT
