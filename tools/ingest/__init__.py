"""Import: files from shops and vendors become facts, contacts and consent; hostile files change nothing."""

from .errors import FileRefused, MissingExtra, UnknownImportKind
from .registry import IMPORT_KINDS, importer
from .report import ImportKind, ImportReport, Progress, RejectedRow, TableChange
from .run import import_file

__all__ = [
    "IMPORT_KINDS",
    "FileRefused",
    "ImportKind",
    "ImportReport",
    "MissingExtra",
    "Progress",
    "RejectedRow",
    "TableChange",
    "UnknownImportKind",
    "import_file",
    "importer",
]
