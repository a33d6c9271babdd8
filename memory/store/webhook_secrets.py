"""Secrets with which shop systems sign their webhooks: sealed, several valid at once, so that one can be rotated."""

import secrets
from datetime import datetime

from sqlalchemy import Column, LargeBinary
from sqlmodel import Field, Session, SQLModel, col, select

from memory.domain.errors import NotFound


class WebhookSecretRow(SQLModel, table=True):
    """One secret of one shop system."""

    __tablename__ = "webhook_secret"

    id: str = Field(primary_key=True)
    shop_id: str
    domain: str = Field(index=True)
    """The shop's name at its system, such as `nord.myshopify.com`."""
    secret: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    """Sealed."""
    created_by: str
    created_at: datetime
    retired_at: datetime | None = None


class WebhookSecrets:
    """Reads and adds secrets."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session

    def add(self, shop_id: str, domain: str, sealed: bytes, by: str, at: datetime) -> str:
        """Keep a secret beside the ones that are valid already, and give its id."""
        row = WebhookSecretRow(
            id=secrets.token_hex(4), shop_id=shop_id, domain=domain, secret=sealed, created_by=by, created_at=at
        )
        self._session.add(row)
        self._session.flush()
        return row.id

    def valid(self, domain: str) -> list[WebhookSecretRow]:
        """Give the secrets of a domain that were not retired, newest first."""
        query = select(WebhookSecretRow).where(
            WebhookSecretRow.domain == domain, col(WebhookSecretRow.retired_at).is_(None)
        )
        return list(self._session.exec(query.order_by(col(WebhookSecretRow.created_at).desc())))

    def all(self, shop_id: str) -> list[WebhookSecretRow]:
        """Give all secrets of a shop, retired ones too, oldest first."""
        query = select(WebhookSecretRow).where(WebhookSecretRow.shop_id == shop_id)
        return list(self._session.exec(query.order_by(col(WebhookSecretRow.created_at), WebhookSecretRow.id)))

    def retire(self, shop_id: str, secret_id: str, at: datetime) -> None:
        """Let a secret sign nothing any more; raise `NotFound`."""
        row = self._session.get(WebhookSecretRow, secret_id)
        if row is None or row.shop_id != shop_id:
            raise NotFound(kind="webhook secret", id=secret_id)
        row.retired_at = row.retired_at or at
        self._session.flush()
