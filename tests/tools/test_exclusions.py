"""Exclusion lists: what Klaviyo and Meta read, and cells that no spreadsheet runs."""

import csv
import hashlib
import io

import pytest

from tools.exclusions import exclusion_csv, meta_email, meta_phone

PEOPLE = [(" Ana@Example.com ", "+49 (0)170 123-45"), ("bo@example.com", ""), ("", "+15551234567"), ("", "")]


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode())))


def test_klaviyo_gets_plain_addresses_each_once() -> None:
    found = rows(exclusion_csv([*PEOPLE, PEOPLE[1]], "klaviyo"))
    assert [row["Email"] for row in found] == ["", "Ana@Example.com", "bo@example.com"]
    assert [row["Phone Number"] for row in found] == ["+15551234567", "'+49 (0)170 123-45", ""]


def test_meta_gets_hashes_of_normalised_addresses_and_no_address() -> None:
    content = exclusion_csv(PEOPLE, "meta")
    found = rows(content)
    hashes = {hashlib.sha256(text).hexdigest() for text in (b"ana@example.com", b"bo@example.com")}
    assert {row["email"] for row in found} == {"", *hashes}
    assert hashlib.sha256(b"15551234567").hexdigest() in {row["phone"] for row in found}
    assert b"example" not in content and b"@" not in content


def test_meta_s_form_of_addresses() -> None:
    """As Meta documents hashing: trimmed and in lower case; digits with country code, no leading zeros."""
    assert meta_email(" John_Smith@gmail.com ") == "john_smith@gmail.com"
    assert meta_phone("001 (650) 555-1234") == "16505551234"


@pytest.mark.parametrize("cell", ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)"])
def test_d6_formulas_become_text_and_plain_phones_stay(cell: str) -> None:
    found = rows(exclusion_csv([(cell, cell), ("", "+15551234567")], "klaviyo"))
    assert {row["Email"] for row in found} == {f"'{cell}", ""}
    assert {row["Phone Number"] for row in found} == {f"'{cell}", "+15551234567"}


def test_a_list_without_people_has_its_head() -> None:
    assert exclusion_csv([], "meta").splitlines() == [b'"email","phone"']
