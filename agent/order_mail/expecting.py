"""What a shop's earlier shipments say, worked out once for the mails of some hours: all its parcels are read for it."""

from datetime import timedelta
from typing import TYPE_CHECKING

from tools.facts import open_facts
from tools.parcels import Expectations, expectations

if TYPE_CHECKING:
    from agent.assembly import App

KEPT_FOR = timedelta(hours=6)


def expect(app: "App", shop_id: str) -> Expectations:
    """Give the shop's expectations, at most `KEPT_FOR` old."""

    def learn() -> Expectations:
        with app.store.read() as uow:
            shop = uow.shops.get(shop_id)
        with open_facts(app.store, app.lake, [shop_id]) as view:
            return expectations(view, shop, app.clock.now())

    return app.expected.get((shop_id,), app.clock.now(), learn)
