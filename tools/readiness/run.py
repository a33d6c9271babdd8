"""Reading the evidence once and asking every element."""

from memory.lake.lake import Lake
from memory.store.engine import Store

from .elements import ELEMENTS, Readiness
from .evidence import gather_evidence


def readiness(store: Store, lake: Lake, shop_id: str) -> tuple[Readiness, ...]:
    """Say per plan element of the shop: works, works with an assumption, or cannot, and which file would fix it."""
    with store.read() as uow:
        evidence = gather_evidence(uow, lake, shop_id)
    return tuple(Readiness(element=name, title=title, **dict(element(evidence))) for name, title, element in ELEMENTS)
