"""Contexts remembered: a conversation asks for the same facts at every turn, and reading them takes seconds."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import timedelta
from pathlib import Path
from threading import Lock
from typing import TypeVar

from memory.domain.brief import Brief
from memory.domain.clock import Clock
from memory.domain.guardrails import Guardrails
from memory.domain.market import Shop
from memory.lake.lake import Lake
from memory.store.engine import Store
from memory.store.versions import DataVersion

from .context import PlanContext, completed, owners_of, read_context
from .kept_profiles import KeptProfiles
from .opened import FRESH, Opened, OpenFacts, Sought
from .outside import outside

__all__ = ["FRESH", "Contexts"]

T = TypeVar("T")
N_KEPT = 32
_KEPT: OrderedDict[tuple[object, ...], PlanContext] = OrderedDict()
"""The contexts read last in this process, by everything they are made from: the names of the fact files are unique,
and a file is never written again."""
_LOCK = Lock()


class Contexts:
    """Contexts of one installation, read once while nothing they are made from changes. Safe in several threads."""

    def __init__(self, store: Store, lake: Lake, clock: Clock, *, keeps_open: bool = False) -> None:
        """Read nothing yet; with `keeps_open` the facts stay open for further questions until `close`."""
        self._store, self._lake, self._clock = store, lake, clock
        self._open = OpenFacts(lake, keeps=keeps_open, make_profiles=KeptProfiles(store, lake))
        self._keeps_open = keeps_open
        self._files: tuple[int, tuple[str, ...]] = (-1, ())

    def gather(self, shop_id: str, brief: Brief) -> PlanContext:
        """Give what `agent.planning.context.gather` gives as of now, or gave a short while ago of the same facts.

        New facts, lessons or learned tables, other guardrails, another peak, day 0 or goal are read at once; facts that
        do not depend on the brief are not read again for it. It raises the same.
        """
        with self._store.read() as uow:
            shop, guardrails, version = uow.shops.get(shop_id), uow.guardrails.current(shop_id), uow.versions.latest()
            lessons, learned = uow.lessons.of(shop_id), uow.effects.get(shop_id)
            held, items = outside(uow, shop, self._clock.now()), uow.content_items.in_use(shop_id)
            source, owners = uow.code_sources.get(shop_id), owners_of(uow.order_mail.settings(shop_id))
        sought = self._sought(shop, version)
        claims, named = learned.claims() if learned else None, tuple(sorted(owners.items()))
        of_store = (lessons, claims, held, tuple(item.model_dump_json() for item in items), source, named)
        key, now = _key(sought, guardrails, of_store, brief), self._clock.now()
        with _LOCK:
            known = _KEPT.get(key)
        if known is not None and timedelta() <= now - known.as_of <= FRESH:
            return known
        with self._open.reading(sought, now) as facts:
            made = read_context(
                facts.view,
                shop,
                guardrails,
                version.number,
                brief,
                facts.as_of,
                profiles=facts.profiles() if self._keeps_open else None,
                remember=facts.remember,
            )
        made = completed(made, lessons, claims, held, items, source, owners)
        with _LOCK:
            _KEPT[key] = made
            _KEPT.move_to_end(key)
            while len(_KEPT) > N_KEPT:
                _KEPT.popitem(last=False)
        return made

    def read(self, context: PlanContext, name: Hashable, make: Callable[[Opened], T]) -> T:
        """Give what `make` finds in the facts of a context, as of its instant, or found before under the name.

        What it gives holds no person: it is remembered as long as the facts are open.
        """
        with self._store.read() as uow:
            version = uow.versions.get(context.data_version)
        with self._open.reading(self._sought(context.shop, version), context.as_of, exactly=True) as facts:
            return facts.remember(name, lambda: make(facts))

    def close(self) -> None:
        """Let go of open facts."""
        self._open.close()

    def _sought(self, shop: Shop, version: DataVersion) -> Sought:
        tables = tuple(sorted(version.tables.items()))
        sought = Sought(shop, tables, self._files[1], version)
        if self._files[0] == version.number and sought.are_there():
            return sought
        files = self._lake.files_of(version.tables)
        self._files = (version.number, tuple(sorted(file for each in files.values() for file in each)))
        return sought._replace(files=self._files[1])


def _key(sought: Sought, guardrails: Guardrails, of_store: Hashable, brief: Brief) -> tuple[object, ...]:
    return (
        sought.shop.model_dump_json(),
        guardrails.model_dump_json(),
        tuple(sorted(Path(file).name for file in sought.files)),
        of_store,
        brief.peak_from,
        brief.peak_until,
        brief.anchor_on,
        brief.goal,
    )
