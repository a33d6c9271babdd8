"""Secrets with which shop systems sign their webhooks: encrypted by the vault, several valid at once.

Rows of before the vault took them in were sealed under the installation's key, which cannot change. They stay
readable through `FormerlySealed` until a rotation has encrypted them anew.
"""

import re
import secrets
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Column, LargeBinary
from sqlmodel import Field, Session, SQLModel, col, select

from memory.domain.errors import NotFound

from .shop_secrets import needed, queue
from .vault import Vault

BY_VAULT = re.compile(rb"v1\.[0-9a-f]{12}\.[A-Za-z0-9_=-]+")


class WebhookSecretRow(SQLModel, table=True):
    """One secret of one shop system."""

    __tablename__ = "webhook_secret"

    id: str = Field(primary_key=True)
    shop_id: str
    domain: str = Field(index=True)
    """The shop's name at its system, such as `nord.myshopify.com`."""
    secret: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    """Encrypted."""
    created_by: str
    created_at: datetime
    retired_at: datetime | None = None


FormerlySealed = Callable[[WebhookSecretRow], str]
"""Gives the text of a row of before the vault took webhook secrets in."""


class WebhookSecrets:
    """Reads and adds secrets."""

    def __init__(self, session: Session, open_vault: Callable[[], Vault] | None) -> None:
        """Work on one transaction with the installation's keys, which are read when they are needed."""
        self._session = session
        self._open_vault = open_vault

    def add(self, shop_id: str, domain: str, text: str, by: str, at: datetime) -> str:
        """Keep a secret, encrypted, beside the ones that are valid already, and give its id."""
        queue(self._session)
        sealed = needed(self._open_vault).seal(text, *_context(shop_id, domain)).encode("ascii")
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

    def text_of(self, row: WebhookSecretRow, formerly: FormerlySealed) -> str:
        """Give a row's secret to who checks a signature; raise `Undecryptable` where its key is missing."""
        if not BY_VAULT.fullmatch(row.secret):
            return formerly(row)
        return needed(self._open_vault).open(row.secret.decode("ascii"), *_context(row.shop_id, row.domain))

    def rotate(self, fresh: Vault, formerly: FormerlySealed) -> int:
        """Encrypt every secret of every shop, retired ones too, with the first key of `fresh`; give how many.

        Raise `Undecryptable` before anything changes for good where one of them cannot be opened.
        """
        queue(self._session)
        rows = self._session.exec(select(WebhookSecretRow)).all()
        for row in rows:
            context = _context(row.shop_id, row.domain)
            is_ours = BY_VAULT.fullmatch(row.secret) is not None
            text = fresh.open(row.secret.decode("ascii"), *context) if is_ours else formerly(row)
            sealed = fresh.seal(text, *context)
            assert fresh.is_current(sealed)
            assert fresh.open(sealed, *context) == text
            row.secret = sealed.encode("ascii")
            self._session.add(row)
        self._session.flush()
        return len(rows)

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


def _context(shop_id: str, domain: str) -> tuple[str, ...]:
    return ("webhook", shop_id, domain)
