"""The spend ledger: channels before the purchase are tagged so, and can't be booked as anything else."""

from pathlib import Path

import pytest

from memory.domain.channels_before import PRE_PURCHASE_CHANNELS
from tests.factories.imports import Intaker
from tools.ingest import ImportReport

pytestmark = pytest.mark.slow
HEADER = "channel,stage,bucket,amount,currency,period_start,period_end"


def ledger(intaker: Intaker, *rows: str) -> ImportReport:
    path: Path = intaker.folder / "spend.csv"
    lines = (f"{row},100.00,EUR,2025-11-01,2025-11-30" for row in rows)
    path.write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf-8")
    return intaker("spend", path)


def test_s1_01_entries_of_every_pre_purchase_channel_are_accepted_and_tagged(intaker: Intaker) -> None:
    report = ledger(intaker, *(f"{code},," for code in PRE_PURCHASE_CHANNELS), "Pop-up,pre_purchase,")
    assert (report.n_new, report.n_rejected) == (len(PRE_PURCHASE_CHANNELS) + 1, 0)
    assert {row["stage"] for row in intaker.rows("spend")} == {"pre_purchase"}
    assert {row["channel"] for row in intaker.rows("spend")} == {*PRE_PURCHASE_CHANNELS, "Pop-up"}


def test_s1_01_a_pre_purchase_channel_cannot_be_booked_as_post_purchase(intaker: Intaker) -> None:
    report = ledger(intaker, "meta_ads,post_purchase,", "own,post_purchase,automation", "own,,", "radio,pre_purchase,")
    assert (report.n_new, report.n_rejected) == (2, 2)
    reasons = " ".join(one.reason for one in report.rejected)
    assert "meta_ads is a pre-purchase channel" in reasons and "stage '' is none of" in reasons
    assert {row["channel"]: row["stage"] for row in intaker.rows("spend")} == {
        "own": "post_purchase", "radio": "pre_purchase",
    }  # fmt: skip
