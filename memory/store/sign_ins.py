"""Sign-ins: password hashes, identities at an OpenID provider, and server-side sessions of browsers."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import CursorResult
from sqlmodel import Field, Session, SQLModel, col, delete

from memory.domain.base import Frozen, Instant
from memory.domain.errors import InvalidInput
from memory.domain.principal import Principal

from .principals import Principals

SESSION_BYTES = 32
"""256 bits from the operating system; ASVS 7.2.3 asks for 128."""
SESSION_LIFE = timedelta(hours=12)
SESSION_IDLE = timedelta(hours=2)
SignInHow = Literal["password", "oidc", "token"]


class Credential(Frozen):
    """What is kept of a password."""

    principal_id: str
    """Whose."""
    password_hash: str
    """Argon2id, with its salt and parameters."""
    set_by: str
    """Who chose it."""
    set_at: Instant
    """When."""


class CredentialRow(SQLModel, table=True):
    """The row of a password: a hash, never the password."""

    __tablename__ = "credential"

    principal_id: str = Field(primary_key=True, foreign_key="principal.id")
    password_hash: str
    set_by: str
    set_at: datetime


class OutsideIdentityRow(SQLModel, table=True):
    """The row that says which principal an OpenID provider's subject is; a subject is one principal only."""

    __tablename__ = "outside_identity"

    issuer: str = Field(primary_key=True)
    subject: str = Field(primary_key=True)
    principal_id: str = Field(foreign_key="principal.id", index=True)
    linked_by: str
    linked_at: datetime


class BrowserSessionRow(SQLModel, table=True):
    """The row of a signed-in browser: a hash of its cookie, never the cookie."""

    __tablename__ = "browser_session"

    id_hash: str = Field(primary_key=True)
    principal_id: str = Field(foreign_key="principal.id", index=True)
    how: str
    token_hash: str = ""
    """The API token it was opened with: what ends or limits the token ends or limits the session."""
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


class SignIns:
    """Reads and changes credentials and browser sessions. The rules sit in `agent.sign_in`."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session

    def credential(self, principal_id: str) -> Credential | None:
        """Give a principal's password hash, or none."""
        row = self._session.get(CredentialRow, principal_id)
        return Credential.model_validate(row.model_dump()) if row else None

    def set_password(self, principal_id: str, password_hash: str, by: str, at: datetime) -> None:
        """Keep a password's hash and end every session that the former one opened."""
        row = self._session.get(CredentialRow, principal_id)
        if row is None:
            row = CredentialRow(principal_id=principal_id, password_hash=password_hash, set_by=by, set_at=at)
        row.password_hash, row.set_by, row.set_at = password_hash, by, at
        self._session.add(row)
        self._session.flush()
        self.end_all(principal_id)

    def link(self, issuer: str, subject: str, principal_id: str, by: str, at: datetime) -> None:
        """Say who a provider's subject is; raise `InvalidInput` where the subject is somebody else already."""
        row = self._session.get(OutsideIdentityRow, (issuer, subject))
        if row is not None and row.principal_id != principal_id:
            raise InvalidInput(
                what="the subject", why="it is another principal already", remedy="One identity is one principal"
            )
        if row is None:
            self._session.add(
                OutsideIdentityRow(
                    issuer=issuer, subject=subject, principal_id=principal_id, linked_by=by, linked_at=at
                )
            )
            self._session.flush()

    def linked(self, issuer: str, subject: str) -> str:
        """Give the principal's id that a provider's subject is, or an empty text."""
        row = self._session.get(OutsideIdentityRow, (issuer, subject))
        return row.principal_id if row else ""

    def open(self, principal_id: str, how: SignInHow, at: datetime, token: str = "") -> str:
        """Give a new session id, known to the browser only; its hash is kept."""
        session_id = secrets.token_urlsafe(SESSION_BYTES)
        self._session.add(
            BrowserSessionRow(
                id_hash=_hash(session_id),
                principal_id=principal_id,
                how=how,
                token_hash=_hash(token) if token else "",
                created_at=at,
                seen_at=at,
                expires_at=at + SESSION_LIFE,
            )
        )
        self._session.exec(delete(BrowserSessionRow).where(col(BrowserSessionRow.expires_at) <= at))
        self._session.flush()
        return session_id

    def principal(self, session_id: str, at: datetime) -> Principal | None:
        """Give who a session belongs to with the rights of this instant; none where it ended or idled too long."""
        row = self._session.get(BrowserSessionRow, _hash(session_id))
        if row is None or row.expires_at <= at or row.seen_at + SESSION_IDLE <= at:
            return None
        principals = Principals(self._session)
        if row.how == "token":
            return principals.by_token_hash(row.token_hash, at)
        return principals.get(row.principal_id)

    def seen(self, session_id: str, at: datetime) -> None:
        """Note that a session was used."""
        row = self._session.get(BrowserSessionRow, _hash(session_id))
        if row is not None and row.seen_at < at:
            row.seen_at = at
            self._session.add(row)
            self._session.flush()

    def end(self, session_id: str) -> bool:
        """End a session at once; say whether there was one."""
        row = self._session.get(BrowserSessionRow, _hash(session_id))
        if row is None:
            return False
        self._session.delete(row)
        self._session.flush()
        return True

    def end_all(self, principal_id: str) -> int:
        """End every session of a principal; give how many."""
        ended: CursorResult[tuple[()]] = self._session.connection().execute(
            delete(BrowserSessionRow).where(col(BrowserSessionRow.principal_id) == principal_id)
        )
        self._session.expire_all()
        return ended.rowcount

    def forget_foreign(self, principal_id: str) -> None:
        """Forget a password that somebody else chose for the principal."""
        row = self._session.get(CredentialRow, principal_id)
        if row is not None and row.set_by != principal_id:
            self._session.delete(row)
            self._session.flush()


def _hash(session_id: str) -> str:
    return hashlib.sha256(session_id.encode("utf-8", "replace")).hexdigest()
