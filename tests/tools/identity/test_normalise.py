"""Case B4: any two spellings that a provider delivers to one box share one key."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.identity import normalise_email, normalise_phone
from tools.identity.normalise import normalise_plain

SAME_BOX = [
    ("A@x.com", "a@x.com"),
    ("  ann@Example.COM ", "ann@example.com"),
    ("ann@example.com.", "ann@example.com"),
    ("ａｎｎ＠ｅｘａｍｐｌｅ．ｃｏｍ", "ann@example.com"),
    ("İSTANBUL@example.com", "istanbul@example.com"),
    ("mailto:ann@example.com", "ann@example.com"),
    ("<ann@example.com>", "ann@example.com"),
    ("ann@bücher.example", "ann@xn--bcher-kva.example"),
    ("Ann.Smith@gmail.com", "annsmith@googlemail.com"),
    ("Jose\u0301@example.com", "jos\u00e9@example.com"),
]
DIFFERENT_BOXES = [
    ("ann.smith@example.com", "annsmith@example.com"),
    ("ann+news@example.com", "ann@example.com"),
    ("ann+news@gmail.com", "ann@gmail.com"),
    ("ann@example.com", "ann@example.org"),
]


@pytest.mark.parametrize(("one", "other"), SAME_BOX)
def test_b4_spellings_of_one_box_share_a_form(one: str, other: str) -> None:
    assert normalise_email(one) == normalise_email(other) is not None


@pytest.mark.parametrize(("one", "other"), DIFFERENT_BOXES)
def test_b4_dots_and_plus_tags_stay_apart_where_no_provider_promises_otherwise(one: str, other: str) -> None:
    assert normalise_email(one) != normalise_email(other)


def test_b4_plus_tags_fold_only_when_asked() -> None:
    assert normalise_email("ann+news@example.com", fold_plus=True) == "ann@example.com"


@pytest.mark.parametrize(
    "text", ["", "ann", "@example.com", "ann@", "ann@localhost", "a b@example.com", "a@b@example.com", "a\u202e@x.com",
             "x" * 250 + "@example.com", "ann@exa..mple.com", "ann@-example.com"]
)  # fmt: skip
def test_b4_what_is_no_address_has_no_form(text: str) -> None:
    assert normalise_email(text) is None


@given(st.emails())
def test_b4_case_never_matters_and_the_form_is_stable(address: str) -> None:
    form = normalise_email(address)
    if form is not None:
        assert normalise_email(address.upper()) == form
        assert normalise_email(form) == form


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("+44 20 7946 0958", "DE"),
        ("0044 20 7946 0958", "DE"),
        ("020 7946 0958", "GB"),
        ("(020) 7946-0958", "GB"),
        ("＋４４ ２０ ７９４６ ０９５８", "DE"),
        ("'+442079460958", "US"),
    ],
)
def test_b4_spellings_of_one_number_share_a_form(text: str, region: str) -> None:
    assert normalise_phone(text, region) == "+442079460958"


@pytest.mark.parametrize("text", ["", "call me", "12", "+" + "9" * 60])
def test_b4_what_is_no_number_has_no_form(text: str) -> None:
    assert normalise_phone(text, "DE") is None


def test_b4_a_spreadsheet_s_apostrophe_is_not_part_of_an_id() -> None:
    assert normalise_plain("'7210448301122") == normalise_plain(" 7210448301122 ") == "7210448301122"
    assert normalise_plain(" ") is None
