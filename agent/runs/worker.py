"""A worker: fires schedules, sees runs through, drains the outbox, watches releases and codes, tells, learns."""

import os
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

import structlog

from agent.alerts import tell, tell_requests
from agent.approval import pass_on
from agent.codes.keeping import CodeKeeper
from agent.dispatch import DispatchReport, dispatch
from agent.learning.daily import learn_daily
from agent.learning.learning import learn_due
from agent.monday.telling import tell_monday
from agent.order_mail import send_order_mail
from agent.order_mail.expecting import expect
from memory.domain.errors import SecondOrderError
from memory.domain.run import Worker
from memory.store.engine import StoreUnavailable
from tools.thanks.friends import bring_friends
from tools.thanks.keeping import prepare_daily

from .amending import carry_over
from .engine import RUNS_VERSION, RunEngine
from .firing import ensure_ticks, fire_due
from .releasing import review_releases
from .steps import look_at_gates

if TYPE_CHECKING:
    from agent.assembly import App

LEASE = timedelta(seconds=15)
"""A worker that has not said for so long that it lives counts as dead, and others take up its runs."""
BEAT_SECONDS = 1.0
DRAIN_SECONDS = 5.0
LEARN_SECONDS = 60.0
FRIENDS_SECONDS = 30.0
CODES_SECONDS = 10.0
NOTIFY_SECONDS = 10.0
SPARE_FILES = 16
LEARN_EVERY = timedelta(hours=1)
LOG = structlog.get_logger("second_order.worker")


class LeftBehind(SecondOrderError):
    """A newer version of Second Order migrated the database. This worker ends; start the newer version instead."""

    http_status = 409


class RunWorker:
    """One worker of a process, in threads of its own."""

    def __init__(
        self, app: "App", base: str = "worker", *, version: str = RUNS_VERSION,
        heard: Callable[[str, DispatchReport], None] | None = None,
    ) -> None:  # fmt: skip
        """Prepare; `heard` is told of every dispatch that did something."""
        self._app, self._heard = app, heard
        self.engine = RunEngine(app, base, version=version)
        self._learned_at: datetime | None = None
        self._codes = CodeKeeper(app)
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Begin to work."""
        self.beat()
        self.engine.start()
        parts = (
            ("beat", self.round, BEAT_SECONDS),
            ("drain", self.drain, DRAIN_SECONDS),
            ("order_mail", self.send_order_mail, DRAIN_SECONDS),
            ("effects", self.learn_effects, LEARN_SECONDS),
            ("friends", self.bring_friends, FRIENDS_SECONDS),
            ("notify", self.notify, NOTIFY_SECONDS),
            ("codes", self.keep_codes, CODES_SECONDS),
        )
        for name, work, pause in parts:
            thread = threading.Thread(target=self.repeat, args=(name, work, pause), name=f"worker-{name}", daemon=True)
            thread.start()
            self._threads.append(thread)

    def wait(self) -> None:
        """Stay until somebody stops the worker."""
        while not self._stop.wait(3600):
            pass

    def stop(self) -> None:
        """End after the step in hand and sign off."""
        self._stop.set()
        for thread in self._threads:
            thread.join(30)
        self.engine.stop()
        with suppress(Exception), self._app.store.unit_of_work() as uow:
            uow.runs.sign_off(self.engine.name)

    def beat(self) -> None:
        """Say that this worker lives; raise `LeftBehind` where a newer version migrated the database."""
        now = self._app.clock.now()
        with self._app.store.unit_of_work() as uow:
            if self._app.store.is_left_behind(uow):
                raise LeftBehind
            uow.runs.beat(Worker(name=self.engine.name, version=self.engine.version, beat_at=now))

    def round(self) -> None:
        """One round of everything but the outbox; each part may be repeated."""
        app = self._app
        self.beat()
        ensure_ticks(app.store, app.clock)
        fire_due(app.store, app.clock)
        look_at_gates(app)
        for shop_id in _shops(app):
            carry_over(app.store, app.lake, app.clock, app.key, shop_id)
            review_releases(app.store, app.clock, shop_id)
            tell_monday(app, shop_id)
        self.engine.sweep(frozenset(one.name for one in live_workers(app)))
        tell(app)
        self.learn()

    def notify(self) -> None:
        """Pass requests on whose hours are over and tell people; beside the round, as vendors may be slow."""
        pass_on(self._app.store, self._app.clock)
        tell_requests(self._app)

    def learn(self) -> None:
        """Learn from plans that are over, once an hour: windows end at midnight. A plan that cannot be read waits."""
        app, now = self._app, self._app.clock.now()
        if self._learned_at is not None and now - self._learned_at < LEARN_EVERY:
            return
        self._learned_at = now
        for shop_id in _shops(app):
            try:
                learn_due(app.store, app.lake, app.recall, app.clock, shop_id)
            except SecondOrderError as error:
                LOG.warning("learning_failed", shop_id=shop_id, error=type(error).__name__)

    def learn_effects(self) -> None:
        """Learn each shop's effects, and prepare its thank-you page's goods, where a day has passed.

        In a thread of its own, because it may take minutes.
        """
        app = self._app
        for shop_id in _shops(app):
            if not self._stop.is_set():
                learn_daily(app.store, app.lake, app.clock, shop_id)
                prepare_daily(app.store, app.lake, app.clock, shop_id)

    def bring_friends(self) -> None:
        """Bring each shop's friends who came by a shared link to its facts; where that fails, they wait."""
        app = self._app
        for shop_id in _shops(app):
            try:
                bring_friends(app.store, app.lake, app.clock, app.key, shop_id)
            except SecondOrderError as error:
                LOG.warning("friends_wait", shop_id=shop_id, error=type(error).__name__)

    def keep_codes(self) -> None:
        """Ask shops for the codes that messages wait for, and look at redemptions where facts are new."""
        for shop_id in _shops(self._app):
            if not self._stop.is_set():
                self._codes.keep(shop_id)

    def drain(self) -> None:
        """Hand off what is due in every shop: one bounded pool of threads per channel."""
        app = self._app
        for shop_id in _shops(app):
            report = dispatch(
                app.store, app.channels, app.clock, app.key, shop_id, worker=self.engine.name,
                public_url=app.settings.public_url, markets=app.markets, lake=app.lake,
                threads=app.settings.channel_threads,
            )  # fmt: skip
            if self._heard and (report.n_sent or report.suppressed or report.failed or report.n_unknown):
                self._heard(shop_id, report)

    def send_order_mail(self) -> None:
        """Send each shop's due mails about orders; beside the outbox, so that no campaign keeps a receipt waiting."""
        app = self._app
        for shop_id in _shops(app):
            send_order_mail(
                app.store, app.lake, app.channels, app.clock, app.key, shop_id, partial(expect, app, shop_id),
                worker=self.engine.name, markets=app.markets, public_url=app.settings.public_url,
            )  # fmt: skip

    def repeat(self, name: str, work: Callable[[], None], pause: float, over: threading.Event | None = None) -> None:
        """Do one part of the work over and over until the worker is stopped, or `over`; what fails is logged."""
        while not (self._stop.is_set() or (over is not None and over.is_set())):
            try:
                work()
            except LeftBehind as error:
                LOG.error("worker_left_behind", part=name, why=str(error))
                self._stop.set()
            except StoreUnavailable as error:
                LOG.error("worker_round_failed", part=name, error=type(error).__name__, why=str(error))
            except Exception as error:  # one bad round must not end the worker
                why = {"why": short} if (short := short_of_files()) else {}
                LOG.error("worker_round_failed", part=name, error=type(error).__name__, **why)
            self._stop.wait(pause)


def short_of_files() -> str:
    """Say that hardly a file may be opened any more; empty where `SPARE_FILES` still may.

    Asked after an error whose own words we do not repeat: each library has its own for this.
    """
    held: list[int] = []
    try:
        for _ in range(SPARE_FILES):
            held.append(os.open(os.devnull, os.O_RDONLY))
    except OSError as error:
        return f"{error.strerror}; allow more open files, then it goes on by itself"
    finally:
        for handle in held:
            os.close(handle)
    return ""


def live_workers(app: "App") -> tuple[Worker, ...]:
    """Give the workers that said lately that they live."""
    since = app.clock.now() - LEASE
    with app.store.read() as uow:
        return tuple(one for one in uow.runs.workers() if one.beat_at > since)


def _shops(app: "App") -> tuple[str, ...]:
    with app.store.read() as uow:
        return tuple(shop.shop_id for shop in uow.shops.all())
