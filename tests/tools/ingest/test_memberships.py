"""Who joined the loyalty programme comes in with events, days of birth with customers; no year is ever kept."""

from typing import Any

import pytest

from tests.factories.imports import CUSTOMER_COLUMNS, Intaker, write_csv
from tools.ingest.shopify_customers import birthday

pytestmark = pytest.mark.slow
JOINED = {"id": "m1", "at": "2026-12-30T10:00:00+00:00", "kind": "join", "email": "ann@example.com"}


def test_s1_21_joining_and_leaving_come_in_with_the_events(intaker: Intaker) -> None:
    report = intaker.events(JOINED, {**JOINED, "id": "m2", "at": "2027-01-02T10:00:00+00:00", "kind": "leave"})
    assert (report.n_new, report.n_rejected, set(report.changes)) == (2, 0, {"memberships"})
    rows = sorted(intaker.rows("memberships"), key=lambda row: row["event_at"])
    assert [row["is_member"] for row in rows] == [True, False]
    assert len({row["person_id"] for row in rows}) == 1


@pytest.mark.parametrize(
    ("changes", "reason"), [({"email": None}, "it names nobody"), ({"sku": "SHOE-1"}, "unknown keys 'sku'")]
)
def test_a_membership_of_nobody_is_rejected(intaker: Intaker, changes: dict[str, Any], reason: str) -> None:
    report = intaker.events({**JOINED, **changes})
    assert report.n_new == 0 and reason in report.rejected[0].reason


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("1990-07-14", (7, 14)), ("--02-29", (2, 29)), ("02-29", (2, 29)), ("0000-02-29", (2, 29)),
        ("1990-02-30", (2, None)), ("1990-13-01", (None, None)), ("", (None, None)), ("July", (None, None)),
        ("1990-07-14 00:00", (7, 14)), ("1990-07", (None, None)), ("²-02", (None, None)),
    ],
)  # fmt: skip
def test_s1_37_a_birthday_is_read_with_or_without_a_year(written: str, expected: tuple[int | None, int | None]) -> None:
    assert birthday(written) == expected


def test_s1_37_month_and_day_are_kept_and_the_year_is_not(intaker: Intaker) -> None:
    birth = "Birth date (customer.metafields.facts.birth_date)"
    row = {"Email": "ann@example.com", "Accepts Email Marketing": "no", birth: "1988-02-29"}
    intaker("shopify-customers", write_csv(intaker.folder / "c.csv", [*CUSTOMER_COLUMNS, birth], [row]))
    (person,) = intaker.rows("people")
    assert (person["birth_month"], person["birth_day"]) == (2, 29)
    assert "1988" not in str(person)
