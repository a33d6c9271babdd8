"""Second channels at the hand-off: whoever reacted to the first message since the tick is left alone (S2-27).

Shares no code with the tick's own look: events of the store and facts of the lake are read afresh.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from memory.domain.market import Channel
from memory.lake.lake import Lake
from memory.lake.view import LakeView
from memory.store.engine import Store
from memory.store.instants import from_micros
from memory.store.outbox import OutboxRow
from memory.store.unit_of_work import UnitOfWork

from .communities import Communities
from .members import Members
from .readers import Readers

ANSWERS = ("opened", "clicked", "complained", "unsubscribed", "bounced")
"""Events of a provider after which a first message needs no second one."""
MAX_ROWS = 5_000
"""Due messages that a run looks at in the lake at once."""


class Reactions:
    """What the lake knows about the first messages of due second ones; asked once per run."""

    def __init__(self, store: Store, lake: Lake | None, shop_id: str, channel: Channel, now: datetime) -> None:
        """Look at what is due on the channel now; later arrivals are left to the next run."""
        self.members = Members(store, lake, shop_id, channel, now)
        """Who of those invited to become members is one by now."""
        self.communities = Communities(store, lake, shop_id, channel, now)
        """Who of those invited to a community is in it by now."""
        self.readers = Readers(store, lake, shop_id, channel, now)
        """Who of those an item of the library is sent to is a member by now."""
        with store.read() as uow:
            due = uow.outbox.due(shop_id, channel, now, MAX_ROWS, lock=False)
            rows = [row for row in due if row.first_key]
            self.seen = frozenset(row.send_key for row in rows)
            self._answered: frozenset[str] = frozenset()
            if not rows or lake is None:
                return
            firsts = {row.first_key: uow.outbox.get(row.first_key) for row in rows}
            people = uow.identities.people_of([row.person_id for row in rows])
            person = {row.first_key: people[row.person_id] for row in rows}
            tables = uow.versions.latest().tables
        sent = {key: (person[key], from_micros(first.finished_at)) for key, first in firsts.items() if first}
        with lake.open(tables, [shop_id]) as view:
            self._answered = _answered(view, sent)

    def refusal(self, uow: UnitOfWork, row: Any, state: Mapping[str, Any]) -> str:
        """Give why this second message does not go: `reacted` or `left_first_channel`; nothing for others."""
        if not row.first_key:
            return ""
        first = uow.outbox.get(row.first_key)
        if first is None or row.first_key in self._answered:
            return "reacted"
        return refusal_now(uow, first, state)


def refusal_now(uow: UnitOfWork, first: OutboxRow, state: Mapping[str, Any]) -> str:
    """Give what the store alone knows against a second message at this very instant."""
    last = state["last_order_at"]
    if last is not None and last >= from_micros(first.finished_at):
        return "reacted"
    if uow.deliveries.reacted([first.send_key], ANSWERS):
        return "reacted"
    is_open = state[f"consent_{first.channel}"] and not state[f"is_suppressed_{first.channel}"]
    return "" if is_open else "left_first_channel"


def _answered(view: LakeView, sent: Mapping[str, tuple[str, datetime]]) -> frozenset[str]:
    """Give the messages that a person's open, click or order answers; machines do not count."""
    events, orders = view.table("events"), view.table("orders")
    people = sorted({person for person, _ in sent.values()})
    ours = events.filter(~events.is_machine & events.kind.isin(("mail_open", "mail_click")))
    named = ours.filter(ours.message_id.isin(list(sent))).select("message_id").to_pyarrow()["message_id"].to_pylist()
    loose = ours.filter(ours.person_id.isin(people) & (ours.message_id.isnull() | (ours.message_id == "")))
    bought = orders.filter(orders.person_id.isin(people))
    deeds: list[tuple[str, datetime]] = []
    for table in (loose, bought):
        rows = table.select("person_id", "event_at").to_pyarrow().to_pylist()
        deeds += [(row["person_id"], row["event_at"]) for row in rows]
    later = {key for key, (person, at) in sent.items() if _any(deeds, person, at)}
    return frozenset(named) | later


def _any(deeds: Sequence[tuple[str, datetime]], person: str, since: datetime) -> bool:
    return any(who == person and at >= since for who, at in deeds)
