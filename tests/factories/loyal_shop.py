"""A store and a lake with a shop whose members ordered: facts committed as an import would."""

from datetime import datetime

import pyarrow as pa

from memory.domain.facts import LAKE_SCHEMAS
from memory.domain.loyalty import LoyaltyProgramme
from memory.lake.lake import Lake
from memory.store.engine import Store
from tests.factories.facts import SHOP, Facts
from tools.facts import commit_facts


def settle(
    store: Store,
    lake: Lake,
    facts: Facts,
    at: datetime,
    programme: LoyaltyProgramme | None = None,
    shop_id: str = SHOP.shop_id,
) -> None:
    """Commit facts for a shop, and set a programme where one is given; the shop is made where it is new."""
    with store.unit_of_work() as uow:
        if shop_id not in {shop.shop_id for shop in uow.shops.all()}:
            uow.shops.add(SHOP.model_copy(update={"shop_id": shop_id}))
        if programme is not None:
            uow.loyalty.set_programme(shop_id, programme, "mia", at)
    rows = {
        table: pa.Table.from_pylist([{**row, "shop_id": shop_id} for row in found], LAKE_SCHEMAS[table])
        for table, found in facts.rows.items()
    }
    commit_facts(store, lake, {name: one.drop(["revision", "content_hash"]) for name, one in rows.items()}, "test", at)
