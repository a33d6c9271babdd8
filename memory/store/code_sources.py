"""Where shops' codes come from, and what their Shopify discounts are called there."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field, Session, SQLModel

from memory.domain.codes import CodeSource, CodeSourceStanding


class CodeSourceRow(SQLModel, table=True):
    """The row of one shop's source."""

    __tablename__ = "code_source"

    shop_id: str = Field(primary_key=True)
    content: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    set_by: str
    set_at: datetime


class CodeDiscountRow(SQLModel, table=True):
    """The row of one offer's discount at the shop; it holds all codes of the offer."""

    __tablename__ = "code_discount"

    shop_id: str = Field(primary_key=True)
    plan_id: str = Field(primary_key=True)
    offer_id: str = Field(primary_key=True)
    first_code: str
    """The code it is made with, and by which it is found again where nobody knows whether it was made."""
    node_id: str = ""
    """The shop's name of it; empty while it is not there."""
    reason: str = ""
    """Why the shop refused it."""
    asked_at: datetime


class CodeSources:
    """Reads and writes sources and discounts."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session

    def get(self, shop_id: str) -> CodeSource | None:
        """Give a shop's source, or none where its codes come from nowhere."""
        found = self.standing(shop_id)
        return None if found is None else found.source

    def standing(self, shop_id: str) -> CodeSourceStanding | None:
        """Give a shop's source with who set it, or none."""
        row = self._session.get(CodeSourceRow, shop_id, populate_existing=True)
        if row is None:
            return None
        return CodeSourceStanding(source=CodeSource.model_validate(row.content), set_by=row.set_by, set_at=row.set_at)

    def put(self, shop_id: str, source: CodeSource, by: str, at: datetime) -> None:
        """Set a shop's source; codes that were given stay as they are."""
        known = self._session.get(CodeSourceRow, shop_id, populate_existing=True)
        row = known or CodeSourceRow(shop_id=shop_id, content={}, set_by=by, set_at=at)
        row.content, row.set_by, row.set_at = source.model_dump(mode="json"), by, at
        self._session.add(row)
        self._session.flush()

    def remove(self, shop_id: str) -> bool:
        """Take a shop's source away; false where it has none."""
        row = self._session.get(CodeSourceRow, shop_id, populate_existing=True)
        if row is not None:
            self._session.delete(row)
            self._session.flush()
        return row is not None

    def discount(self, shop_id: str, plan_id: str, offer_id: str) -> CodeDiscountRow | None:
        """Give an offer's discount, or none where nobody asked for one."""
        return self._session.get(CodeDiscountRow, (shop_id, plan_id, offer_id), populate_existing=True)

    def put_discount(self, row: CodeDiscountRow) -> None:
        """Write down what is known of an offer's discount."""
        self._session.merge(row)
        self._session.flush()
