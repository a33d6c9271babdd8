"""The recorder: what a plan run or a chat asked, was told and decided, as a sealed chain with the model's traffic."""

import secrets
import time
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from pydantic import BaseModel

from agent.code import code_version
from memory.domain.canonical import canonical_json, content_hash
from memory.domain.clock import Clock
from memory.domain.session import Session, SessionEvent, SessionEventKind, SessionKind, SessionStatus
from memory.store.sessions import StoredSession
from memory.store.unit_of_work import UnitOfWork

from .cassette import Exchange, from_yaml, to_yaml
from .chain import entry, seal

if TYPE_CHECKING:
    import httpx2


class Recorder:
    """Keeps one session in memory; the edge that opened it saves it in its own unit of work."""

    def __init__(self, clock: Clock, key: bytes, head: Session) -> None:
        """Go on recording `head`; use `begin` for a new session and `resume` for a stored one."""
        self._clock, self._key = clock, key
        self.head = head
        self.events: list[SessionEvent] = []
        self.exchanges: list[Exchange] = []
        self.heard: Callable[[SessionEvent], None] | None = None
        """Hears every entry as it is made; nobody where none is given."""

    @classmethod
    def begin(
        cls,
        clock: Clock,
        key: bytes,
        *,
        shop_id: str,
        kind: SessionKind,
        principal: str,
        data_version: int = 0,
        guardrail_version: str = "",
        seed: int = 0,
        llm: str = "",
        session_id: str | None = None,
        start: dict[str, Any] | None = None,
    ) -> Self:
        """Begin a session; `start` is whatever a replay needs besides, as plain JSON without personal data."""
        head = Session(
            id=session_id or f"s{secrets.token_hex(8)}",
            shop_id=shop_id,
            kind=kind,
            principal=principal,
            started_at=clock.now(),
            status="running",
            data_version=data_version,
            guardrail_version=guardrail_version,
            seed=seed,
            llm=llm,
        )
        recorder = cls(clock, key, head)
        recorder.record("start", {**(start or {}), "session_id": head.id, "seed": seed, "code_version": code_version()})
        return recorder

    @classmethod
    def resume(cls, clock: Clock, key: bytes, stored: StoredSession) -> Self:
        """Go on with a stored session after checking its chain and seal; raise `SessionTampered`."""
        from .verify import verify

        verify(key, stored)
        recorder = cls(clock, key, stored.head)
        recorder.events = list(stored.events)
        recorder.exchanges = from_yaml(stored.cassette)
        return recorder

    def now(self) -> datetime:
        """Give the session's time: everything recorded reads the same clock."""
        return self._clock.now()

    def record(self, kind: SessionEventKind, body: dict[str, Any]) -> SessionEvent:
        """Add one entry; values are brought to plain JSON first."""
        event = entry(self.events, kind, self._clock.now(), _plain(body))
        self.events.append(event)
        if self.heard is not None:
            self.heard(event)
        return event

    def keep(self, exchange: Exchange) -> None:
        """Add one exchange with the model: the cassette holds it whole, the chain its hashes."""
        self.exchanges.append(exchange)
        body = {
            "number": len(self.exchanges),
            "request": content_hash(exchange.body),
            "answer": content_hash(exchange.answer),
            "status": exchange.status,
        }
        self.record("exchange", body)

    def transport(
        self,
        inner: "httpx2.BaseTransport | None" = None,
        *,
        seconds: float = 300.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> "httpx2.BaseTransport":
        """Give a transport of this session alone; two sessions at once never share a cassette."""
        from .deadline import TimedTransport
        from .transport import RecordingTransport

        return RecordingTransport(inner or TimedTransport(), self.keep, seconds=seconds, monotonic=monotonic)

    def note_usage(self, usage: dict[str, int], cost_microunits: int) -> None:
        """Add calls, tokens and cost of a model run to the head."""
        total = {name: self.head.usage.get(name, 0) + usage.get(name, 0) for name in {*self.head.usage, *usage}}
        cost = self.head.cost_microunits + cost_microunits
        self.head = self.head.model_copy(update={"usage": dict(sorted(total.items())), "cost_microunits": cost})

    def finish(self, status: SessionStatus, *, plan_id: str = "", stop_reason: str = "") -> None:
        """Close the session with how it ended; a chat may be resumed and finished again."""
        self.record("end", {"status": status, "plan_id": plan_id, "stop_reason": stop_reason})
        self.head = self.head.model_copy(
            update={"status": status, "plan_id": plan_id or self.head.plan_id, "stop_reason": stop_reason}
        )

    def rest(self, plan_id: str = "") -> None:
        """Leave a chat between two turns: its head says finished, and it may be resumed."""
        self.head = self.head.model_copy(update={"status": "finished", "plan_id": plan_id or self.head.plan_id})

    def stored(self) -> StoredSession:
        """Give the session as it would be stored now, sealed."""
        cassette = to_yaml(self.exchanges)
        return StoredSession(
            head=self.head,
            events=tuple(self.events),
            cassette=cassette,
            seal=seal(self._key, self.head, self.events, cassette),
        )

    def save(self, uow: UnitOfWork) -> None:
        """Write the session; the caller's unit of work commits it."""
        uow.sessions.save(self.stored())


def _plain(body: dict[str, Any]) -> dict[str, Any]:
    import json

    dumped = {
        name: value.model_dump(mode="json") if isinstance(value, BaseModel) else value for name, value in body.items()
    }
    plain: dict[str, Any] = json.loads(canonical_json(dumped))
    return plain
