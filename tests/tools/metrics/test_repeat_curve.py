from pathlib import Path

import pytest

from tests.factories.facts import AS_OF, SHOP, Facts, ago
from tools.metrics import new_buyers, repeat_curve

pytestmark = pytest.mark.slow


def test_s1_64_the_curve_counts_who_reached_each_order_and_how_fast(tmp_path: Path) -> None:
    facts = Facts()
    for person, days in {"one": [200], "two": [200, 190], "three": [200, 180, 150], "six": range(200, 80, -20)}.items():
        for day in days:
            facts.order(person, ago(day))
    with facts.open(tmp_path) as view:
        curve = repeat_curve(view, SHOP, new_buyers(view, SHOP, ago(300), AS_OF, AS_OF), AS_OF)
        nobody = repeat_curve(view, SHOP, new_buyers(view, SHOP, ago(30), AS_OF, AS_OF), AS_OF)
    assert [step.order_number for step in curve] == [1, 2, 3, 4, 5]
    assert [step.n_people for step in curve] == [4, 3, 2, 1, 1]
    assert [step.of_first.estimate for step in curve] == [1.0, 0.75, 0.5, 0.25, 0.25]
    assert [step.median_days for step in curve] == [None, 20.0, 25.0, 20.0, 20.0]
    assert curve[3].of_previous_rate == 0.5
    assert nobody == ()
