"""What decisions go by: learned tables, with their trees where those can be read, else the terms below and why."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import ValidationError

from memory.domain.canonical import content_hash
from memory.domain.errors import SecondOrderError
from memory.domain.learned import BoostedEffects, KindEffects, ShopEffects
from memory.domain.message import MessageKind
from memory.domain.trees import Trees

from .features import feature, feature_names, is_market
from .tree_scores import TreeScores

MOST_CHARS = 4_000_000
"""Kept trees beyond so many characters are not read."""
ASKED = "asked_"
"""Before the number of a feature's column."""


@dataclass(frozen=True)
class Tables:
    """Learned tables that are ready to decide."""

    learned: ShopEffects | None = None
    """Each kind's table that is in use; none where the shop never learned."""
    trees: Mapping[MessageKind, TreeScores] = field(default_factory=dict)
    """Trees of kinds that go by them."""
    refused: Mapping[MessageKind, str] = field(default_factory=dict)
    """Why a kind's trees are not used though they won."""

    def label(self, kind: KindEffects) -> str:
        """Give how effects by a kind's table are labelled."""
        assert self.learned is not None
        if isinstance(kind, BoostedEffects):
            return f"{self.learned.label}, trees of {kind.learner}"
        why = self.refused.get(kind.kind)
        return f"{self.learned.label}, without trees: {why}" if why else self.learned.label


def tables_of(found: ShopEffects | None, kept: str) -> Tables:
    """Give what decisions go by: trees where they are in use and can be read, else the terms, with the reason."""
    if found is None:
        return Tables()
    kinds: list[KindEffects] = []
    trees: dict[MessageKind, TreeScores] = {}
    refused: dict[MessageKind, str] = {}
    for one in found.kinds:
        ready = _ready(kept, one.kind, one.boosted.trees_hash) if one.boosted and one.boosted.is_used else None
        if isinstance(ready, TreeScores):
            trees[one.kind] = ready
        elif ready is not None:
            refused[one.kind] = ready
        kinds.append(one.in_use if one.kind in trees else one)
    return Tables(found.model_copy(update={"kinds": tuple(kinds)}), trees, refused)


def with_features(table: ir.Table, tables: Tables) -> tuple[ir.Table, ir.Table]:
    """Give the rows with a column per feature that trees ask for, and the different rows that trees must score."""
    names = asked(tables)
    rows = table.mutate(**{f"{ASKED}{place}": feature(table, name) for place, name in enumerate(names)})
    own = rows.filter(rows.message_kind.isin(sorted(tables.trees)))
    return rows, own.select("message_kind", *(f"{ASKED}{place}" for place in range(len(names)))).distinct()


def asked(tables: Tables) -> tuple[str, ...]:
    """Give the features that any trees ask for, in one order."""
    return tuple(sorted({part.name for scores in tables.trees.values() for part in scores.parts}))


def tree_scores(different: pa.Table, tables: Tables) -> pa.Table:
    """Give the different rows of `with_features` with `tree_score`, the score by the trees of their kind of message."""
    names, parts = asked(tables), []
    schema = different.schema.append(pa.field("tree_score", pa.float64()))
    for name, scores in sorted(tables.trees.items()):
        own = different.filter(pc.equal(different["message_kind"], name))
        context = np.zeros((own.num_rows, max((part.place for part in scores.parts), default=0) + 1))
        for part in scores.parts:
            context[:, part.place] = own[f"{ASKED}{names.index(part.name)}"].to_numpy()
        parts.append(own.append_column("tree_score", pa.array(scores.score(context), pa.float64())).cast(schema))
    return pa.concat_tables([schema.empty_table(), *parts])


@lru_cache(maxsize=32)
def _ready(kept: str, kind: MessageKind, trees_hash: str) -> TreeScores | str:
    """Read one kind's trees, or say why not."""
    if len(kept) > MOST_CHARS:
        return "they are too large"
    try:
        content = json.loads(kept or "{}").get(kind)
        if content is None:
            return "they are missing"
        if content_hash(content) != trees_hash:
            return "they are not those that were learned"
        trees = Trees.model_validate(content)
        if not all(is_market(name) or name in feature_names(()) for name in trees.names):
            return "they ask for what this version does not know"
        return TreeScores.of(trees)
    except (ValueError, AttributeError, RecursionError, ValidationError, SecondOrderError):
        return "they cannot be read"
