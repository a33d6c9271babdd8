"""A file of codes that a shop made: `code,offer,expires_on`, one per line. Every row that cannot be used is told."""

import io
from datetime import date
from typing import Literal, NamedTuple

import ibis
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow.csv import ConvertOptions, ParseOptions, ReadOptions, read_csv

from memory.domain.base import Count, Frozen
from memory.domain.errors import InvalidInput

COLUMNS = ("code", "offer", "expires_on")
MAX_CHARS = 60
"""Orders keep so many characters of a code."""
MIN_KEY = 6
"""Shorter codes are guessed."""
MAX_BYTES = 64 * 1024 * 1024
CODES_SCHEMA = pa.schema(
    [("row", pa.int64()), ("code", pa.string()), ("code_key", pa.string()), ("offer", pa.string()),
     ("expires_on", pa.date32())]
)  # fmt: skip
Problem = Literal[
    "no_code", "bad_code", "twice_in_file", "known_already", "unknown_offer", "offer_gives_no_code", "bad_date",
    "expires_too_early",
]  # fmt: skip
PROBLEM_WORDS: dict[Problem, str] = {
    "no_code": "the code is missing",
    "bad_code": f"a code has {MIN_KEY} letters and digits or more, and at most {MAX_CHARS} characters",
    "twice_in_file": "the file has this code twice; the first one counts",
    "known_already": "the shop has this code already",
    "unknown_offer": "the plan has no such offer; name its id or its kind",
    "offer_gives_no_code": "the plan gives no code for this offer; set the source of codes and draft the plan anew",
    "bad_date": "the last day is no date; write it as 2027-03-31, or leave it out",
    "expires_too_early": "the code ends before the offer's last day, which its message names",
}


class RefusedRow(Frozen):
    """A row that was left out."""

    row: Count
    """Its line in the file; the header is line 1."""
    problem: Problem
    """Why."""
    message: str
    """The same in words."""


class PoolOffer(NamedTuple):
    """An offer of the plan that codes are imported for."""

    offer_id: str
    """Its id."""
    names: tuple[str, ...]
    """What the file may call it."""
    gives_code: bool
    """Whether the plan gives a code for it."""
    last_on: date
    """The last day its message names."""


class PoolRows(NamedTuple):
    """What a file holds."""

    good: pa.Table
    """`CODES_SCHEMA`, the offer by its id."""
    refused: tuple[RefusedRow, ...]
    """The others, by line."""


def read_pool(content: bytes) -> pa.Table:
    """Read a CSV as texts: row, code, offer, expires_on; raise `InvalidInput` where it is none."""
    if len(content) > MAX_BYTES:
        raise _no_file(f"it is larger than {MAX_BYTES // 1024 // 1024} MiB", "Split it.")
    kinds = {name: pa.string() for name in COLUMNS}
    try:
        found = read_csv(
            io.BytesIO(content.removeprefix(b"\xef\xbb\xbf")),
            read_options=ReadOptions(use_threads=False),
            parse_options=ParseOptions(newlines_in_values=False),
            convert_options=ConvertOptions(
                column_types=kinds,
                strings_can_be_null=False,
                include_columns=list(COLUMNS),
                include_missing_columns=True,
            ),
        )
    except (pa.ArrowInvalid, pa.ArrowKeyError) as error:
        why = str(error).splitlines()[0][:120]
        raise _no_file(f"it is no CSV of this kind ({why})", "Write the columns code, offer, expires_on.") from None
    texts = {name: pc.fill_null(found[name].cast(pa.string()), "") for name in COLUMNS}
    rows = pa.array(range(2, found.num_rows + 2), pa.int64())
    return pa.table({"row": rows, **{name: pc.utf8_trim_whitespace(text) for name, text in texts.items()}})


def sort_rows(rows: pa.Table, offers: tuple[PoolOffer, ...], known: frozenset[str]) -> PoolRows:
    """Tell the rows that can be used from those that cannot; `known` are keys of codes the shop has already."""
    names = [
        {"name": name, "offer_id": one.offer_id, "gives_code": one.gives_code, "last_on": one.last_on}
        for one in offers
        for name in one.names
    ]
    kinds = [("name", pa.string()), ("offer_id", pa.string()), ("gives_code", pa.bool_()), ("last_on", pa.date32())]
    offered = ibis.memtable(pa.Table.from_pylist(names, pa.schema(kinds)))
    taken = ibis.memtable(pa.table({"known_key": pa.array(sorted(known), pa.string())}))
    told = with_keys(ibis.memtable(rows))
    told = told.left_join(offered, told.offer == offered.name).left_join(taken, told.code_key == taken.known_key)
    ends_on = told.expires_on.try_cast("date")
    first = told.row == told.row.min().over(ibis.window(group_by=told.code_key))
    length = told.code.length()
    problem = ibis.cases(
        (told.code == "", "no_code"),
        ((told.code_key.length() < MIN_KEY) | (length > MAX_CHARS), "bad_code"),
        (~first, "twice_in_file"),
        (told.known_key.notnull(), "known_already"),
        (told.offer_id.isnull(), "unknown_offer"),
        (~told.gives_code, "offer_gives_no_code"),
        ((told.expires_on != "") & ends_on.isnull(), "bad_date"),
        (ends_on < told.last_on, "expires_too_early"),
        else_="",
    )
    judged = told.mutate(problem=problem, ends_on=ends_on).order_by("row")
    found = ibis.duckdb.connect().to_pyarrow(
        judged.select("row", "code", "code_key", "problem", offer="offer_id", expires_on="ends_on")
    )
    is_good = pc.equal(found["problem"], "")
    bad = found.filter(pc.invert(is_good))
    refused = tuple(
        RefusedRow(row=row, problem=problem, message=PROBLEM_WORDS[problem])
        for row, problem in zip(bad["row"].to_pylist(), bad["problem"].to_pylist(), strict=True)
    )
    return PoolRows(found.filter(is_good).select(CODES_SCHEMA.names).cast(CODES_SCHEMA), refused)


def with_keys(rows: ibis.expr.types.Table) -> ibis.expr.types.Table:
    """Add the code as checkouts compare it (`memory.domain.codes.code_key`)."""
    return rows.mutate(code_key=rows.code.upper().re_replace("[^A-Z0-9]", ""))


def _no_file(why: str, remedy: str) -> InvalidInput:
    return InvalidInput(what="the file of codes", why=why, remedy=remedy)
