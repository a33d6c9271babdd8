"""Contexts remembered: a conversation asks for the same facts at every turn, and reading them takes seconds."""

from collections import OrderedDict
from datetime import timedelta
from threading import Lock

from memory.domain.brief import Brief
from memory.domain.clock import Clock
from memory.lake.lake import Lake
from memory.store.engine import Store

from .context import PlanContext, gather

FRESH = timedelta(minutes=10)
"""For how long a context stands in for one read now; only what depends on today's date could differ."""
N_KEPT = 16


class Contexts:
    """The contexts read last, by everything they depend on. Safe to use from several threads."""

    def __init__(self, store: Store, lake: Lake, clock: Clock) -> None:
        """Remember nothing yet."""
        self._store, self._lake, self._clock = store, lake, clock
        self._kept: OrderedDict[tuple[object, ...], PlanContext] = OrderedDict()
        self._lock = Lock()

    def gather(self, shop_id: str, brief: Brief) -> PlanContext:
        """Give what `agent.planning.context.gather` gives as of now, or gave a short while ago of the same facts.

        New facts or lessons, other guardrails, another peak, day 0 or goal are read at once. It raises the same.
        """
        key, now = self._key(shop_id, brief), self._clock.now()
        with self._lock:
            known = self._kept.get(key)
        if known is not None and timedelta() <= now - known.as_of <= FRESH:
            return known
        made = gather(self._store, self._lake, shop_id, brief, as_of=now)
        with self._lock:
            self._kept[key] = made
            self._kept.move_to_end(key)
            while len(self._kept) > N_KEPT:
                self._kept.popitem(last=False)
        return made

    def _key(self, shop_id: str, brief: Brief) -> tuple[object, ...]:
        with self._store.read() as uow:
            shop, guardrails, version = uow.shops.get(shop_id), uow.guardrails.current(shop_id), uow.versions.latest()
            lessons = uow.lessons.of(shop_id)
        return (
            shop,
            guardrails.version,
            version.number,
            lessons,
            brief.peak_from,
            brief.peak_until,
            brief.anchor_on,
            brief.goal,
        )
