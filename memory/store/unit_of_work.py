"""One transaction with every repository on it; only the edges make one."""

from functools import cached_property

from sqlmodel import Session

from .versions import Versions


class UnitOfWork:
    """The repositories of one transaction. It commits where it was opened, never here."""

    def __init__(self, session: Session) -> None:
        """Work on the session of one transaction."""
        self.session = session

    @cached_property
    def versions(self) -> Versions:
        """Data versions."""
        return Versions(self.session)
