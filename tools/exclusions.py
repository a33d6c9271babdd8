"""Exclusion lists for other tools: whom they must leave out, as the CSV each of them reads.

Klaviyo reads plain addresses (columns Email and Phone Number). Meta's customer lists take SHA-256 in lower-case hex of
the normalised address: e-mail trimmed and in lower case, phone as digits with country code, no leading zeros or signs.
"""

import hashlib
import io
import re
from collections.abc import Iterable
from typing import Literal

import pyarrow as pa

from tools.neutral_csv import write_neutral_csv

ListFormat = Literal["klaviyo", "meta"]
FORMATS: tuple[ListFormat, ...] = ("klaviyo", "meta")
COLUMNS: dict[ListFormat, tuple[str, str]] = {"klaviyo": ("Email", "Phone Number"), "meta": ("email", "phone")}


def exclusion_csv(addresses: Iterable[tuple[str, str]], format_: ListFormat) -> bytes:
    """Give a CSV with one line per (email, phone), each pair once, in a fixed order; empty pairs are left out.

    For Klaviyo a cell that a spreadsheet would take for a formula begins with an apostrophe, a plain phone number does
    not.
    """
    pairs = sorted({(email.strip(), phone.strip()) for email, phone in addresses} - {("", "")})
    if format_ == "meta":
        pairs = sorted({(_hashed(meta_email(email)), _hashed(meta_phone(phone))) for email, phone in pairs})
    columns = list(zip(*pairs, strict=True)) or [(), ()]
    table = pa.table(dict(zip(COLUMNS[format_], (pa.array(one, pa.string()) for one in columns), strict=True)))
    out = io.BytesIO()
    write_neutral_csv(table, out, phones=(COLUMNS[format_][1],))
    return out.getvalue()


def meta_email(email: str) -> str:
    """Give an e-mail as Meta hashes it."""
    return email.strip().lower()


def meta_phone(phone: str) -> str:
    """Give a phone as Meta hashes it: digits alone, no leading zeros."""
    return re.sub(r"\D", "", phone).lstrip("0")


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest() if text else ""
