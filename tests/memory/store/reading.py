"""A reader that runs in a process of its own; it stands alone so that such a process loads little."""

import time
from multiprocessing.synchronize import Event
from typing import Any

from memory.store.engine import open_store


def read_until_told(url: str, ready: Event, enough: Event, results: Any) -> None:
    store = open_store(url)
    n_reads = n_torn = 0
    while not enough.is_set() or n_reads == 0:
        with store.read() as uow:
            name = uow.shops.get("alpha").name
            if uow.shops.get("beta").name != name:
                n_torn += 1
        n_reads += 1
        ready.set()
        time.sleep(0.001)  # leaves the writer a turn on a machine with few cores
    store.close()
    results.put((n_reads, n_torn))
