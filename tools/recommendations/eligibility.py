"""May this person buy this article? Refills and bundles for owners are sold to owners of a component only (S1-43)."""

from datetime import datetime

from memory.domain.outcome import Allowed, Blocked, Denied, Verdict
from memory.lake.view import LakeView

from .links import for_owners
from .shelf import bought, returned


def may_buy(view: LakeView, person_id: str, sku: str, as_of: datetime) -> Verdict:
    """Allow what anybody may buy, and what is for owners to who bought and kept a component; deny it to all others."""
    links = for_owners(view)
    links = links.filter(links.owners_sku == sku)
    components = sorted(links.to_pyarrow()["component"].to_pylist())
    if not components:
        return Allowed()
    mine = bought(view, as_of)
    mine = mine.filter(mine.person_id == person_id, mine.sku.isin(components), ~mine.is_gift)
    kept = mine.anti_join(returned(view, as_of), ["person_id", "sku"])
    if person_id and kept.count().to_pyarrow().as_py():
        return Allowed()
    message = f"{sku} is sold to owners of {', '.join(components[:5])} only."
    return Denied(reasons=(Blocked(rule="owners_only", code="owns_no_component", message=message),))
