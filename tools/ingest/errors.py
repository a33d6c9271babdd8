"""Why a whole file is refused. A wrong row never refuses a file; it is listed and left out."""

from typing import ClassVar

from memory.domain.errors import SecondOrderError


class FileRefused(SecondOrderError):
    """{file} was refused and nothing was imported: {why} (line {line}). {remedy}."""

    http_status: ClassVar[int] = 422


class UnknownImportKind(SecondOrderError):
    """There is no import kind {kind}; use one of {known}."""

    http_status: ClassVar[int] = 404


class MissingExtra(SecondOrderError):
    """Importing {kind} needs an optional package; install it with `pip install "second-order[{extra}]"`."""

    http_status: ClassVar[int] = 409


class RowRejected(Exception):
    """One row cannot be used; the message is the reason that the report lists."""
