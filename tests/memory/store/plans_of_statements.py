"""Listening to the statements of a database and asking SQLite how it would look up each: for the test of full reads."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, event

LARGE = (
    "outbox", "outside_send", "consent_event", "suppression", "contact", "person_state", "assignment", "identity",
    "identity_link", "preference", "risk_band", "triggered_step", "decision_batch", "inbox", "trigger_queue",
    "outside_state", "inventory_level", "inventory_item", "delivery", "provider_event", "release_place", "audit_entry",
    "goods_state",
)  # fmt: skip
"""Tables that grow with a shop's customers, articles, messages or time."""
BROAD = frozenset({"shop_id", "plan_id", "experiment_id", "state", "status", "channel", "kind"})
"""Columns of which one value stands for many rows."""
_SEARCH = re.compile(r"^SEARCH (\w+) .*\((.*)\)")
_COLUMN = re.compile(r"(\w+)[=<>]")
_PLACES = re.compile(r"IN \(\?(, \?)*\)")


@dataclass
class Heard:
    """Statements with the parameters of their first run, one per text."""

    statements: dict[str, tuple[str, Any]] = field(default_factory=dict)

    def take(self, statement: str, parameters: Any, *, is_many: bool) -> None:
        """Keep a statement unless one of the same text is known; lists of any length count as the same."""
        if statement.lstrip().upper().startswith(("SELECT", "UPDATE", "DELETE", "INSERT", "WITH")):
            first = parameters[0] if is_many and parameters else parameters
            self.statements.setdefault(_PLACES.sub("IN (?)", statement), (statement, first))


@contextmanager
def listening(engine: Engine) -> Iterator[Heard]:
    """Hear every statement of the engine while the block runs."""
    heard = Heard()

    def take(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        heard.take(statement, parameters, is_many=many)

    event.listen(engine, "before_cursor_execute", take)
    try:
        yield heard
    finally:
        event.remove(engine, "before_cursor_execute", take)


def reads_too_much(engine: Engine, heard: Heard) -> list[tuple[str, str]]:
    """Give (table, statement) of statements that read all rows of a large table, or all of a shop's or a plan's."""
    found: list[tuple[str, str]] = []
    with engine.connect() as connection:
        cursor = connection.connection.dbapi_connection.cursor()  # type: ignore[union-attr]
        for text, (statement, parameters) in heard.statements.items():
            steps = [row[3] for row in cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters).fetchall()]
            found += [(table, text) for step in steps if (table := _read_whole(step)) in LARGE]
    return sorted(set(found))


def _read_whole(step: str) -> str | None:
    """Give the table of a step of a query plan that reads it whole, or a shop's or plan's part of it."""
    words = step.split()
    if words[0] == "SCAN":
        return words[1]
    search = _SEARCH.match(step)
    return search[1] if search and BROAD.issuperset(_COLUMN.findall(search[2])) else None
