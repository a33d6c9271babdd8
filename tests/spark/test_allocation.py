"""The allocation on Spark: the same sums as in memory, to the last unit, and a plan that keeps its limits."""

import numpy as np
import pytest

from memory.lake.backends import SparkBackend
from tests.tools.allocation.test_in_place import check_plan_of, narrow
from tests.tools.allocation.test_passes import GRID, check_same, on, open_problem, sides
from tests.tools.allocation.test_placed import check_placed
from tools.allocation.columns import NumpyPass
from tools.allocation.prepare import prepare

pytestmark = [
    pytest.mark.spark,
    pytest.mark.slow,
    pytest.mark.filterwarnings("default"),  # PySpark's own warnings are not ours
]


@pytest.mark.parametrize("seed", range(4))
def test_the_sums_of_a_pass_are_the_same(spark_backend: SparkBackend, seed: int) -> None:
    problem = open_problem(seed)
    rng = np.random.default_rng(seed)
    at = np.round(rng.random(len(sides(problem))) * float(np.abs(problem.value).max()) / 3 / GRID) * GRID
    check_same(on(spark_backend, problem)(at), NumpyPass(prepare(problem), sides(problem))(at))


def test_a_plan_made_where_the_decisions_lie_is_as_good(spark_backend: SparkBackend) -> None:
    check_plan_of(spark_backend, narrow(2_000, 60_000, 250), 2e-4)


def test_the_tick_s_planner_gives_a_whole_plan_there(spark_backend: SparkBackend) -> None:
    check_placed(spark_backend, narrow(2_000, 60_000, 250), 2e-4)
