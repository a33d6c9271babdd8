"""What a command works at: the installation, the principal who runs it, the shop, and where output goes."""

import getpass
import json
import os
import re
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar, get_args

from memory.domain.errors import InvalidInput, SecondOrderError
from memory.domain.principal import Permission, Principal

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.progress import Progress

    from agent.assembly import App
    from api.verbs.acting import Acting
    from memory.domain.approval import PlanStatus
    from memory.store.unit_of_work import UnitOfWork


Word = TypeVar("Word", bound=str)
DECISIONS: tuple[Literal["approve", "send_back", "reject"], ...] = ("approve", "send_back", "reject")
PUSH_CHANNELS: tuple[Literal["email", "sms", "push"], ...] = ("email", "sms", "push")


class UnknownPrincipal(SecondOrderError):
    """Nobody here is called {id}; make a first shop with `secondorder shop create`, or name a principal with --as."""

    http_status = 401


@dataclass
class Desk:
    """One command's place of work. Results go to stdout, everything else to stderr."""

    overrides: dict[str, Any] = field(default_factory=dict)
    """Settings given as options."""
    is_json: bool = False
    """Whether stdout gets JSON only."""
    has_spoken: bool = False
    """Whether a result has been printed."""

    @cached_property
    def app(self) -> "App":
        """The installation."""
        from agent.assembly import assemble
        from agent.settings import load_settings

        return assemble(load_settings(**self.overrides))

    @cached_property
    def out(self) -> "Console":
        """Where results for people go."""
        from rich.console import Console

        return Console(highlight=False)

    @cached_property
    def err(self) -> "Console":
        """Where progress and remarks go."""
        from rich.console import Console

        return Console(stderr=True, highlight=False)

    @cached_property
    def principal_id(self) -> str:
        """The id of whoever runs the command: `--as`, `SECONDORDER_AS` or the operating system's user."""
        return self.app.settings.as_principal or local_user()

    @cached_property
    def principal(self) -> Principal:
        """Whoever runs the command; raises `UnknownPrincipal`."""
        with self.app.store.read() as uow:
            known = {principal.id: principal for principal in uow.principals.all()}
        if self.principal_id not in known:
            raise UnknownPrincipal(id=self.principal_id)
        return known[self.principal_id]

    @cached_property
    def shop_id(self) -> str:
        """The shop worked on: `--shop`, `SECONDORDER_SHOP` or the only granted one."""
        named = self.app.settings.shop
        if named:
            return named
        granted = self.principal.shops()
        if len(granted) == 1:
            return granted[0]
        raise InvalidInput(
            what="the command without a shop",
            why=f"{self.principal.id} has a role in {len(granted)} shops",
            remedy="Name one with --shop" if granted else "Make one with `secondorder shop create`",
        )

    def require(self, permission: Permission) -> str:
        """Give the shop's id where the principal holds the permission in it; raises `NotPermitted`."""
        self.principal.require(permission, self.shop_id)
        return self.shop_id

    @cached_property
    def acting(self) -> "Acting":
        """The principal at work in the shop."""
        from api.verbs.acting import Acting

        return Acting(app=self.app, principal=self.principal, shop_id=self.shop_id)

    @contextmanager
    def write(self, action: str = "", subject: str = "", **detail: Any) -> Iterator["UnitOfWork"]:
        """Give the command's one write transaction and log the action in it."""
        with self.app.store.unit_of_work() as uow:
            yield uow
            if action:
                uow.audit.append(self.principal_id, action, subject, self.app.clock.now(), detail)

    def emit(self, value: Any, *shown: "RenderableType") -> None:
        """Print `value` as JSON, or `shown` to people."""
        self.has_spoken = True
        if self.is_json:
            print_json(value)
            return
        for part in shown:
            self.out.print(part)

    def remark(self, text: str) -> None:
        """Tell something beside the result, on stderr."""
        self.err.print(text, style="dim", markup=False)

    @contextmanager
    def progress(self) -> Iterator["Progress"]:
        """Give progress bars on stderr; silent where stderr is no terminal."""
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        with Progress(*columns, console=self.err, transient=True, disable=not self.err.is_terminal) as progress:
            yield progress

    def close(self) -> None:
        """Anchor the audit log and close what was opened."""
        app = self.__dict__.get("app")
        if app is None or "store" not in app.__dict__:
            return
        try:
            with app.store.read() as uow:
                app.audit_anchor.write(uow.audit)
        finally:
            app.close()


def local_user() -> str:
    """Give the operating system's user as a principal id."""
    try:
        name = getpass.getuser()
    except (OSError, KeyError):
        name = ""
    return re.sub(r"[^a-z0-9_.@-]", "-", name.lower()).strip("-_.@")[:64] or "local"


def print_json(value: Any) -> None:
    """Write one JSON document to stdout."""
    from pydantic_core import to_jsonable_python

    plain = to_jsonable_python(value, fallback=str)
    sys.stdout.write(json.dumps(plain, ensure_ascii=False, indent=2) + "\n")


def readable_file(path: Path) -> Path:
    """Give the path where it is a file that can be read; raises `InvalidInput`."""
    if not path.is_file():
        raise InvalidInput(what=str(path), why="there is no such file", remedy="Check the path")
    return path


def write_new(path: Path, content: bytes) -> None:
    """Write a file only its owner may read; raise `InvalidInput` where it exists."""
    try:
        _write_private(path, content)
    except OSError as error:
        raise InvalidInput(what=str(path), why=error.strerror or str(error), remedy="Name a new file") from None


def write_anew(path: Path, content: bytes) -> None:
    """Write a file only its owner may read, in the place of one that is there; raises `InvalidInput`.

    It is written beside and moved: nobody else can read it at any instant, nor who opened the earlier one.
    """
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        _write_private(beside, content)
        beside.replace(path)
    except OSError as error:
        with suppress(OSError):
            beside.unlink()
        raise InvalidInput(what=str(path), why=error.strerror or str(error), remedy="Name another file") from None


def _write_private(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)


def language_from(text: str) -> Literal["en", "zh"]:
    """Read a language of the product's own words; raises `InvalidInput`."""
    if text == "en":
        return "en"
    if text == "zh":
        return "zh"
    raise InvalidInput(what=f"language {text!r}", why="the product speaks two", remedy="Use en or zh")


def channel_from(text: str) -> Literal["email", "sms", "push"]:
    """Read a push channel; raises `InvalidInput`."""
    for channel in PUSH_CHANNELS:
        if channel == text:
            return channel
    raise InvalidInput(what=f"channel {text!r}", why="it is none", remedy="Use email, sms or push")


def one_of(option: str, text: str, words: tuple[Word, ...]) -> Word:
    """Read one of a few words; raises `InvalidInput`."""
    for word in words:
        if word == text:
            return word
    raise InvalidInput(what=f"{option} {text!r}", why="it is none", remedy=f"Use {', '.join(words)}")


def rates_from(text: str) -> tuple[float, ...]:
    """Read shares between 0 and 1 with commas between; raises `InvalidInput`."""
    try:
        rates = tuple(float(part) for part in text.split(","))
    except ValueError:
        rates = ()
    if not rates or not all(0 < rate < 1 for rate in rates):
        raise InvalidInput(what=repr(text), why="it is no list of shares between 0 and 1", remedy="Write 0.1,0.2")
    return rates


def day_from(text: str) -> date | None:
    """Read a day as YYYY-MM-DD, none where the text is empty; raises `InvalidInput`."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput(what=f"day {text!r}", why="it is no date", remedy="Write it as 2025-11-28") from None


def decision_from(text: str) -> Literal["approve", "send_back", "reject"]:
    """Read an approver's decision; raises `InvalidInput`."""
    for decision in DECISIONS:
        if decision == text.replace("-", "_"):
            return decision
    raise InvalidInput(what=f"decision {text!r}", why="it is none", remedy="Use approve, send_back or reject")


def instant_from(text: str) -> datetime | None:
    """Read an instant with its offset, none where the text is empty; raises `InvalidInput`."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise InvalidInput(what=f"instant {text!r}", why="it is none with an offset", remedy="Write 2025-12-02T09:00Z")
    return found


def planner_from(text: str) -> Literal["playbook", "llm"]:
    """Read a planner; raises `InvalidInput`."""
    if text == "playbook":
        return "playbook"
    if text == "llm":
        return "llm"
    raise InvalidInput(what=f"planner {text!r}", why="there is none", remedy="Use playbook or llm")


def status_from(text: str) -> "PlanStatus | None":
    """Read a plan's status, none where the text is empty; raises `InvalidInput`."""
    from memory.domain.approval import PlanStatus

    if not text:
        return None
    for status in get_args(PlanStatus):
        if status == text:
            found: PlanStatus = status
            return found
    raise InvalidInput(what=f"status {text!r}", why="there is none", remedy=f"Use {', '.join(get_args(PlanStatus))}")
