"""Real data: every published figure is met, and a changed figure is seen."""

from pathlib import Path

import pytest

from eval.real import DATA_SETS, check
from eval.real.figure import Figure, consistent, near
from memory.domain.errors import InvalidInput
from memory.domain.experiment import Interval
from memory.domain.outcome import NotEstimable

DATA = Path(__file__).parents[4] / "shared" / "data"


@pytest.mark.slow
@pytest.mark.shared_data
@pytest.mark.skipif(not DATA.exists(), reason="the real data of ../shared/data are not here")
@pytest.mark.parametrize("name", [each.name for each in DATA_SETS])
def test_real_data_give_the_published_figures(name: str) -> None:
    """hillstrom, cdnow, open-bandit, online-retail."""
    report = check(name, DATA)
    assert [figure.name for figure in report.figures if not figure.holds] == []
    assert sum(figure.expected is not None for figure in report.figures) >= 4
    assert report.source


def test_a_figure_off_by_more_than_its_tolerance_is_missed() -> None:
    assert near("x", 1.004, 1.0, 0.005).holds
    assert not near("x", 1.006, 1.0, 0.005).holds
    assert not Figure(name="x", found=None).holds
    assert Figure(name="x", found=3.0).holds


def test_two_estimates_are_consistent_within_their_joint_error() -> None:
    def at(middle: float) -> Interval:
        return Interval(estimate=middle, low=middle - 3, high=middle + 3, method="m")

    assert consistent("x", at(10), at(14)).holds
    assert not consistent("x", at(10), at(15)).holds
    assert not consistent("x", NotEstimable(code="low_ess", message="few"), at(1)).holds


def test_an_unknown_set_and_an_empty_folder_name_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="hillstrom, cdnow, open-bandit, online-retail"):
        check("titanic", tmp_path)
    with pytest.raises(InvalidInput, match="--data"):
        check("cdnow", tmp_path)
