"""Shipments come in as a file: when a parcel was handed to which carrier, and where it was packed."""

from datetime import UTC, datetime

import pytest

from tests.factories.imports import Intaker

pytestmark = pytest.mark.slow


def test_s1_16_shipments_say_when_a_parcel_set_out_and_by_whom(intaker: Intaker) -> None:
    path = intaker.folder / "shipments.csv"
    rows = ["s1,#1,2025-12-01T10:00:00+01:00,Germany,DHL", "s2,#2,2025-12-01T10:00:00+01:00,,", "s3,,x,DE,dhl",
            "s4,#4,2025-12-01T10:00:00+01:00,Atlantis,dhl"]  # fmt: skip
    path.write_text("id,order,shipped_at,origin,carrier\n" + "\n".join(rows) + "\n", encoding="utf-8")
    report = intaker("shipments", path)
    assert (report.n_new, report.n_rejected) == (2, 2)
    first, second = sorted(intaker.rows("shipments"), key=lambda row: row["order_ref"])
    assert (first["order_ref"], first["origin"], first["carrier"]) == ("#1", "DE", "dhl")
    assert first["event_at"] == datetime(2025, 12, 1, 9, tzinfo=UTC)
    assert (second["origin"], second["carrier"]) == (None, None)
    assert not first["is_cancelled"]


def test_s1_16_a_row_takes_a_parcel_back(intaker: Intaker) -> None:
    path, row = intaker.folder / "shipments.csv", "s1,#1,2025-12-01T10:00:00+01:00,DE,DHL"
    path.write_text(f"id,order,shipped_at,origin,carrier\n{row}\n", encoding="utf-8")
    intaker("shipments", path)
    rows = [f"{row},yes", "s2,#2,2025-12-01T10:00:00+01:00,DE,DHL,", "s3,#3,2025-12-01T10:00:00+01:00,DE,DHL,maybe"]
    path.write_text("id,order,shipped_at,origin,carrier,cancelled\n" + "\n".join(rows) + "\n", encoding="utf-8")
    report = intaker("shipments", path)
    assert (report.n_changed, report.n_new, report.n_rejected) == (1, 1, 1)
    assert {row["order_ref"]: row["is_cancelled"] for row in intaker.rows("shipments")} == {"#1": True, "#2": False}
