"""The one place that builds and wires an installation."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from memory.domain.clock import Clock, SystemClock
from memory.domain.errors import SecondOrderError
from memory.faults import arm

from . import tracing
from .settings import Settings

if TYPE_CHECKING:
    from agent.lately import Lately
    from agent.planning.contexts import Contexts
    from agent.rights.journal import ErasureJournal
    from memory.domain.codes import CodeSource
    from memory.domain.market import Channel
    from memory.lake.lake import Lake
    from memory.recall.notes import Recall
    from memory.store.audit import AuditAnchor
    from memory.store.engine import Store
    from memory.store.vault import KeyFile, Vault
    from tools.channels import Sender
    from tools.codes import CodeShop
    from tools.markets import Markets

KEY_BYTES = 32


class UnusableHome(SecondOrderError):
    """The folder {path} cannot hold an installation: {why}. Point SECONDORDER_HOME at a folder you may write to."""

    http_status = 422


class UnusableStore(SecondOrderError):
    """The database cannot be opened: {why}. Check SECONDORDER_DATABASE_URL and run `secondorder doctor`."""

    http_status = 422


@dataclass(frozen=True)
class App:
    """Everything the edges need; the heavy parts are made when first asked for."""

    settings: Settings
    """What the environment says."""
    clock: Clock
    """Where the time comes from."""
    senders: Mapping["Channel", "Sender"] | None = field(default=None, repr=False)
    """Channels given from outside (tests, simulations); built from the settings where none are given."""

    @cached_property
    def key(self) -> bytes:
        """The installation's secret: pseudonyms, arms, links and sessions are keyed by it."""
        return _secret(self.settings.home / "secret.key")

    @cached_property
    def store(self) -> "Store":
        """The operational store, migrated to this version, its rows of articles filled from the lake."""
        store = _open_store(self.settings)
        with store.read() as uow:
            is_behind = uow.goods_state.is_behind(uow.versions.latest().tables)
        if is_behind:  # updated from a version without these rows; else nothing of the lake is imported
            from tools.goods_state import fill_goods

            fill_goods(store, self.lake)
        store.open_vault = lambda: self.vault
        store.on_audit = lambda entry: self.audit_anchor.note(entry)
        return store

    @cached_property
    def lately(self) -> "Lately":
        """What was worked out within the last minutes."""
        from agent.lately import Lately

        return Lately()

    @cached_property
    def expected(self) -> "Lately":
        """What shops' earlier shipments say of handling and arrival, worked out a few times a day."""
        from agent.lately import Lately
        from agent.order_mail.expecting import KEPT_FOR

        return Lately(kept_for=KEPT_FOR)

    @cached_property
    def lake(self) -> "Lake":
        """The facts."""
        from memory.lake.lake import Lake

        return Lake(self.settings.lake)

    @cached_property
    def contexts(self) -> "Contexts":
        """What planners may look at, remembered while no fact changes."""
        from agent.planning.contexts import Contexts

        return Contexts(self.store, self.lake, self.clock, keeps_open=True)

    @cached_property
    def recall(self) -> "Recall":
        """Brand voice and lessons; opened when first asked."""
        from memory.recall.notes import Recall

        return Recall(self.settings.home / "recall")

    @cached_property
    def markets(self) -> "Markets":
        """Market data: language, currency, zones, legal hours."""
        from tools.markets import load_markets

        return load_markets()

    @cached_property
    def channels(self) -> Mapping["Channel", "Sender"]:
        """One sender per channel that is set up."""
        return self.senders if self.senders is not None else _senders(self.settings, self.clock)

    @cached_property
    def erasure_journal(self) -> "ErasureJournal":
        """Who was erased; kept apart from store and backups."""
        from agent.rights.journal import ErasureJournal

        return ErasureJournal(self.settings.erasure_journal, self.key)

    @cached_property
    def alert_senders(self) -> "tuple[tuple[Channel, str, Sender], ...]":
        """How alerts leave: (channel, address, sender) of each way that is set up."""
        return _alert_senders(self.settings, self.channels, self.clock)

    @cached_property
    def audit_anchor(self) -> "AuditAnchor":
        """The file outside the database that holds the audit log's head."""
        from memory.store.audit import AuditAnchor

        path = self.settings.audit_anchor
        path.parent.mkdir(parents=True, exist_ok=True)
        return AuditAnchor(path, self.key)

    @property
    def key_file(self) -> "KeyFile":
        """The file of keys that encrypt secrets where the environment gives none."""
        from memory.store.vault import KeyFile

        return KeyFile(self.settings.home / "secrets.key")

    @property
    def vault(self) -> "Vault":
        """The ring of keys that encrypt secrets at rest, newest first; read anew, as another process may rotate."""
        from memory.store.vault import Vault

        given = [self.settings.secret_key, self.settings.secret_key_before]
        return Vault([piece.encode("utf-8") for piece in given if piece] + [*self.key_file.read()])

    def code_shop(self, source: "CodeSource", token: str) -> "CodeShop":
        """The shop that makes codes on request, signed in with its token; whoever asks closes it."""
        from tools.channels.reach import Reach
        from tools.codes.shopify import ShopifyCodes

        reach = Reach(allows_loopback=self.settings.channels_allow_loopback)
        return ShopifyCodes(
            self.settings.shopify_url or f"https://{source.shopify_shop}", token, self.clock, reach=reach
        )

    def close(self) -> None:
        """Close what was opened."""
        if "contexts" in self.__dict__:
            self.contexts.close()
        if "store" in self.__dict__:
            self.store.close()


def assemble(
    settings: Settings, clock: Clock | None = None, *, senders: Mapping["Channel", "Sender"] | None = None
) -> App:
    """Build an installation from its settings; raises `UnusableHome` where the folder cannot be used.

    The store is opened and migrated when it is first asked for.
    """
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UnusableHome(path=settings.home, why=error.strerror or error) from None
    tracing.set_up(settings.otel_endpoint)
    arm(settings.faults, settings.profile)
    return App(settings=settings, clock=clock or SystemClock(), senders=senders)


def _secret(path: Path) -> bytes:
    """Read the key, or make one that only its owner may read; two processes at once agree on one."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        pass
    except OSError as error:
        raise UnusableHome(path=path.parent, why=error.strerror or error) from None
    else:
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_hex(KEY_BYTES).encode())
    key = path.read_bytes().strip()
    if len(key) < KEY_BYTES:
        raise UnusableHome(path=path.parent, why="its secret.key is damaged; restore it from a backup")
    return key


def _open_store(settings: Settings) -> "Store":
    from sqlalchemy.exc import SQLAlchemyError

    from memory.store.engine import open_store

    try:
        store = open_store(settings.database_url)
        store.migrate()
    except (SQLAlchemyError, OSError) as error:
        raise UnusableStore(why=str(getattr(error, "orig", None) or error).splitlines()[0]) from None
    return store


def _senders(settings: Settings, clock: Clock) -> "Mapping[Channel, Sender]":
    from tools.channels.wiring import ChannelSettings, wire_channels

    given = ChannelSettings(
        allows_loopback=settings.channels_allow_loopback,
        **{name: getattr(settings, name) for name in ChannelSettings.model_fields if name != "allows_loopback"},
    )
    return wire_channels(mailbox=settings.mailbox, clock=clock, given=given)


def _alert_senders(
    settings: Settings, channels: "Mapping[Channel, Sender]", clock: Clock
) -> "tuple[tuple[Channel, str, Sender], ...]":
    ways: list[tuple[Channel, str, Sender]] = []
    if settings.alert_email and "email" in channels:
        ways.append(("email", settings.alert_email, channels["email"]))
    if settings.alert_webhook_url:
        from tools.channels.webhook import WebhookSender

        webhook = WebhookSender(settings.alert_webhook_url, settings.alert_webhook_secret, clock)
        ways.append(("push", "alerts", webhook))
    return tuple(ways)
