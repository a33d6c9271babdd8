"""Effects that a shop learns by itself: once a day, where decisions have matured, beside everything else."""

import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TypeVar

import structlog

from memory.domain.clock import Clock
from memory.domain.errors import SecondOrderError
from memory.domain.learned import ShopEffects
from memory.lake.lake import Lake
from memory.store.engine import Store
from memory.store.unit_of_work import UnitOfWork
from tools.effects.fatigue import WINDOW_DAYS as LEFT_WITHIN_DAYS
from tools.priors.measured import WINDOW_DAYS
from tools.timing.response_log import WITHIN_DAYS

from .effects import known_until, learn_from_log
from .learning import MEASUREMENT

EVERY = timedelta(days=1)
WINDOWS = tuple(timedelta(days=days) for days in (WITHIN_DAYS, LEFT_WITHIN_DAYS, WINDOW_DAYS))
"""After each of them a decision teaches something: hours and channels, fatigue, effects."""
NICENESS = 10
LOG = structlog.get_logger("second_order.learning")
Made = TypeVar("Made")


def learn_daily(store: Store, lake: Lake, clock: Clock, shop_id: str) -> ShopEffects | None:
    """Learn a shop's effects where a day has passed and decisions have matured since; none where it is not due.

    Of several workers one begins, and a failure is tried again a day later: it raises an alert, and never an error.
    While the kill switch is on in the shop nothing is learned.
    """
    now = clock.now()
    with store.read() as uow:
        if not is_due(uow, shop_id, now):
            return None
    with store.unit_of_work() as uow:
        if not uow.effects.begin(shop_id, now, EVERY):
            return None
    try:
        return learn_from_log(store, lake, clock, shop_id, MEASUREMENT, carried_out=gently)
    except SecondOrderError as error:
        why = str(error)
    except Exception as error:  # the words of a library may hold anything
        why = type(error).__name__
    LOG.warning("effects_not_learned", shop_id=shop_id, why=why)
    told = f"The shop's effects were not learned on {now.date()}; decisions go by what was known. {why[:500]}"
    with store.unit_of_work() as uow:
        uow.alerts.add(shop_id, "learning_failed", f"shop:{shop_id}", told, now)
        uow.audit.append(MEASUREMENT, "effects.learn_failed", f"shop:{shop_id}", now, {})
    return None


def is_due(uow: UnitOfWork, shop_id: str, now: datetime) -> bool:
    """Say whether a day has passed since effects were learned and a window of a decision ended in known facts since."""
    if uow.switches.is_stopped(shop_id):
        return False
    known, newest = uow.effects.get(shop_id), uow.versions.latest()
    if known is not None and known.learned_at <= now < known.learned_at + EVERY:
        return False
    since = None if known is None else known_until(known.learned_at, uow.versions.get(known.data_version))
    until = known_until(now, newest)
    return any(uow.batches.has_decided(shop_id, since and since - window, until - window) for window in WINDOWS)


def gently(work: Callable[[], Made]) -> Made:
    """Do some arithmetic in a thread of its own that gives way to others where the system lets threads do so.

    Niceness cannot be taken back, and a thread hands it on to those it starts: work that starts a database's threads
    must not be done here.
    """
    with ThreadPoolExecutor(1, "gently", initializer=_give_way) as pool:
        return pool.submit(work).result()


def _give_way() -> None:
    with suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
