import pytest

from memory.domain.channels_before import PRE_PURCHASE_CHANNELS, pre_purchase_channel


@pytest.mark.parametrize("code", PRE_PURCHASE_CHANNELS)
def test_s1_01_every_channel_is_known_by_its_code(code: str) -> None:
    assert pre_purchase_channel(code) == code


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Meta Ads", "meta_ads"),
        ("pop-up first-order coupon", "popup_coupon"),
        ("PDP/CTA", "pdp_cta"),
        ("pop-up", "popup_coupon"),
        ("own", None),
        ("email", None),
        ("", None),
    ],
)
def test_s1_01_case_and_marks_don_t_count_and_others_are_none_of_them(name: str, code: str | None) -> None:
    assert pre_purchase_channel(name) == code
