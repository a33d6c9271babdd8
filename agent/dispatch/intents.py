"""Intent at the claim: a message for one state ends where the person is in another by now (S2-22).

A tick decides hours before a message leaves. Whoever ordered, left a cart behind or came back to look around since then
no longer is whom the step's audience meant; what the newest data version says counts. Right before the hand-off the
second checker asks once more, by counted deeds (`Deeds`).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from memory.domain.market import Channel
from memory.domain.segment import AllOf, AnyOf, Intends, NotOf, SegmentRule
from memory.lake.lake import Lake
from memory.lake.view import LakeView
from memory.store.engine import Store
from memory.store.unit_of_work import UnitOfWork
from tools.profile.intent import intent_states

from .deeds import Deeds
from .reactions import MAX_ROWS


class Intents:
    """The states of people whose due messages are for one; read again for newer data or a message not looked at."""

    def __init__(self, store: Store, lake: Lake | None, shop_id: str, channel: Channel) -> None:
        """Look at nothing yet. Without a lake no state is known: the second checker lets such messages wait."""
        self._store, self._lake, self._shop_id, self._channel = store, lake, shop_id, channel
        self._version: int | None = None
        self._rules: dict[str, SegmentRule] = {}
        self._states: Mapping[str, str] = {}
        self.deeds = Deeds(store, lake, shop_id)

    def look(self, now: datetime) -> None:
        """Read who is in which state now; nothing where no due message asks, or the facts are those of the last look.

        Only the facts of the people behind these messages are read, outside of the claim's transaction; what the
        second checker is shown of them is read along.
        """
        if self._lake is None:
            return
        with self._store.read() as uow:
            version = uow.versions.latest()
            if version.number == self._version:
                return
            rows = uow.outbox.due(self._shop_id, self._channel, now, MAX_ROWS, lock=False)
            self._rules = self.deeds.asking(uow, rows)
            people = uow.identities.people_of(row.person_id for row in rows if row.send_key in self._rules)
            subjects = uow.identities.subjects_of(set(people.values()))
        self._version, self._states = version.number, {}
        if self._rules:
            everybody = sorted({subject for ones in subjects.values() for subject in ones})
            with self._lake.open(version.tables, [self._shop_id], subjects=everybody) as view:
                self._states = _states(view, now)
                self.deeds.keep(version.number, view, set(people.values()), now)

    def refusal(self, uow: UnitOfWork, row: Any, person: str) -> str | None:
        """Give `intent_changed`, or nothing; None for a message this run has not looked at."""
        if self._lake is None:
            return ""
        rule = self._rules.get(row.send_key)
        if rule is None:
            if not self.deeds.asking(uow, [row]):
                return ""
            self._version = None  # it came due after the look, or beyond its rows: the next one is to see it
            return None
        return "intent_changed" if holds(rule, self._states.get(person, "")) is False else ""


def _states(view: LakeView, now: datetime) -> Mapping[str, str]:
    found = intent_states(view, now).select("person_id", "state").to_pyarrow()
    return dict(zip(found["person_id"].to_pylist(), found["state"].to_pylist(), strict=True))


def holds(rule: SegmentRule, state: str) -> bool | None:
    """Say whether a rule holds for whoever is in the state; None where that rests on what the tick found."""
    match rule:
        case Intends():
            return rule.state == state
        case NotOf():
            inner = holds(rule.of, state)
            return None if inner is None else not inner
        case AllOf():
            parts = [holds(part, state) for part in rule.of]
            return False if False in parts else (None if None in parts else True)
        case AnyOf():
            parts = [holds(part, state) for part in rule.of]
            return True if True in parts else (None if None in parts else False)
    return None
