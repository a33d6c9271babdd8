"""Boosted trees as they are kept: flat lists of numbers, bounded, without code; a node is a comparison or a leaf."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .base import Frozen

Number = Annotated[float, Field(allow_inf_nan=False)]
MOST_TREES, MOST_LEAVES, MOST_FEATURES = 400, 8, 64
MOST_NODES = MOST_TREES * (2 * MOST_LEAVES - 1)
LEAF = -1


class Trees(Frozen):
    """A sum of trees. Nodes stand tree after tree, parents before children; a comparison goes left where x <= bound."""

    version: Literal[1] = 1
    """Of this layout; another one is not read."""
    names: Annotated[tuple[str, ...], Field(max_length=MOST_FEATURES)]
    """Features, of `tools.effects.features`."""
    base: Number
    """What everybody scores before the trees."""
    starts: Annotated[tuple[int, ...], Field(max_length=MOST_TREES)]
    """Where each tree begins."""
    feature: Annotated[tuple[int, ...], Field(max_length=MOST_NODES)]
    """Which feature a node compares, by its place in `names`; `LEAF` for a leaf."""
    value: Annotated[tuple[Number, ...], Field(max_length=MOST_NODES)]
    """The bound of a comparison; what a leaf adds."""
    left: Annotated[tuple[int, ...], Field(max_length=MOST_NODES)]
    """Where a comparison goes that holds; 0 for a leaf."""
    right: Annotated[tuple[int, ...], Field(max_length=MOST_NODES)]
    """Where it goes otherwise; 0 for a leaf."""

    @model_validator(mode="after")
    def _is_sound(self) -> Self:
        """Every node is reached once from the start of its tree, whose leaves are few."""
        n = len(self.feature)
        if not len(self.value) == len(self.left) == len(self.right) == n:
            raise ValueError("the columns of nodes differ in length")
        if list(self.starts) != sorted(set(self.starts)) or bool(self.starts) != bool(n):
            raise ValueError("the trees do not follow each other")
        if self.starts and (self.starts[0] != 0 or self.starts[-1] >= n):
            raise ValueError("a tree begins nowhere")
        if not all(LEAF <= one < len(self.names) for one in self.feature):
            raise ValueError("a node compares an unknown feature")
        for start, end in zip(self.starts, (*self.starts, n)[1:], strict=True):
            own = range(start, end)
            inner = [node for node in own if self.feature[node] != LEAF]
            children = [child for node in inner for child in (self.left[node], self.right[node])]
            if sorted(children) != list(own)[1:] or any(min(self.left[a], self.right[a]) <= a for a in inner):
                raise ValueError("a tree is no tree")
            if len(own) - len(inner) > MOST_LEAVES:
                raise ValueError("a tree has too many leaves")
        return self
