"""Opening a delivery: sealed bytes become rows that know where they came from."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from memory.store.inbox import InboxRow
from tools.ingest.errors import RowRejected
from tools.ingest.limits import MIB, Limits
from tools.ingest.payload import Json
from tools.ingest.strict_json import parse

from .accept import binding
from .friends import FRIENDS
from .newness import newness, object_key
from .sealing import unseal
from .topics import Kind, topic_of

LIMITS = Limits(max_document_bytes=2 * MIB, max_list_items=2_000)
"""What one delivery may hold."""
EVENTS = "events"
MAX_EVENTS = 1_000


@dataclass
class Delivered:
    """One object or event of a delivery."""

    row: InboxRow
    """The delivery."""
    place: int
    """Which of its rows, from 1."""
    kind: Kind | None
    """What it is; none for an event."""
    payload: Json
    """Its content."""
    key: str = ""
    """The outside object it is a state of."""
    state: int = 0
    """How new the state is."""


@dataclass
class Opened:
    """A delivery's rows, and why others can't be used."""

    rows: list[Delivered] = field(default_factory=list)
    """Rows to take."""
    wrong: list[tuple[int, str]] = field(default_factory=list)
    """(place, reason)."""


def open_delivery(key: bytes, row: InboxRow) -> Opened:
    """Read a delivery; whatever is wrong with it is a reason, never an exception."""
    opened = Opened()
    try:
        text = unseal(key, binding(row.shop_id, row.source, row.delivery_id), row.body).decode("utf-8")
        value = parse(text, LIMITS)
        if row.source == EVENTS:
            for place, entry in enumerate(events_of(value), 1):
                _open_event(opened, row, place, entry)
        elif row.source == FRIENDS:
            opened.rows.append(Delivered(row, 1, "friend", Json.of(value)))
        else:
            opened.rows.append(_object(row, value))
    except UnicodeDecodeError:
        opened.wrong.append((1, "it is not UTF-8"))
    except RowRejected as error:
        opened.wrong.append((1, str(error)))
    return opened


def events_of(value: object) -> list[object]:
    """Give the events of a batch; raise `RowRejected` for anything that is none."""
    if not isinstance(value, dict) or set(value) != {"events"} or not isinstance(value["events"], list):
        raise RowRejected('a batch is {"events": [...]}')
    events: list[object] = value["events"]
    if not 0 < len(events) <= MAX_EVENTS:
        raise RowRejected(f"a batch holds 1 to {MAX_EVENTS} events")
    return events


def _open_event(opened: Opened, row: InboxRow, place: int, entry: object) -> None:
    try:
        opened.rows.append(Delivered(row, place, None, Json.of(entry)))
    except RowRejected as error:
        opened.wrong.append((place, str(error)))


def _object(row: InboxRow, value: object) -> Delivered:
    topic = topic_of(row.topic)
    if topic is None:
        raise RowRejected("no such topic is taken in; unsubscribe it at the shop's system")
    payload = Json.of(value)
    if topic.kind in ("redact", "request"):
        return Delivered(row, 1, topic.kind, payload)
    return Delivered(row, 1, topic.kind, payload, object_key(topic.kind, payload), newness(topic.kind, payload))


def in_order(rows: list[Delivered]) -> Iterator[Delivered]:
    """Give objects from older to newer states, so that of two states in one batch the newer counts."""
    return iter(sorted(rows, key=lambda one: (one.state, one.row.id or 0, one.place)))
