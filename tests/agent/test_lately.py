"""What was worked out lately is given again for a while; errors are not kept; many at once work it out once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from time import sleep

import pytest

from agent.lately import Lately

NOW = datetime(2025, 12, 2, tzinfo=UTC)


def test_a_value_is_given_again_until_it_is_too_old() -> None:
    lately, made = Lately(timedelta(minutes=5)), iter(range(9))
    assert [lately.get(("a",), NOW + timedelta(minutes=m), lambda: next(made)) for m in (0, 4, 6)] == [0, 0, 1]
    assert lately.get(("b",), NOW, lambda: next(made)) == 2


def test_an_error_is_not_kept_and_only_so_many_values_are() -> None:
    lately = Lately(most=2)

    def broken() -> int:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        lately.get(("a",), NOW, broken)
    assert [lately.get((name,), NOW, lambda: 1) for name in "abc"] == [1, 1, 1]
    assert lately.get(("a",), NOW, lambda: 2) == 2  # pushed out by the newer two
    assert lately.get(("c",), NOW, lambda: 2) == 1


def test_many_at_once_wait_for_one() -> None:
    lately, calls = Lately(), []

    def slow() -> int:
        calls.append(1)
        sleep(0.05)
        return len(calls)

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: lately.get(("a",), NOW, slow), range(8)))
    assert (set(found), len(calls)) == ({1}, 1)
