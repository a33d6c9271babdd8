"""Logs of chance with a law that the test knows."""

from collections.abc import Callable

import numpy as np

from tools.effects import Treatment
from tools.offpolicy.log import Floats, Log

Law = Callable[[Floats], Floats]


def chance_log(law: Law, n: int, seed: int = 1, *, shares: tuple[float, ...] = (0.5, 0.5), noise: float = 0.1) -> Log:
    """People with three features; treatment k adds column k of `law` to 0.5 + 0.1 x0."""
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((n, 3))
    action = rng.choice(len(shares), n, p=shares)
    effect = np.column_stack([np.zeros(n), law(x)])
    outcome = 0.5 + 0.1 * x[:, 0] + effect[np.arange(n), action] + noise * rng.standard_normal(n)
    chances = np.array(shares)
    return Log(x, action, outcome, chances[action], np.broadcast_to(chances, (n, len(shares))))


def treatment(cost: float = 0.0, **changes: object) -> Treatment:
    """An treatment whose outcome is money."""
    return Treatment.model_validate({"id": "thank_you", "worth": 1.0, "cost": cost, **changes})


def step_law(x: Floats) -> Floats:
    """Good where two features agree, bad where they don't: no line follows it."""
    return np.asarray(np.where(x[:, :1] * x[:, 1:2] > 0, 0.2, -0.2), dtype=np.float64)


def line_law(x: Floats) -> Floats:
    """Grows with the second feature."""
    return np.asarray(0.1 + 0.2 * x[:, 1:2], dtype=np.float64)
