"""Kept trees score as scikit-learn predicts."""

import numpy as np
import pytest

from memory.domain.errors import InvalidInput
from memory.domain.trees import Trees
from tools.effects.boosters import BoostedScores
from tools.effects.flat import flat_trees
from tools.effects.learner import Learner
from tools.effects.learners import DrLearner, SLearner, TLearner, XLearner
from tools.effects.tree_scores import TreeScores

from .logs import chance_log, step_law

NAMES = ("orders", "away", "heard")


def fitted(learner: Learner, n: int = 3_000) -> BoostedScores:
    found = learner.fit(chance_log(step_law, n, shares=(0.6, 0.4)), seed=1)
    assert isinstance(found, BoostedScores)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("learner", [SLearner(), TLearner(), XLearner(), DrLearner()], ids=lambda one: one.id)
def test_kept_trees_score_as_scikit_learn_predicts(learner: Learner) -> None:
    scores = fitted(learner)
    kept = Trees.model_validate_json(flat_trees(scores.parts[0], NAMES).model_dump_json())
    people = np.random.default_rng(9).standard_normal((20_000, 3))
    people[:200] = np.round(people[:200])
    line = 0.0 if scores.floor is None else scores.floor(people)[:, 0]
    told, true = line + TreeScores.of(kept).score(people), scores(people)[:, 0]
    assert np.abs(told - true).max() < 1e-9
    assert np.ptp(true) > 0.1
    assert not any(name == "3" for name in kept.names), "the action is filled in"


@pytest.mark.slow
def test_a_value_on_a_bound_goes_left_as_in_scikit_learn() -> None:
    scores = fitted(DrLearner())
    kept = flat_trees(scores.parts[0], NAMES)
    ready = TreeScores.of(kept)
    people = np.zeros((sum(len(one.bounds) for one in ready.parts), 3))
    row = 0
    for one in ready.parts:
        for bound in one.bounds:
            people[row, one.place] = bound
            row += 1
    true = scores.parts[0][0](people)
    assert np.abs(ready.score(people) - true).max() < 1e-9


def test_trees_of_nothing_score_everybody_alike() -> None:
    empty = Trees(names=NAMES, base=0.5, starts=(), feature=(), value=(), left=(), right=())
    assert (TreeScores.of(empty).score(np.zeros((3, 3))) == 0.5).all()


def test_more_kinds_than_can_be_numbered_are_refused() -> None:
    """Sixty-three features, each with one bound."""
    n = 63
    trees = Trees(
        names=tuple(f"f{one}" for one in range(n)), base=0.0, starts=tuple(range(0, 3 * n, 3)),
        feature=tuple(value for one in range(n) for value in (one, -1, -1)), value=(0.0, 1.0, 2.0) * n,
        left=tuple(value for one in range(n) for value in (3 * one + 1, 0, 0)),
        right=tuple(value for one in range(n) for value in (3 * one + 2, 0, 0)),
    )  # fmt: skip
    with pytest.raises(InvalidInput, match="too many kinds"):
        TreeScores.of(trees)
