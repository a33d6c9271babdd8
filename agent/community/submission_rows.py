"""Submissions from a CSV file: who, which post, when, and their consent to its use (S1-31)."""

import csv
from collections.abc import Callable
from io import StringIO

from pydantic import ValidationError

from memory.domain.challenge import Sent
from memory.domain.errors import InvalidInput
from memory.domain.mistakes import said

from .challenges import HandedIn

COLUMNS = ("person", "link", "submitted_at", "rights_source", "rights_at")
MAX_ROWS = 10_000


def read_submissions(text: str, find: Callable[[str], str | None]) -> tuple[HandedIn, ...]:
    """Read rows of a CSV with `COLUMNS`; `find` gives the pseudonym of what names a person, or none.

    A row without `rights_source` and `rights_at` comes without consent. Raise `InvalidInput` that names the line: a
    file with a wrong row is not taken in part.
    """
    rows = csv.DictReader(StringIO(text))
    if tuple(sorted(rows.fieldnames or ())) != tuple(sorted(COLUMNS)):
        raise _unusable(f"its columns are not {', '.join(COLUMNS)}")
    found: list[HandedIn] = []
    for row in rows:
        if len(found) == MAX_ROWS:
            raise _unusable(f"it has more than {MAX_ROWS:,} rows")
        found.append(HandedIn(person_id=find((row["person"] or "").strip()), sent=_sent(row, rows.line_num)))
    return tuple(found)


def _sent(row: dict[str, str], line: int) -> Sent:
    cells = {name: (row[name] or "").strip() for name in COLUMNS}
    rights = {"source": cells["rights_source"], "given_at": cells["rights_at"]} if _names_rights(cells, line) else None
    try:
        return Sent.model_validate({"link": cells["link"], "submitted_at": cells["submitted_at"], "rights": rights})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise _unusable(f"line {line}: {'.'.join(str(part) for part in first['loc'])}: {said(first)}") from None


def _names_rights(cells: dict[str, str], line: int) -> bool:
    if bool(cells["rights_source"]) != bool(cells["rights_at"]):
        raise _unusable(f"line {line}: consent needs both rights_source and rights_at")
    return bool(cells["rights_source"])


def _unusable(why: str) -> InvalidInput:
    return InvalidInput(what="the file of submissions", why=why, remedy="Correct it and hand it in again.")
