"""Facts kept open for a short while: what many questions of a conversation rest on is worked out once.

One row per person is among it, under pseudonyms, in a private database of this process. It goes when the facts change,
when one of their files goes (an erasure writes the files of a person anew), after `FRESH`, and when the installation
closes.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock, RLock, Timer
from typing import Any, NamedTuple, Protocol, TypeVar

import ibis.expr.types as ir

from memory.domain.market import Shop
from memory.lake.lake import Lake
from memory.lake.view import LakeView
from memory.store.versions import DataVersion
from tools.profile import build_profiles

T = TypeVar("T")
FRESH = timedelta(minutes=10)
"""For how long facts read stand in for those read now; only what depends on today's date could differ."""
READ_ONCE = ("orders", "events")
"""Fact tables that most questions read: an open reading works them out once, when first asked for."""
N_OPEN = 2
"""Readings kept open at a time: each may hold as much memory as a view of the lake."""


class MakeProfiles(Protocol):
    """Makes the profiles of a reading."""

    def __call__(self, view: LakeView, shop: Shop, as_of: datetime, version: DataVersion | None) -> ir.Table:
        """Give the rows of `build_profiles`, kept in the view."""
        ...


def built(view: LakeView, shop: Shop, as_of: datetime, version: DataVersion | None) -> ir.Table:
    """Build everybody from all facts."""
    return view.once("profiles", lambda: build_profiles(view, shop, as_of))


class Remember(Protocol):
    """Gives what was found under a name before, or finds it."""

    def __call__(self, name: Hashable, make: Callable[[], T]) -> T:
        """Give the value of the name."""
        ...


def each_time(name: Hashable, make: Callable[[], T]) -> T:
    """Remember nothing."""
    return make()


class Sought(NamedTuple):
    """Which facts are asked for."""

    shop: Shop
    """The shop."""
    tables: tuple[tuple[str, int], ...]
    """Lake table to version, by name."""
    files: tuple[str, ...]
    """Their files; names are unique and a file is never written again."""
    version: DataVersion | None = None
    """The data version these tables are of, where it is known."""

    def are_there(self) -> bool:
        """Say whether every file still is: an erasure takes some away."""
        return all(Path(file).exists() for file in self.files)


class Opened:
    """One reading of a shop's facts as of an instant. Used by one thread at a time, which holds `lock`."""

    def __init__(self, view: LakeView, sought: Sought, as_of: datetime, make_profiles: MakeProfiles) -> None:
        """Keep the view until `close`."""
        self.view, self.sought, self.as_of, self._make_profiles = view, sought, as_of, make_profiles
        self.lock, self.is_closed = RLock(), False
        self._known: dict[Hashable, Any] = {}

    def profiles(self) -> ir.Table:
        """Give `build_profiles` of the reading, worked out when first asked for."""
        sought = self.sought
        return self.remember(
            "profiles", lambda: self._make_profiles(self.view, sought.shop, self.as_of, sought.version)
        )

    def remember(self, name: Hashable, make: Callable[[], T]) -> T:
        """Give what was found under a name before, or find it."""
        if name not in self._known:
            self._known[name] = make()
        found: T = self._known[name]
        return found

    def close(self) -> None:
        """Let go of everything, once nobody reads any more."""
        with self.lock:
            if not self.is_closed:
                self.is_closed = True
                self.view.__exit__(None, None, None)


class OpenFacts:
    """The readings of one installation that are kept open, the newest last. Safe in several threads."""

    def __init__(self, lake: Lake, *, keeps: bool, make_profiles: MakeProfiles = built) -> None:
        """Open nothing yet; without `keeps` a reading is closed after its first use."""
        self._lake, self._keeps, self._guard, self._make_profiles = lake, keeps, Lock(), make_profiles
        self._open: list[Opened] = []
        self._timer: Timer | None = None

    @contextmanager
    def reading(self, sought: Sought, now: datetime, *, exactly: bool = False) -> Iterator[Opened]:
        """Give facts as of `now`, or as of up to `FRESH` before unless told `exactly`."""
        while True:
            opened = self._found(sought, now, exactly)
            with opened.lock:
                if opened.is_closed:  # between finding and holding it
                    continue
                try:
                    yield opened
                finally:
                    if not self._keeps:
                        self.close()
                return

    def close(self) -> None:
        """Close all."""
        with self._guard:
            gone, self._open = self._open, []
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
        for opened in gone:
            opened.close()

    def _found(self, sought: Sought, now: datetime, exactly: bool) -> Opened:
        with self._guard:
            kept = [one for one in self._open if _stands(one, sought, now)]
            gone = [one for one in self._open if one not in kept]
            oldest = timedelta() if exactly else FRESH
            fitting = (one for one in kept if one.sought == sought and timedelta() <= now - one.as_of <= oldest)
            found = next(fitting, None)
            if found is None:
                tables, shop_ids = dict(sought.tables), [sought.shop.shop_id]
                view = self._lake.open(tables, shop_ids, read_once=READ_ONCE if self._keeps else ())
                found = Opened(view, sought, now, self._make_profiles)
                self._let_go_later()
            kept = [*(one for one in kept if one is not found), found]
            self._open, gone = kept[-N_OPEN:], [*gone, *kept[:-N_OPEN]]
        for opened in gone:
            opened.close()
        return found

    def _let_go_later(self) -> None:
        """Close everything once the newest reading is old: nobody may ever ask again."""
        if self._timer is not None:
            self._timer.cancel()
        if self._keeps:
            self._timer = Timer(FRESH.total_seconds(), self.close)
            self._timer.daemon = True
            self._timer.start()


def _stands(opened: Opened, sought: Sought, now: datetime) -> bool:
    """Say whether a reading may be used again: neither old, nor of facts that were replaced, nor of files that went."""
    is_fresh = abs(now - opened.as_of) <= FRESH
    is_older = opened.sought.shop.shop_id == sought.shop.shop_id and opened.sought.files != sought.files
    return is_fresh and not is_older and opened.sought.are_there()
