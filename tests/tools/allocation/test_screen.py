"""What a screen settles stays settled, wherever in the box the multipliers are."""

from dataclasses import replace

import numpy as np
import pytest

from tools.allocation import screen as module
from tools.allocation.columns import choice_at
from tools.allocation.limits import sides_of
from tools.allocation.prepare import prepare

from .problems import small


def n_changed(seed: int) -> tuple[int, int]:
    """Give how many settled decisions change their option inside the box, and how many are settled."""
    problem = small(seed, n=40)
    columns = prepare(problem)
    sides = sides_of(problem.limits, problem.n_groups, problem.n_options)
    rng = np.random.default_rng(seed)
    size = float(np.abs(problem.value).max()) / 4
    centre, width = rng.random(len(sides)) * size, rng.random(len(sides)) * size / 8
    found = module.screen(columns, sides, centre, width)
    settled = np.setdiff1d(np.arange(columns.n), found.open)
    changed = 0
    for _ in range(40):
        at = np.maximum(centre + rng.uniform(-1, 1, len(sides)) * width, 0)
        changed += int((choice_at(columns, sides, at)[settled] != found.option[settled]).sum())
    return changed, len(settled)


def test_no_settled_decision_changes_inside_the_box() -> None:
    found = [n_changed(seed) for seed in range(60)]
    assert sum(changed for changed, _ in found) == 0
    assert sum(settled for _, settled in found) > 500


def test_a_screen_that_forgets_how_far_values_move_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: a quarter of the width."""
    leads = module._leads
    monkeypatch.setattr(module, "_leads", lambda columns, sides, at, width: leads(columns, sides, at, width / 4))
    assert sum(n_changed(seed)[0] for seed in range(60)) > 0


def test_a_screen_without_people_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: decisions under one cap are settled as if each were alone."""
    monkeypatch.setattr(module, "_with_people", lambda _columns, _kept, _least, _most, is_open: is_open)
    assert sum(n_changed(seed)[0] for seed in range(60)) > 0


def test_a_box_without_width_settles_all_but_ties() -> None:
    problem = replace(small(5, n=40), per_person=None)
    columns = prepare(problem)
    sides = sides_of(problem.limits, problem.n_groups, problem.n_options)
    none = np.zeros(len(sides))
    found = module.screen(columns, sides, none + 0.5, none)
    assert len(found.open) < columns.n / 2
