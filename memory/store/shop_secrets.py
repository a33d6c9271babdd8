"""Secrets of shops: provider keys and webhook secrets, encrypted at rest; the text is given only to who uses it."""

from collections.abc import Callable
from datetime import datetime

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import text as text_of
from sqlmodel import Field, Session, SQLModel, select

from memory.domain.base import Frozen, Instant, ShopId, Slug
from memory.domain.errors import InvalidInput, NotFound, NotReady

from .vault import Vault

MAX_CHARS = 8_192
LOCK_ID = 7_220_002  # PostgreSQL advisory lock of writers and rotation
_NAME: TypeAdapter[str] = TypeAdapter(Slug)


class SecretInfo(Frozen):
    """What may be told of a secret; never the secret."""

    shop_id: ShopId
    """Whose."""
    name: str
    """Its name, such as `twilio.auth_token`."""
    key_id: str
    """The name of the key that encrypts it."""
    set_by: str
    """Who set it last."""
    set_at: Instant
    """When."""


class ShopSecretRow(SQLModel, table=True):
    """The row of a secret: only ciphertext."""

    __tablename__ = "shop_secret"

    shop_id: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    sealed: str
    set_by: str
    set_at: datetime


class ShopSecrets:
    """Reads and writes secrets of shops."""

    def __init__(self, session: Session, open_vault: Callable[[], Vault] | None) -> None:
        """Work on one transaction with the installation's keys, which are read when they are needed."""
        self._session = session
        self._open_vault = open_vault

    def get(self, shop_id: str, name: str) -> str:
        """Give the secret itself; raise `NotFound`, or `Undecryptable` where its key is missing."""
        row = self._session.get(ShopSecretRow, (shop_id, name))
        if row is None:
            raise NotFound(kind="secret", id=name)
        return self._vault.open(row.sealed, shop_id, name)

    def find(self, shop_id: str, name: str) -> str:
        """Give the secret, or an empty text where the shop has none of that name."""
        return self.get(shop_id, name) if self._session.get(ShopSecretRow, (shop_id, name)) else ""

    def put(self, shop_id: str, name: str, text: str, by: str, at: datetime) -> SecretInfo:
        """Set a secret; raise `InvalidInput` where the name or the text cannot be used."""
        try:
            _NAME.validate_python(name)
        except ValidationError:
            raise InvalidInput(
                what=f"secret name {name!r}", why="it has other characters", remedy="Write twilio.auth_token"
            ) from None
        if not text or len(text) > MAX_CHARS:
            raise InvalidInput(what="the secret", why="it is empty or too long", remedy=f"Use 1 to {MAX_CHARS} letters")
        queue(self._session)
        sealed = self._vault.seal(text, shop_id, name)
        row = self._session.get(ShopSecretRow, (shop_id, name))
        if row is None:
            row = ShopSecretRow(shop_id=shop_id, name=name, sealed=sealed, set_by=by, set_at=at)
        row.sealed, row.set_by, row.set_at = sealed, by, at
        self._session.add(row)
        self._session.flush()
        return _info(row)

    def remove(self, shop_id: str, name: str) -> None:
        """Forget a secret; raise `NotFound`."""
        row = self._session.get(ShopSecretRow, (shop_id, name))
        if row is None:
            raise NotFound(kind="secret", id=name)
        self._session.delete(row)
        self._session.flush()

    def all(self, shop_id: str) -> tuple[SecretInfo, ...]:
        """List the shop's secrets without the secrets themselves."""
        query = select(ShopSecretRow).where(ShopSecretRow.shop_id == shop_id).order_by(ShopSecretRow.name)
        return tuple(_info(row) for row in self._session.exec(query))

    def rotate(self, fresh: Vault) -> int:
        """Encrypt every secret of every shop with the first key of `fresh` and open each again; give how many.

        Raise `Undecryptable` before anything changes for good where one of them cannot be opened.
        """
        queue(self._session)
        rows = self._session.exec(select(ShopSecretRow)).all()
        for row in rows:
            text = fresh.open(row.sealed, row.shop_id, row.name)
            row.sealed = fresh.seal(text, row.shop_id, row.name)
            assert fresh.is_current(row.sealed)
            assert fresh.open(row.sealed, row.shop_id, row.name) == text
            self._session.add(row)
        self._session.flush()
        return len(rows)

    @property
    def _vault(self) -> Vault:
        return needed(self._open_vault)


def needed(open_vault: Callable[[], Vault] | None) -> Vault:
    """Give the installation's keys as they are now; raise `NotReady` where the store was opened without them."""
    if open_vault is None:
        raise NotReady(
            what="the secret store", why="it was opened without keys", remedy="Open it through the installation"
        )
    return open_vault()


def queue(session: Session) -> None:
    """Let writers and a rotation pass one by one: none of them writes with a key that is about to go."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(text_of(f"SELECT pg_advisory_xact_lock({LOCK_ID})"))


def _info(row: ShopSecretRow) -> SecretInfo:
    return SecretInfo(
        shop_id=row.shop_id, name=row.name, key_id=row.sealed.split(".")[1], set_by=row.set_by, set_at=row.set_at
    )
