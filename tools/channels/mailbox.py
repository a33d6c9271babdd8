"""A folder of `.eml` files: what would have been sent, readable by any mail program."""

import os
from datetime import timedelta
from pathlib import Path

from memory.domain.clock import Clock
from memory.domain.message import Accepted, HandOff, ProviderKind, Refused, Rendered

from .mail import mail_bytes


class MailboxSender:
    """Keyed by file name: the same key again finds its file and writes nothing."""

    name = "mailbox"
    kind: ProviderKind = "keyed"
    is_live = False
    key_life: timedelta | None = None

    def __init__(self, folder: Path, clock: Clock) -> None:
        """Write into `folder`, in subfolders by the first two digits of the key."""
        self._folder = folder
        self._clock = clock
        self._made: set[Path] = set()

    def path(self, send_key: str) -> Path:
        """Give the file of a key."""
        return self._folder / send_key[:2] / f"{send_key}.eml"

    def hand_off(self, message: Rendered) -> HandOff:
        """Write the mail beside its place and rename it: a crash leaves a whole file or none."""
        path, now = self.path(message.send_key), self._clock.now()
        if path.exists():
            return Accepted(receipt=path.name, at=now)
        try:
            content = mail_bytes(message, now)
        except ValueError as problem:
            return Refused(reason=f"malformed: {problem}"[:200], is_retryable=False)
        try:
            self._make(path.parent)
            draft = path.with_suffix(f".{os.getpid()}.tmp")
            draft.write_bytes(content)
            draft.replace(path)
        except OSError as problem:
            return Refused(reason=f"mailbox: {problem.strerror}", is_retryable=True)
        return Accepted(receipt=path.name, at=now)

    def _make(self, folder: Path) -> None:
        if folder not in self._made:
            folder.mkdir(parents=True, exist_ok=True)
            self._made.add(folder)
