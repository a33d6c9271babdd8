"""Reading one person: the profile's row with the origin of each value, the merged records, contact data if allowed."""

from datetime import UTC, datetime
from typing import Any

import ibis

from memory.domain.errors import InvalidInput, NotFound
from memory.domain.market import Shop
from memory.lake.lake import Lake
from memory.lake.view import LakeView
from memory.store.engine import Store
from memory.store.identities import IdentityLinkRow
from memory.store.unit_of_work import UnitOfWork
from tools.facts import open_facts
from tools.identity import address_key, normalise_email, normalise_phone
from tools.profile import build_profiles

from .person_view import MergeLog, PersonFact, PersonView

LOYAL_FIFTH = 4
LAPSED_FIFTH = 2
CONTEXT: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("top_category", "the category with the most units bought", ("orders", "order_lines")),
    ("top_category_share", "its share of all units bought", ("orders", "order_lines")),
    (
        "price_sensitivity_rate",
        "half the share of orders with a discount, half their depth over 30 % (at most 1); assumed, not measured",
        ("orders",),
    ),
    (
        "loyalty_status",
        "from the fifths of all buyers by recency, orders and revenue; no loyalty programme is imported",
        ("orders",),
    ),
)
FACTS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("n_orders", "purchases: paid, not cancelled, not refunded in full", ("orders",)),
    ("revenue_minor", "historic CLV in minor units of the shop's currency, net of refunds", ("orders",)),
    ("last_order_at", "the last purchase", ("orders",)),
    ("n_returns", "returns", ("events",)),
    ("late_delivery_share", "share of deliveries that came late", ("events",)),
    ("last_seen_at", "the last order, view, click, review or return", ("orders", "events")),
    ("market", "what the person said, else the last delivery's country, else the shop's home", ("people", "orders")),
    ("language", "what the person said", ("people",)),
    ("zone", "what the person said", ("people",)),
    ("consent_email", "the latest statement about marketing by e-mail", ("consents",)),
    ("consent_sms", "the latest statement about marketing by SMS", ("consents",)),
    ("consent_push", "the latest statement about marketing by push", ("consents",)),
)
UNDATED = datetime(1970, 1, 2, tzinfo=UTC)
"""Facts before this day have no time of their own, such as a customer list's languages."""
TABLES = ("orders", "order_lines", "events", "people", "consents")


class UnknownPerson(NotFound):
    """There is nobody {id} in this shop; `secondorder segment size` and `secondorder decision list` give pseudonyms."""


def find_person(uow: UnitOfWork, shop: Shop, key: bytes, address: str) -> str:
    """Give the person with exactly this e-mail address or phone number in the shop, found by keyed hash.

    Raise `InvalidInput` where it is neither, or where several people share it; `UnknownPerson` where nobody has it. The
    address stands in no message.
    """
    normal = normalise_email(address) if "@" in address else normalise_phone(address, shop.home_market)
    if normal is None:
        raise InvalidInput(
            what="the address", why="it is neither e-mail nor phone", remedy="Write it in full, or use a pseudonym"
        )
    subjects = uow.contacts.subjects_with(shop.shop_id, [address_key(key, normal)])
    people = sorted(set(uow.identities.people_of(subjects).values()))
    if not people:
        raise UnknownPerson(id="with that address")
    if len(people) > 1:
        raise InvalidInput(
            what="the address", why=f"{len(people)} people share it", remedy=f"Name one of {', '.join(people)}"
        )
    return people[0]


def person_view(
    store: Store, lake: Lake, shop_id: str, person_id: str, as_of: datetime, *, may_see_contact: bool
) -> PersonView:
    """Give what the shop knows of a person; raise `UnknownPerson` where it knows nobody of that pseudonym.

    Every value is worked out from the facts of the newest data version; nothing is kept in between.
    """
    with store.read() as uow:
        shop, version = uow.shops.get(shop_id), uow.versions.latest().number
        person = uow.identities.person_of(person_id)
        records = tuple(sorted(uow.identities.subjects_of([person])[person]))
        links = uow.identities.links_of(records)
        state = uow.person_state.get(shop_id, [person]).to_pylist()
        is_erased = bool(state and state[0]["is_erased"])
        contact = uow.contacts.by_person(shop_id, [person]).get(person) if may_see_contact and not is_erased else None
    with open_facts(store, lake, [shop_id], version) as view:
        origins = {name: _origin(view, name, person) for name in TABLES}
        if not state and all(origin["arrived"] is None for origin in origins.values()):
            raise UnknownPerson(id=person_id)
        profiles = build_profiles(view, shop, as_of)
        rows = profiles.filter(profiles.person_id == person).to_pyarrow().to_pylist()
    row: dict[str, Any] = rows[0] if rows else {}
    row["loyalty_status"] = loyalty_status(row)
    return PersonView(
        person_id=person,
        asked_for=person_id,
        shop_id=shop_id,
        data_version=version,
        as_of=as_of,
        context=tuple(_fact(row, origins, *each) for each in CONTEXT),
        facts=tuple(_fact(row, origins, *each) for each in FACTS),
        records=records,
        merges=tuple(_merge(link) for link in links),
        is_erased=is_erased,
        contact=contact,
    )


def loyalty_status(row: dict[str, Any]) -> str | None:
    """Give champion, loyal, repeat, one_time or lapsed from order count and RFM fifths; null without an order."""
    n, recency, frequency, money = (row.get(name) for name in ("n_orders", "r_quintile", "f_quintile", "m_quintile"))
    if not n or recency is None or frequency is None or money is None:
        return None
    if recency <= LAPSED_FIFTH:
        return "lapsed"
    if n == 1:
        return "one_time"
    if min(recency, frequency, money) >= LOYAL_FIFTH:
        return "champion"
    return "loyal" if frequency >= LOYAL_FIFTH else "repeat"


def _origin(view: LakeView, name: str, person: str) -> dict[str, Any]:
    rows = view.table(name)
    rows = rows.filter(rows.person_id == person)
    dated = rows.event_at > ibis.literal(UNDATED)
    sums = rows.aggregate(
        newest=rows.event_at.max(where=dated),
        arrived=rows.arrived_at.max(),
        sources=rows.source.collect(distinct=True),
    )
    found: dict[str, Any] = sums.to_pyarrow().to_pylist()[0]
    return found


def _fact(
    row: dict[str, Any], origins: dict[str, dict[str, Any]], name: str, definition: str, tables: tuple[str, ...]
) -> PersonFact:
    value = row.get(name)
    found = [origins[table] for table in tables]
    return PersonFact(
        name=name,
        value=value.isoformat() if isinstance(value, datetime) else value,
        definition=definition,
        tables=tables,
        sources=tuple(sorted({source for each in found for source in each["sources"] or ()})),
        newest_fact_at=max((each["newest"] for each in found if each["newest"]), default=None),
        arrived_at=max((each["arrived"] for each in found if each["arrived"]), default=None),
    )


def _merge(link: IdentityLinkRow) -> MergeLog:
    names = ("left_kind", "left_subject", "right_kind", "right_subject", "rule", "source", "at", "reversed_at",
             "reversed_by")  # fmt: skip
    return MergeLog(link_id=link.id or 0, **{name: getattr(link, name) for name in names})
