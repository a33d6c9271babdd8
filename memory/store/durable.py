"""How many commits had to survive a power loss: counted in a SQLite store and, beside it, in a file of its own.

The file is written after each such commit, so that a store that is behind it has lost at least one: SQLite opens a cut
or torn log at the last whole commit and says nothing. On PostgreSQL the server answers for what it committed.
"""

import os
from contextlib import suppress
from pathlib import Path

from sqlalchemy import text
from sqlmodel import Field, Session, SQLModel

from .numbers import BIG

ENDING = "-claims"
_WIDTH = 20
_NUMBER = text("SELECT number FROM durable_commit WHERE id = 1")
_COUNT = text(
    "INSERT INTO durable_commit (id, number) VALUES (1, 1) "
    "ON CONFLICT (id) DO UPDATE SET number = durable_commit.number + 1 RETURNING number"
)


class DurableCommitRow(SQLModel, table=True):
    """The one row of the count."""

    __tablename__ = "durable_commit"

    id: int = Field(primary_key=True)
    number: int = Field(sa_type=BIG)


class DurableCommits:
    """Counts the commits of a SQLite store that must last."""

    def __init__(self, session: Session) -> None:
        """Work on one transaction."""
        self._session = session
        self.is_loss_accepted = False
        """Set by whoever saw to it that lost commits do no harm: the file then starts anew from this commit."""

    def number(self) -> int:
        """Give how many there were."""
        return int(self._session.connection().execute(_NUMBER).scalar() or 0)

    def count(self) -> int:
        """Count this transaction and give its number."""
        return int(self._session.connection().execute(_COUNT).scalar_one())


class Mark:
    """The file beside a store that remembers the highest number.

    It is not synced: it is there for a log that was cut or left behind, not for the machine's own crash, which loses
    no commit of this kind. What cannot be written or read says nothing: then a loss may go unseen, as without it.
    """

    def __init__(self, path: Path) -> None:
        """Keep the number in `path`."""
        self._path = path

    def read(self) -> int:
        """Give the number; 0 where there is none."""
        with suppress(OSError, ValueError):
            return int(self._path.read_text(encoding="ascii"))
        return 0

    def put(self, number: int) -> None:
        """Remember a number."""
        with suppress(OSError):
            file = os.open(self._path, os.O_WRONLY | os.O_CREAT, 0o600)
            try:
                os.pwrite(file, f"{number:0{_WIDTH}}".encode("ascii"), 0)
            finally:
                os.close(file)
