"""People's rights: a copy of everything held, erasure everywhere, and the journal that keeps it erased."""

from .erasing import Erased, erase_person, reapply
from .exporting import export_person
from .finding import find_person
from .journal import ErasureJournal, JournalBroken, JournalEntry

__all__ = [
    "Erased",
    "ErasureJournal",
    "JournalBroken",
    "JournalEntry",
    "erase_person",
    "export_person",
    "find_person",
    "reapply",
]
