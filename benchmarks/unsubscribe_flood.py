"""A flood on the unsubscribe endpoint: how long a real click takes to have effect, and whether the sender goes on.

Threads post without a pause: forged, cut and other installations' tokens, and one click over and over. Meanwhile
people leave whose message waits, over the same API, and a dispatcher works through the outbox. The provider's own
journal says whether anything left after its person had the answer.
"""

import random
import resource
import tempfile
import time
from collections import Counter
from pathlib import Path
from threading import Event, Thread

from tools.links.unsubscribe import PATH, token

from .measure import Figure
from .stopping import _leave, _p99, _raise_on_late, _Shop

CLICK = {"List-Unsubscribe": "One-Click"}
THREADS = 6


class _Flood:
    """Threads that post junk until they are told to stop."""

    def __init__(self, shop: _Shop) -> None:
        self._shop, self._is_over = shop, Event()
        self.status: Counter[int] = Counter()
        with shop.app.store.read() as uow:
            self._person = uow.outbox.due("nord", "email", shop.clock.now(), 1, lock=False)[0].person_id
        self._threads = [Thread(target=self._post, args=(number,)) for number in range(THREADS)]

    def __enter__(self) -> "_Flood":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        for thread in self._threads:
            thread.join()

    def _post(self, number: int) -> None:
        chance, valid = random.Random(number), token(self._shop.app.key, "nord", self._person, "email")
        while not self._is_over.is_set():
            text = (
                token(chance.randbytes(32), "nord", self._person, "email"),
                valid[: chance.randrange(1, len(valid))],
                "".join(chance.choices("abcdefghij-_", k=400)),
                valid,
            )[chance.randrange(4)]
            self.status[self._shop.client.post(PATH + text, data=CLICK).status_code] += 1


def run(short: bool) -> list[Figure]:
    """Give the 99th percentile of clicks in a flood beside that without one; raise where one came too late."""
    n_leave = 10 if short else 200
    with tempfile.TemporaryDirectory() as name, _Shop(Path(name), 120 if short else 3_000, "keyed") as shop:
        calm, answered = _leave(shop, n_leave // 2)
        before, n_sent, began = _resident_mb(), len(shop.sender.began), time.monotonic()
        with _Flood(shop) as flood:
            left, told = _leave(shop, n_leave)
            seconds, n_sent = time.monotonic() - began, len(shop.sender.began) - n_sent
        after = _resident_mb()
        shop.finish()
        _raise_on_late(shop, answered | told)
    wrong = {status: n for status, n in flood.status.items() if status not in (200, 404)}
    if wrong:
        raise RuntimeError(f"the flood got other answers than 200 and 404: {wrong}")
    n_posts = sum(flood.status.values())
    print(f"  {n_posts:,} posts in {seconds:.1f} s ({n_posts / seconds:,.0f}/s), {n_sent:,} mails left meanwhile")
    print(f"  largest resident memory {before:,.0f} MB before, {after:,.0f} MB after")
    what = f"click to effect in a flood, p99 of {len(left)}"
    return [Figure(what, _p99(left), _p99(calm), "s", "without a flood", "<= 1 s")]


def _resident_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
