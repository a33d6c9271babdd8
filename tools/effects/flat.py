"""From fitted boosters to trees that can be kept: sums of boosters become one sum of trees with weights inside."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from memory.domain.trees import LEAF, Trees

from .boosters import Part

LEFT, RIGHT = "left", "right"


def flat_trees(parts: Sequence[Part], names: Sequence[str]) -> Trees:
    """Give one treatment's boosters as flat trees over features `names`; the action, where it is one, is filled in."""
    columns: dict[str, list[Any]] = {name: [] for name in ("feature", "value", LEFT, RIGHT)}
    starts, base = [], 0.0
    for part in parts:
        fitted = part.booster.fitted
        base += part.weight * float(np.ravel(fitted._baseline_prediction)[0])
        for predictors in fitted._predictors:
            nodes = predictors[0].nodes
            root = _past(nodes, 0, part, len(names))
            if nodes[root]["is_leaf"]:  # a tree of one leaf adds the same to everybody
                base += part.weight * float(nodes[root]["value"])
                continue
            starts.append(len(columns["feature"]))
            _add(nodes, root, part, len(names), columns)
    return Trees(
        names=tuple(names), base=base, starts=tuple(starts), feature=tuple(columns["feature"]),
        value=tuple(columns["value"]), left=tuple(columns[LEFT]), right=tuple(columns[RIGHT]),
    )  # fmt: skip


def _past(nodes: Any, place: int, part: Part, action_place: int) -> int:
    """Give the first node that does not ask for the action."""
    while not nodes[place]["is_leaf"] and int(nodes[place]["feature_idx"]) == action_place:
        assert part.action is not None
        side = LEFT if part.action <= float(nodes[place]["num_threshold"]) else RIGHT
        place = int(nodes[place][side])
    return place


def _add(nodes: Any, place: int, part: Part, action_place: int, columns: dict[str, list[Any]]) -> int:
    """Add a node and all below it, and give where it stands."""
    node, own = nodes[place], len(columns["feature"])
    is_leaf = bool(node["is_leaf"])
    columns["feature"].append(LEAF if is_leaf else int(node["feature_idx"]))
    columns["value"].append(part.weight * float(node["value"]) if is_leaf else float(node["num_threshold"]))
    columns[LEFT].append(0)
    columns[RIGHT].append(0)
    if not is_leaf:
        for side in (LEFT, RIGHT):
            below = _past(nodes, int(node[side]), part, action_place)
            columns[side][own] = _add(nodes, below, part, action_place, columns)
    return own
