"""Files of codes: every row is added or told with its line and the reason."""

from datetime import date

import pytest

from memory.domain.errors import InvalidInput
from tools.codes.pool_file import PROBLEM_WORDS, PoolOffer, PoolRows, read_pool, sort_rows

OFFERS = (
    PoolOffer("first_time.store_credit", ("first_time.store_credit",), True, date(2027, 1, 11)),
    PoolOffer("vip.early_access", ("vip.early_access", "early_access"), False, date(2027, 1, 1)),
    PoolOffer("vip.discount", ("vip.discount", "discount"), True, date(2027, 1, 1)),
)


def sorted_rows(*lines: str, known: tuple[str, ...] = ()) -> PoolRows:
    content = "\n".join(("code,offer,expires_on", *lines)).encode()
    return sort_rows(read_pool(content), OFFERS, frozenset(known))


def test_good_rows_are_kept_with_the_offer_by_its_id() -> None:
    found = sorted_rows(
        "NORD-0001,first_time.store_credit,2027-01-11", "nord-0002 ,discount,", "NORD-0003,vip.discount,"
    )
    assert found.refused == ()
    assert found.good.to_pylist() == [
        {"row": 2, "code": "NORD-0001", "code_key": "NORD0001", "offer": "first_time.store_credit",
         "expires_on": date(2027, 1, 11)},
        {"row": 3, "code": "nord-0002", "code_key": "NORD0002", "offer": "vip.discount", "expires_on": None},
        {"row": 4, "code": "NORD-0003", "code_key": "NORD0003", "offer": "vip.discount", "expires_on": None},
    ]  # fmt: skip


def test_each_wrong_row_is_told_with_its_line() -> None:
    found = sorted_rows(
        ",discount,",
        "N-1,discount,",
        "NORD-0001,discount,",
        "nord 0001,discount,",
        "NORD-0009,discount,",
        "NORD-0002,reactivated.discount,",
        "NORD-0003,early_access,",
        "NORD-0004,discount,soon",
        "NORD-0005,discount,2026-12-31",
        f"{'N' * 61},discount,",
        known=("NORD0009",),
    )
    assert [(one.row, one.problem) for one in found.refused] == [
        (2, "no_code"),
        (3, "bad_code"),
        (5, "twice_in_file"),
        (6, "known_already"),
        (7, "unknown_offer"),
        (8, "offer_gives_no_code"),
        (9, "bad_date"),
        (10, "expires_too_early"),
        (11, "bad_code"),
    ]
    assert [one.message for one in found.refused] == [PROBLEM_WORDS[one.problem] for one in found.refused]
    assert found.good["code"].to_pylist() == ["NORD-0001"]


def test_a_file_with_a_byte_order_mark_and_other_columns_is_read() -> None:
    rows = read_pool(b"\xef\xbb\xbfnote,code,offer\nx,NORD-0001,discount\n")
    assert rows.to_pylist() == [{"row": 2, "code": "NORD-0001", "offer": "discount", "expires_on": ""}]


@pytest.mark.parametrize("content", [b"", b"code,offer\nA,B,C,D\n", b"\xff\xfe\x00"])
def test_what_is_no_csv_says_so(content: bytes) -> None:
    with pytest.raises(InvalidInput, match="file of codes"):
        sort_rows(read_pool(content), OFFERS, frozenset())
