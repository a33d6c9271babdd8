"""A plan that is live for sixty people; made once in a process and copied, because going live takes a second."""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import NamedTuple

from agent.tick import go_live
from agent.tick.go_live import GoneLive
from memory.domain.clock import ManualClock
from memory.lake.lake import Lake
from memory.store.engine import Store, open_store
from memory.store.tables import metadata
from tests.factories.doing import LIVE_AT, World, a_world

KEY = b"a key for tests only, 32 bytes.."


class LiveWorld(NamedTuple):
    """An installation with the plan of `a_world` live since `LIVE_AT`."""

    store: Store
    lake: Lake
    clock: ManualClock
    world: World
    gone: GoneLive


def a_live_world(folder: Path) -> LiveWorld:
    """Give an installation of its own in `folder`; the caller closes its store."""
    made, world, gone = _made()
    shutil.copyfile(made / "store.db", folder / "store.db")
    shutil.copytree(made / "lake", folder / "lake")
    store = open_store(f"sqlite:///{folder / 'store.db'}")
    return LiveWorld(store, Lake(folder / "lake"), ManualClock(LIVE_AT), world, gone)


@cache
def _made() -> tuple[Path, World, GoneLive]:
    folder = Path(tempfile.mkdtemp(prefix="live-world-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    store, lake, clock = open_store(f"sqlite:///{folder / 'store.db'}"), Lake(folder / "lake"), ManualClock(LIVE_AT)
    metadata.create_all(store.engine)
    world = a_world(store, lake, 60)
    gone = go_live(store, lake, clock, KEY, world.approved)
    store.close()
    return folder, world, gone
