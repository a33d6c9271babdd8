"""Who acts where: every verb takes one of these, and each names the permission it needs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from memory.domain.errors import NotFound, NotPermitted
from memory.domain.market import Shop
from memory.domain.principal import Permission, Principal

if TYPE_CHECKING:
    from agent.assembly import App
    from memory.lake.view import LakeView
    from memory.store.unit_of_work import UnitOfWork

Made = TypeVar("Made")


@dataclass(frozen=True)
class Acting:
    """A principal at work in one shop of an installation."""

    app: "App"
    """The installation."""
    principal: Principal
    """Who acts."""
    shop_id: str
    """In which shop."""

    def require(self, permission: Permission) -> None:
        """Raise `NotPermitted` unless the principal holds the permission in the shop."""
        self.principal.require(permission, self.shop_id)

    def require_person(self, permission: Permission) -> None:
        """Raise `NotPermitted` unless a person who holds the permission in the shop acts: never for an agent."""
        self.require(permission)
        if self.principal.kind != "human":
            raise NotPermitted(principal=self.principal.id, permission=permission, shop_id=self.shop_id)

    @contextmanager
    def write(self, action: str = "", subject: str = "", **detail: Any) -> Iterator["UnitOfWork"]:
        """Give the edge's one write transaction and log the action in it."""
        with self.app.store.unit_of_work() as uow:
            yield uow
            if action:
                uow.audit.append(self.principal.id, action, subject, self.app.clock.now(), detail)

    def log(self, action: str, subject: str, **detail: Any) -> None:
        """Log what was done in transactions of its own."""
        with self.write(action, subject, **detail):
            pass

    def own(self, kind: str, thing_id: str, shop_id: str) -> None:
        """Raise `NotFound` where the thing belongs to another shop: what is not yours does not exist."""
        if shop_id != self.shop_id:
            raise NotFound(kind=kind, id=thing_id)

    def shop(self) -> Shop:
        """Give the shop."""
        with self.app.store.read() as uow:
            return uow.shops.get(self.shop_id)

    @contextmanager
    def facts(self, version: int | None = None) -> Iterator["LakeView"]:
        """Open the shop's facts as of a data version, the newest where none is given."""
        from tools.facts import open_facts

        with open_facts(self.app.store, self.app.lake, [self.shop_id], version) as view:
            yield view

    @contextmanager
    def reading(self) -> "Iterator[tuple[LakeView, UnitOfWork, Shop]]":
        """Open the newest facts, the store and the shop for whoever may read."""
        self.require("read")
        with self.app.store.read() as uow:
            tables = uow.versions.latest().tables
            with self.app.lake.open(tables, [self.shop_id]) as view:
                yield view, uow, uow.shops.get(self.shop_id)

    def as_of(self, view: "LakeView") -> datetime:
        """Give the instant to read facts at: now, or the end of the day after the last order of an old data set."""
        last = view.table("orders").event_at.max().to_pyarrow().as_py()
        now = self.app.clock.now()
        return now if last is None else min(now, last + timedelta(days=1))

    def lately(self, name: str, make: "Callable[[Acting], Made]", *more: str) -> Made:
        """Give what `make` gives, or gave within the last minutes while neither facts nor guardrails changed.

        For pages that are opened again and again: in a large shop some figures take tens of seconds. `name`, and what
        else the value depends on as `more`, tell values apart; who may not read gets nothing.
        """
        self.require("read")
        with self.app.store.read() as uow:
            made_from = (str(uow.versions.number()), uow.guardrails.current_version(self.shop_id))
        return self.app.lately.get((name, self.shop_id, *made_from, *more), self.app.clock.now(), lambda: make(self))
