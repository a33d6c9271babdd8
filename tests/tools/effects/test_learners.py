import numpy as np
import pytest

from tools.effects.learner import Learner
from tools.effects.learners import FLOOR, LEARNERS, DrLearner, SLearner, TLearner, XLearner
from tools.effects.learners.floor import coefficients
from tools.effects.terms import Terms

from .logs import chance_log, line_law, step_law

PEOPLE = np.random.default_rng(9).standard_normal((500, 3))


def test_every_learner_has_a_name_of_its_own_and_the_floor_comes_first() -> None:
    assert [one.id for one in LEARNERS] == ["ridge", "s", "t", "x", "dr"]
    assert LEARNERS[0] is FLOOR


@pytest.mark.parametrize("learner", [SLearner(), TLearner(), XLearner(), DrLearner()], ids=lambda one: one.id)
def test_a_booster_finds_an_effect_no_line_follows(learner: Learner) -> None:
    score = learner.fit(chance_log(step_law, 3_000), seed=1)(PEOPLE)
    assert score.shape == (500, 1)
    assert np.corrcoef(score[:, 0], step_law(PEOPLE)[:, 0])[0, 1] > 0.85


def test_the_floor_finds_a_line_and_not_a_step_of_products() -> None:
    line, step = (FLOOR.fit(chance_log(law, 3_000), seed=1)(PEOPLE)[:, 0] for law in (line_law, step_law))
    assert np.corrcoef(line, line_law(PEOPLE)[:, 0])[0, 1] > 0.99
    assert abs(float(np.corrcoef(step, step_law(PEOPLE)[:, 0])[0, 1])) < 0.5


def test_the_floor_is_right_where_chance_sent_more_to_some() -> None:
    log = chance_log(line_law, 6_000)
    often = np.where(log.context[:, 1] > 0, 0.9, 0.5)
    keep = (log.action == 1) | (np.random.default_rng(2).random(log.n) < (1 - often) / often)
    chances = np.column_stack([1 - often, often])[keep]
    action = log.action[keep]
    cut = type(log)(log.context[keep], action, log.reward[keep], chances[np.arange(len(action)), action], chances)
    score = FLOOR.fit(cut, seed=1)(PEOPLE)[:, 0]
    assert np.abs(score - line_law(PEOPLE)[:, 0]).mean() < 0.02


def test_an_arm_with_fewer_rows_than_terms_scores_nothing() -> None:
    log = chance_log(line_law, 6)
    terms = Terms.of(log.context)
    assert (coefficients(log, terms.design(log.context)) == 0).all()


def test_a_yes_or_no_has_no_hinge() -> None:
    context = np.column_stack([np.arange(10.0), np.arange(10) % 2])
    assert Terms.of(context).design(context).shape == (10, 4)
