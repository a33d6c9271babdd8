"""Contexts remembered: a conversation asks for the same facts at every turn, and reading them takes seconds."""

from collections import OrderedDict
from datetime import timedelta
from pathlib import Path
from threading import Lock

from memory.domain.brief import Brief
from memory.domain.clock import Clock
from memory.lake.lake import Lake
from memory.store.engine import Store

from .context import PlanContext, gather

FRESH = timedelta(minutes=10)
"""For how long a context stands in for one read now; only what depends on today's date could differ."""
N_KEPT = 32
_KEPT: OrderedDict[tuple[object, ...], PlanContext] = OrderedDict()
"""The contexts read last in this process, by everything they are made from: the names of the fact files are unique,
and a file is never written again."""
_LOCK = Lock()


class Contexts:
    """Contexts of one installation, read once while nothing they are made from changes. Safe in several threads."""

    def __init__(self, store: Store, lake: Lake, clock: Clock) -> None:
        """Read nothing yet."""
        self._store, self._lake, self._clock = store, lake, clock
        self._facts: tuple[int, tuple[str, ...]] = (0, ())

    def gather(self, shop_id: str, brief: Brief) -> PlanContext:
        """Give what `agent.planning.context.gather` gives as of now, or gave a short while ago of the same facts.

        New facts, lessons or learned tables, other guardrails, another peak, day 0 or goal are read at once. It raises
        the same.
        """
        key, now = self._key(shop_id, brief), self._clock.now()
        with _LOCK:
            known = _KEPT.get(key)
        if known is not None and timedelta() <= now - known.as_of <= FRESH:
            return known
        made = gather(self._store, self._lake, shop_id, brief, as_of=now)
        with _LOCK:
            _KEPT[key] = made
            _KEPT.move_to_end(key)
            while len(_KEPT) > N_KEPT:
                _KEPT.popitem(last=False)
        return made

    def _key(self, shop_id: str, brief: Brief) -> tuple[object, ...]:
        with self._store.read() as uow:
            shop, guardrails, version = uow.shops.get(shop_id), uow.guardrails.current(shop_id), uow.versions.latest()
            lessons, learned = uow.lessons.of(shop_id), uow.effects.get(shop_id)
        if self._facts[0] != version.number:
            files = self._lake.files_of(version.tables)
            self._facts = (version.number, tuple(sorted(Path(file).name for each in files.values() for file in each)))
        return (
            shop.model_dump_json(),
            guardrails.model_dump_json(),
            self._facts,
            lessons,
            learned.claims() if learned else None,
            brief.peak_from,
            brief.peak_until,
            brief.anchor_on,
            brief.goal,
        )
