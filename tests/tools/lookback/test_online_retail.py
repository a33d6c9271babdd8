"""The published figures of Online Retail II, from its rows to the look back."""

from datetime import date
from pathlib import Path

import pytest

from eval.real.online_retail import look_back_at
from tools.lookback import SecondOrderWindow
from tools.metrics import Rpr

pytestmark = pytest.mark.slow

DATA = Path(__file__).parents[4] / "shared" / "data" / "online_retail_ii_to_2011_06.parquet"


@pytest.mark.shared_data
@pytest.mark.skipif(not DATA.exists(), reason="the real data of ../shared/data are not here")
def test_s1_48_the_look_back_meets_the_published_figures_of_online_retail() -> None:
    found = look_back_at(DATA)
    assert (found.n_new, found.n_buyers) == (401, 1968)
    back = [round(one.rate.estimate * 100, 1) for one in found.came_back if isinstance(one, Rpr)]
    assert back == [19.5, 27.4, 37.9]
    assert isinstance(found.window, SecondOrderWindow)
    assert found.window.cumulative[90] == 110
    assert found.read_until.date() == date(2011, 6, 30)
