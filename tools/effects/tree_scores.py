"""Scoring by kept trees: people who fall between the same bounds score alike, so each kind of person is scored once.

A tree's leaves are bits of a byte; each comparison that fails takes the leaves of its left side away, and the lowest
bit left is the leaf (QuickScorer: Lucchese et al. 2015, SIGIR). Whole rows of trees take one `and` a feature.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from memory.domain.errors import InvalidInput
from memory.domain.trees import LEAF, MOST_LEAVES, Trees
from tools.offpolicy.log import Floats, Ints

MOST_KINDS = 2**62
"""Kinds of people that one whole number can tell apart."""
AT_ONCE = 4_096
Bytes = npt.NDArray[np.uint8]


class Bounds(NamedTuple):
    """One feature's bounds."""

    place: int
    """Its place among the features."""
    name: str
    """The feature."""
    bounds: Floats
    """(k,): ascending."""
    masks: Bytes
    """(k + 1, trees): the leaves that are left between two bounds."""


@dataclass(frozen=True)
class TreeScores:
    """Trees, ready to score."""

    base: float
    """What everybody scores before the trees."""
    parts: tuple[Bounds, ...]
    """Features that the trees ask for."""
    leaves: Floats
    """(trees * 256,): what a tree adds by the byte of leaves that are left."""

    @classmethod
    def of(cls, trees: Trees) -> "TreeScores":
        """Prepare kept trees; raise `InvalidInput` where they tell more kinds of people apart than can be numbered."""
        n_trees, asked = len(trees.starts), dict[int, list[tuple[float, int, int]]]()
        values = np.zeros((n_trees, MOST_LEAVES))
        for tree, start in enumerate(trees.starts):
            found: list[float] = []
            _walk(trees, start, tree, found, asked)
            values[tree, : len(found)] = found
        lowest = np.array([0] + [(byte & -byte).bit_length() - 1 for byte in range(1, 256)])
        parts = tuple(_bounds(trees, place, asked[place], n_trees) for place in sorted(asked))
        n_kinds = 1
        for one in parts:
            n_kinds *= len(one.bounds) + 1
        if n_kinds > MOST_KINDS:
            raise InvalidInput(what="the trees", why="they tell too many kinds apart", remedy="Learn effects again")
        return cls(trees.base, parts, np.ascontiguousarray(values[:, lowest]).ravel())

    def score(self, context: Floats) -> Floats:
        """Give (m,): the score of each row of features."""
        kinds = np.zeros(len(context), dtype=np.int64)
        for one in self.parts:
            kinds = kinds * (len(one.bounds) + 1) + np.searchsorted(one.bounds, context[:, one.place], side="left")
        different, place = np.unique(kinds, return_inverse=True)
        scores: Floats = self.score_kinds(different)[place]
        return scores

    def score_kinds(self, kinds: Ints) -> Floats:
        """Give (m,): the score of each kind of person."""
        steps: list[Ints] = []
        rest = kinds
        for one in reversed(self.parts):
            rest, step = np.divmod(rest, len(one.bounds) + 1)
            steps.insert(0, step)
        found: Floats = np.full(len(kinds), self.base)
        if not self.parts:
            return found
        offsets = np.arange(self.parts[0].masks.shape[1], dtype=np.int32) * 256
        for begin in range(0, len(kinds), AT_ONCE):
            rows = slice(begin, begin + AT_ONCE)
            left = self.parts[0].masks[steps[0][rows]]
            for one, step in zip(self.parts[1:], steps[1:], strict=True):
                left &= one.masks[step[rows]]
            found[rows] += self.leaves[left + offsets].sum(axis=1)
        return found


def _walk(
    trees: Trees, node: int, tree: int, found: list[float], asked: dict[int, list[tuple[float, int, int]]]
) -> int:
    """Number the leaves below a node from left to right and give their bits."""
    if trees.feature[node] == LEAF:
        found.append(trees.value[node])
        return 1 << (len(found) - 1)
    left = _walk(trees, trees.left[node], tree, found, asked)
    asked.setdefault(trees.feature[node], []).append((trees.value[node], tree, left))
    return left | _walk(trees, trees.right[node], tree, found, asked)


def _bounds(trees: Trees, place: int, asked: list[tuple[float, int, int]], n_trees: int) -> Bounds:
    bounds = np.unique(np.array([bound for bound, _, _ in asked]))
    masks = np.full((len(bounds) + 1, n_trees), 255, dtype=np.uint8)
    for bound, tree, left in asked:
        masks[int(np.searchsorted(bounds, bound)) + 1 :, tree] &= np.uint8(255 - left)
    return Bounds(place, trees.names[place], bounds, masks)
