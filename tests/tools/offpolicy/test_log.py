import numpy as np
import pytest

from memory.domain.errors import InvalidInput
from tools.offpolicy import Log, evaluate

GOOD = {
    "context": np.zeros((4, 1)), "action": np.array([0, 1, 0, 1]), "reward": np.ones(4), "propensity": np.full(4, 0.5),
}  # fmt: skip
HALF = np.full((4, 2), 0.5)


@pytest.mark.parametrize(
    ("change", "target", "said"),
    [
        ({"propensity": np.zeros(4)}, HALF, "propensity"),
        ({"propensity": np.full(4, 1.5)}, HALF, "propensity"),
        ({"reward": np.array([1.0, np.nan, 1.0, 1.0])}, HALF, "missing or infinite"),
        ({"reward": np.ones(3)}, HALF, "length"),
        ({"action": np.array([0, 1, 2, 1])}, HALF, "no column"),
        ({"logging": np.full((4, 3), 1 / 3)}, HALF, "other actions"),
        ({}, np.full((4, 2), 0.4), "add up"),
        ({}, np.array([[1.5, -0.5]] * 4), "add up"),
    ],
)
def test_a_malformed_log_is_an_error_that_names_the_remedy(
    change: dict[str, object], target: object, said: str
) -> None:
    log = Log(**(GOOD | change))  # type: ignore[arg-type]
    with pytest.raises(InvalidInput, match=said):
        evaluate(log, target)  # type: ignore[arg-type]
