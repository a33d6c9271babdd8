"""Principals with their roles per shop, and API tokens, of which only hashes are kept."""

import hashlib
import secrets
from datetime import datetime
from typing import get_args

from sqlalchemy import JSON, Column
from sqlmodel import Field, Session, SQLModel, col, delete, select

from memory.domain.base import Frozen, Instant
from memory.domain.errors import InvalidInput, NotFound, SecondOrderError
from memory.domain.principal import Grant, Permission, Principal, PrincipalKind, Role

TOKEN_PREFIX = "so_"  # noqa: S105  a mark that secret scanners can look for
TOKEN_BYTES = 32


class SelfGrant(SecondOrderError):
    """{principal} may not make themselves an approver; another admin of shop {shop_id} has to."""

    http_status = 403


class ApiToken(Frozen):
    """What is kept of a token; the token itself is shown once and never stored."""

    id: str
    """Its public id."""
    principal_id: str
    """Whose it is."""
    shop_ids: tuple[str, ...] = ()
    """The shops it is limited to; all of the principal's where none are given."""
    scopes: tuple[Permission, ...] = ()
    """The permissions it is limited to; all of the roles' where none are given."""
    created_at: Instant
    """When it was made."""
    expires_at: Instant
    """When it ends."""


class PrincipalRow(SQLModel, table=True):
    """The row of a principal."""

    __tablename__ = "principal"

    id: str = Field(primary_key=True)
    name: str
    kind: str
    is_active: bool = True


class GrantRow(SQLModel, table=True):
    """The row of one role in one shop."""

    __tablename__ = "principal_grant"

    principal_id: str = Field(primary_key=True, foreign_key="principal.id")
    shop_id: str = Field(primary_key=True, index=True)
    role: str = Field(primary_key=True)
    granted_by: str
    granted_at: datetime


class ApiTokenRow(SQLModel, table=True):
    """The row of a token: a hash, never the token."""

    __tablename__ = "api_token"

    id: str = Field(primary_key=True)
    principal_id: str = Field(foreign_key="principal.id", index=True)
    token_hash: str = Field(unique=True)
    shop_ids: list[str] = Field(sa_column=Column(JSON, nullable=False))
    scopes: list[str] = Field(sa_column=Column(JSON, nullable=False))
    created_at: datetime
    expires_at: datetime


class Principals:
    """Reads and changes principals, grants and tokens."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session

    def get(self, principal_id: str) -> Principal:
        """Give a principal with its present roles; one that was deactivated has none. Raises `NotFound`."""
        row = self._session.get(PrincipalRow, principal_id)
        if row is None:
            raise NotFound(kind="principal", id=principal_id)
        return self._principal(row)

    def all(self) -> list[Principal]:
        """Give every principal in order of id."""
        return [self._principal(row) for row in self._session.exec(select(PrincipalRow).order_by(PrincipalRow.id))]

    def add(self, principal: Principal, at: datetime, by: str = "") -> Principal:
        """Add a principal with its grants; raises `InvalidInput` where the id is taken."""
        if self._session.get(PrincipalRow, principal.id) is not None:
            raise InvalidInput(
                what=f"principal {principal.id}", why="the id is taken", remedy="Choose another id, or grant it a role"
            )
        self._session.add(PrincipalRow(id=principal.id, name=principal.name, kind=principal.kind))
        self._session.flush()
        for grant in principal.grants:
            self._add_grant(principal.id, grant, by or principal.id, at)
        return principal

    def grant(self, principal_id: str, grant: Grant, by: str, at: datetime) -> Principal:
        """Give a role in a shop, once; nobody makes themselves an approver (`SelfGrant`)."""
        if by == principal_id and grant.role == "approver":
            raise SelfGrant(principal=by, shop_id=grant.shop_id)
        principal = self.get(principal_id)
        if not self._session.get_one(PrincipalRow, principal_id).is_active:
            raise InvalidInput(what=f"principal {principal_id}", why="it was deactivated", remedy="Add a new principal")
        if grant not in principal.grants:
            self._add_grant(principal_id, grant, by, at)
            self._rights_changed(principal_id)
            if grant.role == "approver":
                self._own_hands(principal_id)
        return self.get(principal_id)

    def revoke(self, principal_id: str, grant: Grant) -> Principal:
        """Take a role away; nothing happens where it was not held."""
        row = self._session.get(GrantRow, (principal_id, grant.shop_id, grant.role))
        if row is not None:
            self._session.delete(row)
            self._session.flush()
            self._rights_changed(principal_id)
        return self.get(principal_id)

    def deactivate(self, principal_id: str) -> None:
        """Take all rights and tokens away at once."""
        row = self._session.get(PrincipalRow, principal_id)
        if row is None:
            raise NotFound(kind="principal", id=principal_id)
        row.is_active = False
        self._session.exec(delete(ApiTokenRow).where(col(ApiTokenRow.principal_id) == principal_id))
        self._session.flush()
        self._rights_changed(principal_id)

    def create_token(
        self,
        principal_id: str,
        expires_at: datetime,
        *,
        at: datetime,
        scopes: tuple[Permission, ...] = (),
        shop_ids: tuple[str, ...] = (),
    ) -> str:
        """Give a new token, shown this once; only its hash is kept."""
        self.get(principal_id)
        if expires_at <= at:
            raise InvalidInput(what="the expiry", why="it lies in the past", remedy="Name a later day")
        token = TOKEN_PREFIX + secrets.token_urlsafe(TOKEN_BYTES)
        row = ApiTokenRow(
            id=secrets.token_hex(4),
            principal_id=principal_id,
            token_hash=_hash(token),
            shop_ids=list(shop_ids),
            scopes=list(scopes),
            created_at=at,
            expires_at=expires_at,
        )
        self._session.add(row)
        self._session.flush()
        return token

    def tokens(self, principal_id: str) -> list[ApiToken]:
        """List a principal's tokens without the tokens themselves, oldest first."""
        query = select(ApiTokenRow).where(ApiTokenRow.principal_id == principal_id)
        rows = self._session.exec(query.order_by(col(ApiTokenRow.created_at)))
        return [ApiToken.model_validate(row.model_dump(exclude={"token_hash"})) for row in rows]

    def revoke_token(self, token_id: str) -> None:
        """End a token at once; raises `NotFound`."""
        row = self._session.get(ApiTokenRow, token_id)
        if row is None:
            raise NotFound(kind="token", id=token_id)
        self._session.delete(row)
        self._session.flush()

    def by_token(self, token: str, at: datetime) -> Principal | None:
        """Give whose token it is, limited to the token's shops and scopes; none where it is unknown or has ended.

        The look-up is by hash, so neither the comparison nor the index says anything about the token.
        """
        return self.by_token_hash(_hash(token), at)

    def by_token_hash(self, token_hash: str, at: datetime) -> Principal | None:
        """Give whose token has this hash, as `by_token` does."""
        row = self._session.exec(select(ApiTokenRow).where(ApiTokenRow.token_hash == token_hash)).first()
        if row is None or row.expires_at <= at:
            return None
        principal = self.get(row.principal_id)
        grants = tuple(g for g in principal.grants if not row.shop_ids or g.shop_id in row.shop_ids)
        scopes = tuple(scope for scope in get_args(Permission) if scope in row.scopes)
        return principal.model_copy(update={"grants": grants, "scopes": scopes})

    def _principal(self, row: PrincipalRow) -> Principal:
        grants: tuple[Grant, ...] = ()
        if row.is_active:
            query = select(GrantRow).where(GrantRow.principal_id == row.id).order_by(GrantRow.shop_id, GrantRow.role)
            grants = tuple(Grant(shop_id=g.shop_id, role=_role(g.role)) for g in self._session.exec(query))
        return Principal(id=row.id, name=row.name, kind=_kind(row.kind), grants=grants)

    def _rights_changed(self, principal_id: str) -> None:
        """End every browser session: whoever gains or loses a right signs in anew under a new session id."""
        from .sign_ins import SignIns

        SignIns(self._session).end_all(principal_id)

    def _own_hands(self, principal_id: str) -> None:
        """Take away what others made for a new approver: else an admin who kept it had four eyes."""
        from .sign_ins import SignIns

        self._session.exec(delete(ApiTokenRow).where(col(ApiTokenRow.principal_id) == principal_id))
        SignIns(self._session).forget_foreign(principal_id)

    def _add_grant(self, principal_id: str, grant: Grant, by: str, at: datetime) -> None:
        self._session.add(
            GrantRow(principal_id=principal_id, shop_id=grant.shop_id, role=grant.role, granted_by=by, granted_at=at)
        )
        self._session.flush()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _role(text: str) -> Role:
    return next(role for role in get_args(Role) if role == text)


def _kind(text: str) -> PrincipalKind:
    return next(kind for kind in get_args(PrincipalKind) if kind == text)
