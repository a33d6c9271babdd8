"""How often mails come before the parcel, on the gym with lost parcels and missing scans."""

from pathlib import Path

import pytest

from eval.parcels import measure

pytestmark = pytest.mark.slow


def test_s1_16_s1_17_at_most_one_mail_in_a_hundred_precedes_the_parcel(tmp_path: Path) -> None:
    found = {(one.rule, one.kind): one for one in measure(tmp_path, 1_500, 7)}
    product = [found["the product", kind] for kind in ("usage", "review")]
    assert all(one.n_mails > 200 and one.early_rate <= 0.01 and one.reached_rate > 0.9 for one in product)
    dated = found["date alone", "usage"]
    assert dated.early_rate > 0.05, "a check that could not fail would show nothing"
