"""The short form: canaries stay where they may be, and one that slips out is found."""

import pytest

from eval.faults import canaries
from eval.faults.canaries import MARK, run

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("n", [4, pytest.param(16, marks=pytest.mark.long)])
def test_c6_no_prompt_log_or_lake_file_holds_a_canary(n: int) -> None:
    found = run(n)
    assert found.holds, found
    assert found.n_prompts >= n
    assert found.n_planted > 100
    assert found.n_allowed["mail firstname"] > 0  # the search sees canaries at all


@pytest.mark.parametrize("written", [f"{MARK}lastname3", f"{MARK}LastName3".upper(), f"x{MARK}phone0y", f"{MARK}new"])
def test_c6_a_canary_out_of_place_is_found_however_it_is_written(written: str) -> None:
    assert canaries._canaries(f"hello {written}".encode())
    assert canaries._canaries(b"hello") == []
