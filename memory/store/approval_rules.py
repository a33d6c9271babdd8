"""Rules around approvals: every version a shop ever had; the last one put is in force."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field, Session, SQLModel, col, select

from memory.domain.approval_rules import ApprovalRules, RulesInForce

from .numbers import BIG


class ApprovalRulesRow(SQLModel, table=True):
    """The row of one setting."""

    __tablename__ = "approval_rules"

    seq: int | None = Field(default=None, sa_column=Column(BIG, primary_key=True))
    shop_id: str = Field(index=True)
    version: str
    content: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    set_by: str
    set_at: datetime
    note: str


class ApprovalRulesVersions:
    """Reads and adds versions. Who may add them is decided by `agent.approval.rules`."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session

    def put(self, shop_id: str, rules: ApprovalRules, by: str, at: datetime, note: str) -> bool:
        """Set the rules in force; false where they are in force already."""
        if self.in_force(shop_id).version == rules.version:
            return False
        content = rules.model_dump(mode="json")
        self._session.add(
            ApprovalRulesRow(
                shop_id=shop_id, version=rules.version, content=content, set_by=by, set_at=at, note=note[:500]
            )
        )
        self._session.flush()
        return True

    def current(self, shop_id: str) -> ApprovalRules:
        """Give the rules in force; empty ones where nobody set any."""
        return self.in_force(shop_id).rules

    def in_force(self, shop_id: str) -> RulesInForce:
        """Give the rules in force with who set them."""
        query = select(ApprovalRulesRow).where(ApprovalRulesRow.shop_id == shop_id)
        row = self._session.exec(query.order_by(col(ApprovalRulesRow.seq).desc()).limit(1)).first()
        return _version(row) if row else RulesInForce(version=ApprovalRules().version, rules=ApprovalRules())

    def history(self, shop_id: str, limit: int = 100) -> tuple[RulesInForce, ...]:
        """Give a shop's versions, newest first."""
        query = select(ApprovalRulesRow).where(ApprovalRulesRow.shop_id == shop_id)
        rows = self._session.exec(query.order_by(col(ApprovalRulesRow.seq).desc()).limit(limit))
        return tuple(_version(row) for row in rows)


def _version(row: ApprovalRulesRow) -> RulesInForce:
    return RulesInForce(
        version=row.version,
        rules=ApprovalRules.model_validate(row.content),
        set_by=row.set_by,
        set_at=row.set_at,
        note=row.note,
    )
