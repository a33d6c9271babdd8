"""What an importer is: one file per kind, one function that reads a source into an intake."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from .intake import Intake
from .report import ImportKind


class Reader(Protocol):
    """Reads the intake's source into the intake; raises `FileRefused` for a file that cannot be trusted."""

    def __call__(self, intake: Intake) -> None:
        """Read everything."""
        ...


@dataclass(frozen=True)
class Importer:
    """One kind of file."""

    id: ImportKind
    title: dict[str, str]
    """Per language."""
    description: dict[str, str]
    """What the file holds and where it comes from, per language."""
    read: Reader
    locate: Callable[[Path], Path] = Path
    """Turns the path that was given into the file to read."""
    revision: int = 1
    """Counts up when the importer reads the same file differently, so that files are read again."""
