"""What hand-off looks at last: the claim, the person and the kill switch, for several messages at once."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import Select, bindparam, select
from sqlmodel import Session

from .instants import to_micros
from .outbox import OutboxRow
from .person_state import PersonStateRow
from .switches import stops


class Reach:
    """Reads what is known of claimed messages right now."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._connection = session.connection()

    def of(self, claims: Sequence[tuple[str, int, str]], now: datetime) -> dict[str, Mapping[str, Any]]:
        """Give what is known of the people of claims (send key, fence, person id), by send key.

        That is the columns of `person_state`, `is_erased` true where no row is left, the claim's `lease_until`, and
        `is_stopped`: whether a kill switch stops the shop. A claim of another fence, one that does not stand any more
        and one whose lease has run out are missing.
        """
        asked = {send_key: (fence, person_id) for send_key, fence, person_id in claims}
        rows = self._connection.execute(_claims_query(), {"keys": sorted(asked), "at": to_micros(now)}).all()
        standing = [row for row in rows if row.fence == asked[row.send_key][0]]
        if not standing:
            return {}
        wanted = {
            "shops": sorted({row.shop_id for row in standing}),
            "people": sorted({asked[row.send_key][1] for row in standing}),
        }
        people = {
            (person["shop_id"], person["person_id"]): person
            for person in self._connection.execute(_people_query(), wanted).mappings()
        }
        found: dict[str, Mapping[str, Any]] = {}
        for row in standing:
            person = people.get((row.shop_id, asked[row.send_key][1]))
            of_claim = {"lease_until": row.lease_until, "is_stopped": row.is_stopped}
            found[row.send_key] = {**(person or {}), **of_claim, "is_erased": person is None or person["is_erased"]}
        return found


@cache
def _claims_query() -> Select[Any]:
    outbox = cast(Any, OutboxRow).__table__
    columns = (outbox.c.send_key, outbox.c.fence, outbox.c.shop_id, outbox.c.lease_until)
    return select(*columns, stops(outbox.c.shop_id).label("is_stopped")).where(
        outbox.c.send_key.in_(bindparam("keys", expanding=True)),
        outbox.c.state == "claimed",
        outbox.c.lease_until > bindparam("at"),
    )


@cache
def _people_query() -> Select[Any]:
    person = cast(Any, PersonStateRow).__table__
    return select(person).where(
        person.c.shop_id.in_(bindparam("shops", expanding=True)),
        person.c.person_id.in_(bindparam("people", expanding=True)),
    )
