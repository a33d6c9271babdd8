"""Guardrail versions: every set of limits a shop ever had, by content hash; the last one put is in force."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field, Session, SQLModel, col, select

from memory.domain.base import Frozen, Instant
from memory.domain.errors import NotFound, NotReady
from memory.domain.guardrails import Guardrails

from .numbers import BIG


class GuardrailVersion(Frozen):
    """One version and who set it."""

    version: str
    """Hash of the content."""
    guardrails: Guardrails
    """The limits."""
    set_by: str
    """Who set them."""
    set_at: Instant
    """When."""
    note: str
    """Why, in their words."""


class GuardrailRow(SQLModel, table=True):
    """The row of one setting; the same content may be set again later."""

    __tablename__ = "guardrail_version"

    seq: int | None = Field(default=None, sa_column=Column(BIG, primary_key=True))
    shop_id: str = Field(index=True)
    version: str = Field(index=True)
    content: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    set_by: str
    set_at: datetime
    note: str


class GuardrailVersions:
    """Reads and adds guardrail versions. Who may add them is decided by `agent.guardrails.setting`."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session

    def put(self, shop_id: str, guardrails: Guardrails, by: str, at: datetime, note: str = "") -> str:
        """Set the limits in force and give their version; nothing happens where they are in force already."""
        version = guardrails.version
        last = self._last(shop_id)
        if last is None or last.version != version:
            content = guardrails.model_dump(mode="json")
            self._session.add(
                GuardrailRow(shop_id=shop_id, version=version, content=content, set_by=by, set_at=at, note=note)
            )
            self._session.flush()
        return version

    def current(self, shop_id: str) -> Guardrails:
        """Give the limits in force; raise `NotReady` where a shop has none: without limits nothing is planned."""
        last = self._last(shop_id)
        if last is None:
            raise NotReady(
                what=f"shop {shop_id}",
                why="it has no guardrails",
                remedy="Set them with `secondorder guardrails set FILE`",
            )
        return Guardrails.model_validate(last.content)

    def current_version(self, shop_id: str) -> str:
        """Give the hash of the limits in force; empty where there are none."""
        query = select(GuardrailRow.version).where(GuardrailRow.shop_id == shop_id)
        newest = query.order_by(col(GuardrailRow.seq).desc()).limit(1)
        return str(self._session.connection().execute(newest).scalar() or "")

    def get(self, version: str) -> Guardrails:
        """Give the limits of a version; raise `NotFound`."""
        row = self._session.exec(select(GuardrailRow).where(GuardrailRow.version == version).limit(1)).first()
        if row is None:
            raise NotFound(kind="guardrails", id=version)
        return Guardrails.model_validate(row.content)

    def history(self, shop_id: str) -> tuple[GuardrailVersion, ...]:
        """Give all settings of a shop, oldest first."""
        query = select(GuardrailRow).where(GuardrailRow.shop_id == shop_id).order_by(GuardrailRow.seq)  # type: ignore[arg-type]
        return tuple(
            GuardrailVersion(
                version=row.version,
                guardrails=Guardrails.model_validate(row.content),
                set_by=row.set_by,
                set_at=row.set_at,
                note=row.note,
            )
            for row in self._session.exec(query)
        )

    def _last(self, shop_id: str) -> GuardrailRow | None:
        query = select(GuardrailRow).where(GuardrailRow.shop_id == shop_id).order_by(GuardrailRow.seq.desc())  # type: ignore[union-attr]
        return self._session.exec(query.limit(1)).first()
