"""Whose order it is: the people behind an order's exact number."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agent.assembly import App

MAX_CHARACTERS = 60


def people_of_order(app: "App", shop_id: str, number: str) -> frozenset[str]:
    """Give the pseudonyms of whoever placed the order of this number, with or without the leading `#`; exact only."""
    bare = number.strip().lstrip("#")
    if not bare or len(bare) > MAX_CHARACTERS:
        return frozenset()
    with app.store.read() as uow:
        tables = uow.versions.latest().tables
    with app.lake.open(tables, [shop_id]) as view:
        orders = view.raw("orders")  # an old revision of an order is still that person's order
        mine = orders.filter(orders.order_ref.isin([bare, f"#{bare}"]), orders.subject_id.notnull())
        found = mine.select("subject_id").distinct().to_pyarrow()
    return frozenset(found["subject_id"].to_pylist())
