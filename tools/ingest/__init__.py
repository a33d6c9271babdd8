"""Import: files from shops and vendors become facts, contacts and consent; hostile files change nothing."""

from .assumptions import Assumptions, apply_assumptions, load_assumptions
from .errors import FileRefused, MissingExtra, UnknownImportKind
from .registry import IMPORT_KINDS, importer
from .report import KINDS, ImportKind, ImportReport, Progress, RejectedRow, TableChange
from .run import import_file

__all__ = [
    "IMPORT_KINDS",
    "KINDS",
    "Assumptions",
    "FileRefused",
    "ImportKind",
    "ImportReport",
    "MissingExtra",
    "Progress",
    "RejectedRow",
    "TableChange",
    "UnknownImportKind",
    "apply_assumptions",
    "import_file",
    "importer",
    "load_assumptions",
]
