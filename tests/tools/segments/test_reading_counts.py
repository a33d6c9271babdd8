import pytest

from tools.segments.reading_counts import counts_in, plain_number


@pytest.mark.parametrize(
    ("text", "at_least", "at_most", "within"),
    [
        ("bought at least 2 times in the last 6 weeks", 2, None, 42),
        ("bought more than twice", 3, None, None),
        ("bought at least once", 1, None, None),
        ("bought once", 1, 1, None),
        ("bought at most 3 times", None, 3, None),
        ("bought fewer than 3 times in the last year", None, 2, None),
        ("bought exactly 4 times", 4, 4, None),
        ("最近30天买过3次以上", 3, None, 30),
        ("近两周买过", None, None, 14),
        ("bought", None, None, None),
    ],
)
def test_counts_and_windows_are_read(text: str, at_least: int | None, at_most: int | None, within: int | None) -> None:
    found = counts_in(text)
    assert (found.at_least, found.at_most, found.within_days) == (at_least, at_most, within)


def test_number_words_are_numbers() -> None:
    assert [plain_number(word) for word in ("two", "两", "1,200", "?")] == [2, 2, 1200, 0]
