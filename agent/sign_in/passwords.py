"""Passwords: argon2id hashes, one answer for every wrong pair, and nobody chooses an approver's password for them."""

import unicodedata
from datetime import datetime
from functools import cache
from threading import BoundedSemaphore

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers.argon2 import Argon2Hasher

from memory.domain.clock import Clock
from memory.domain.errors import InvalidInput, NotFound, NotPermitted, SecondOrderError
from memory.domain.principal import Principal
from memory.store.engine import Store
from memory.store.unit_of_work import UnitOfWork

MIN_CHARS = 12
MAX_CHARS = 256
"""Longer ones are refused before they are hashed: hashing is meant to be costly."""
MEMORY_KIB, TIME_COST, LANES = 19_456, 2, 1  # OWASP Password Storage cheat sheet, argon2id
AT_ONCE = BoundedSemaphore(2)
"""Hashes worked out at the same time, so that a flood of sign-ins cannot take all memory."""


class WrongSignIn(SecondOrderError):
    """The name and the password do not belong together; try again, or ask an admin of your shop."""

    http_status = 401


def set_password(uow: UnitOfWork, by: Principal, principal_id: str, password: str, at: datetime) -> None:
    """Choose a password; it ends every open session of the principal.

    For others only admins of all their shops may, and for nobody who approves: else one person had four eyes.
    """
    owner = uow.principals.get(principal_id)
    if by.id != principal_id:
        for shop_id in {grant.shop_id for grant in owner.grants} or {"any"}:
            by.require("admin", shop_id)
            if owner.may("approve", shop_id):
                raise NotPermitted(principal=by.id, permission=f"choose the password of {owner.id}", shop_id=shop_id)
    if owner.kind != "human":
        raise InvalidInput(what=f"{owner.id}", why="it is no human", remedy="Give it an API token")
    text = _normal(password)
    if not MIN_CHARS <= len(text) <= MAX_CHARS:
        raise InvalidInput(what="the password", why="its length", remedy=f"Use {MIN_CHARS} to {MAX_CHARS} characters")
    if principal_id in text.casefold():
        raise InvalidInput(what="the password", why="it holds the name", remedy="Choose another one")
    uow.sign_ins.set_password(principal_id, hash_of(text), by.id, at)
    uow.audit.append(by.id, "principal.password", f"principal:{principal_id}", at)


def sign_in(store: Store, clock: Clock, principal_id: str, password: str, former_session: str = "") -> str:
    """Give a new session id where name and password belong together; raise `WrongSignIn`, the same for every cause.

    An unknown name, one without a password and one without a role cost the same hash as a wrong password. The session
    the browser came with ends, so that an id planted before the sign-in is worth nothing after it.
    """
    spare = _nobody()
    with store.read() as uow:
        credential = uow.sign_ins.credential(principal_id)
        is_known = credential is not None and _is_active(uow, principal_id)
    is_right = matches(password, credential.password_hash if credential and is_known else spare)
    now = clock.now()
    with store.unit_of_work() as uow:
        good = is_right and is_known and credential == uow.sign_ins.credential(principal_id)
        if not good:
            subject = (
                f"principal:{principal_id}" if credential else "principal:(unknown)"
            )  # a typed name may be a secret
            uow.audit.append("system", "sign_in.refused", subject, now, {"how": "password"})
            session_id = ""
        else:
            session_id = open_session(uow, principal_id, "password", now, former_session)
    if not session_id:
        raise WrongSignIn()
    return session_id


def open_session(uow: UnitOfWork, principal_id: str, how: str, at: datetime, former: str, token: str = "") -> str:
    """Open a session under a new id and end the one the browser came with; logged."""
    if former:
        uow.sign_ins.end(former)
    uow.audit.append(principal_id, "sign_in", f"principal:{principal_id}", at, {"how": how})
    kind = next(kind for kind in ("password", "oidc", "token") if kind == how)
    return uow.sign_ins.open(principal_id, kind, at, token)


def sign_in_by_token(store: Store, clock: Clock, token: str, former_session: str = "") -> str:
    """Give a new session id for an API token; the session holds the token's shops and scopes and ends with it."""
    now = clock.now()
    with store.unit_of_work() as uow:
        principal = uow.principals.by_token(token, now)
        if principal is None:
            uow.audit.append("system", "sign_in.refused", "token", now, {"how": "token"})
            session_id = ""
        else:
            session_id = open_session(uow, principal.id, "token", now, former_session, token)
    if not session_id:
        raise WrongSignIn()
    return session_id


def hash_of(password: str) -> str:
    """Give the argon2id hash."""
    with AT_ONCE:
        return _hasher().hash(_normal(password))


def matches(password: str, password_hash: str) -> bool:
    """Say whether the password has this hash; always works one hash out."""
    with AT_ONCE:
        try:
            return _hasher().verify(_normal(password)[:MAX_CHARS], password_hash)
        except UnknownHashError:
            return False


def _is_active(uow: UnitOfWork, principal_id: str) -> bool:
    try:
        return bool(uow.principals.get(principal_id).grants)
    except NotFound:
        return False


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)  # the same keys on another keyboard give the same password


@cache
def _hasher() -> PasswordHash:
    return PasswordHash((Argon2Hasher(time_cost=TIME_COST, memory_cost=MEMORY_KIB, parallelism=LANES),))


@cache
def _nobody() -> str:
    import secrets

    return hash_of(secrets.token_urlsafe(32))
