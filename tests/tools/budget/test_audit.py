import pytest

from tools.budget.audit import risk_band
from tools.budget.questionnaire import NEEDS, audit_items


@pytest.mark.parametrize(
    ("post", "band"),
    [
        (None, "unknown"), (1.0, "very_low"), (0.7, "low"), (0.5, "middle"), (0.3, "high"), (0.1, "very_high"),
        (0.0, "very_high"),
    ],
)  # fmt: skip
def test_s1_52_the_risk_band_is_the_fifth_of_the_acquisition_share(post: float | None, band: str) -> None:
    assert risk_band(post) == band


def test_s1_45_s1_46_the_questions_are_filled_from_the_ledger() -> None:
    split, focus, _ = audit_items(0.08, 0.25, 40.0, {})
    assert "92.0% acquisition" in split.answer["en"]
    assert "above the 90%" in split.answer["en"]
    assert "25.0% of 40" in focus.answer["en"]
    assert set(split.question) == set(split.answer) == {"en", "zh"}


def test_s1_45_s1_46_without_data_the_missing_input_is_named() -> None:
    split, focus, _ = audit_items(None, None, 0.0, {})
    assert split.answer == focus.answer == {}
    assert split.missing and focus.missing


def test_s1_47_the_metrics_that_cannot_be_computed_name_their_fields() -> None:
    _, _, metrics = audit_items(0.08, None, 0.0, {"rpr": True, "clv": True, "referral_rate": False})
    assert "2 of 4" in metrics.answer["en"]
    assert [each.partition(":")[0] for each in metrics.missing] == ["referral_rate", "flow_performance"]
    assert len(NEEDS) == 4
