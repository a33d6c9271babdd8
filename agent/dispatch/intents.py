"""Intent at the hand-off: a message for one state ends where the person is in another by now (S2-22).

A tick decides hours before a message leaves. Whoever ordered, left a cart behind or came back to look around since then
no longer is whom the step's audience meant; what the newest data version says counts.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from memory.domain.market import Channel
from memory.domain.segment import AllOf, AnyOf, Intends, NotOf, SegmentRule, leaves
from memory.lake.lake import Lake
from memory.store.engine import Store
from memory.store.unit_of_work import UnitOfWork
from tools.profile.intent import intent_states

from .reactions import MAX_ROWS


class Intents:
    """The states of people whose due messages are for one; read again for newer data or a message not looked at."""

    def __init__(self, store: Store, lake: Lake | None, shop_id: str, channel: Channel) -> None:
        """Look at nothing yet. Without a lake no state is known, and what the tick found stands."""
        self._store, self._lake, self._shop_id, self._channel = store, lake, shop_id, channel
        self._version: int | None = None
        self._rules: dict[str, SegmentRule] = {}
        self._states: dict[str, str] = {}
        self._by_plan: dict[str, dict[str, SegmentRule]] = {}

    def look(self, now: datetime) -> None:
        """Read who is in which state now; nothing where no due message asks, or the facts are those of the last look.

        Only the facts of the people behind these messages are read, outside of the claim's transaction.
        """
        if self._lake is None:
            return
        with self._store.read() as uow:
            version = uow.versions.latest()
            if version.number == self._version:
                return
            rows = uow.outbox.due(self._shop_id, self._channel, now, MAX_ROWS, lock=False)
            self._rules = self._asking(uow, rows)
            people = uow.identities.people_of(row.person_id for row in rows if row.send_key in self._rules)
            subjects = uow.identities.subjects_of(set(people.values()))
        self._version, self._states = version.number, {}
        if self._rules:
            everybody = sorted({subject for ones in subjects.values() for subject in ones})
            self._states = self._states_of(version.tables, everybody, now)

    def refusal(self, uow: UnitOfWork, row: Any, person: str) -> str | None:
        """Give `intent_changed`, or nothing; None for a message this run has not looked at."""
        if self._lake is None:
            return ""
        rule = self._rules.get(row.send_key)
        if rule is None:
            if not self._asking(uow, [row]):
                return ""
            self._version = None  # it came due after the look, or beyond its rows: the next one is to see it
            return None
        return "intent_changed" if holds(rule, self._states.get(person, "")) is False else ""

    def _asking(self, uow: UnitOfWork, rows: Iterable[Any]) -> dict[str, SegmentRule]:
        """Give the audience rule of each message whose step asks for a state."""
        rules = ((row.send_key, self._rules_of(uow, row.plan_id).get(row.step_id)) for row in rows)
        return {send_key: rule for send_key, rule in rules if rule is not None}

    def _rules_of(self, uow: UnitOfWork, plan_id: str) -> dict[str, SegmentRule]:
        """Give the audiences of a plan's steps that ask for a state; a plan never changes."""
        if plan_id not in self._by_plan:
            audiences = ((step.id, step.audience) for step in uow.plans.get(plan_id).plan.steps())
            self._by_plan[plan_id] = {
                step_id: rule
                for step_id, rule in audiences
                if rule is not None and any(isinstance(leaf, Intends) for leaf in leaves(rule))
            }
        return self._by_plan[plan_id]

    def _states_of(self, tables: Mapping[str, int], subjects: Sequence[str], now: datetime) -> dict[str, str]:
        assert self._lake is not None
        with self._lake.open(tables, [self._shop_id], subjects=subjects) as view:
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
