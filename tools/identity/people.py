"""From links to people: connected components of identifiers, with too common identifiers left out.

Deterministic: the same links in the same order give the same people. A person's id is the subject that was
linked first, so that a person keeps the id under which experiments and plans know them.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from memory.domain.facts import IDENTITIES_SCHEMA

MAX_SHARED = {"email": 10, "phone": 4, "device": 4, "customer_id": 10}
"""An identifier seen together with more than this many others of one kind joins nobody: a shop's tablet, a
placeholder number or a family phone is not a person."""

Ints = npt.NDArray[np.int64]


def resolve_people(links: pa.Table) -> pa.Table:
    """Give `IDENTITIES_SCHEMA` rows for every subject whose person is another subject, from links in order."""
    if links.num_rows == 0:
        return IDENTITIES_SCHEMA.empty_table()
    left, right, names = _nodes(links)
    usable = ~(_too_common(left, right, links) | _too_common(right, left, _swapped(links)))
    person = _components(left[usable], right[usable], len(names))
    merged = np.flatnonzero(person != np.arange(len(names)))
    subjects = names.take(pa.array(merged))
    people = names.take(pa.array(person[merged]))
    return pa.table([subjects, people], schema=IDENTITIES_SCHEMA).sort_by("subject_id")


def _nodes(links: pa.Table) -> tuple[Ints, Ints, pa.Array]:
    """Number the subjects in the order in which the log first names them."""
    pairs = np.empty(links.num_rows * 2, dtype=object)
    pairs[0::2] = links["left_subject"].to_numpy(zero_copy_only=False)
    pairs[1::2] = links["right_subject"].to_numpy(zero_copy_only=False)
    encoded = pa.array(pairs, pa.string()).dictionary_encode()
    numbers: Ints = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    return numbers[0::2], numbers[1::2], encoded.dictionary


def _too_common(nodes: Ints, others: Ints, links: pa.Table) -> npt.NDArray[np.bool_]:
    """Mark links of nodes that stand beside too many others of one kind."""
    frame = pa.table({"node": nodes, "kind": links["left_kind"], "other_kind": links["right_kind"], "other": others})
    counts = frame.group_by(["node", "kind", "other_kind"]).aggregate([("other", "count_distinct")])
    limits = pa.array([MAX_SHARED.get(str(kind), 10) for kind in counts["kind"].to_pylist()])
    crowded = counts.filter(pc.greater(counts["other_count_distinct"], limits))["node"].to_numpy()
    marked: npt.NDArray[np.bool_] = np.isin(nodes, crowded)
    return marked


def _swapped(links: pa.Table) -> pa.Table:
    return pa.table({"left_kind": links["right_kind"], "right_kind": links["left_kind"]})


def _components(left: Ints, right: Ints, n_nodes: int) -> Ints:
    """Give each node the smallest number in its connected component (label propagation with pointer jumping)."""
    label: Any = np.arange(n_nodes, dtype=np.int64)
    while True:
        low = np.minimum(label[left], label[right])
        before = label.copy()
        np.minimum.at(label, left, low)
        np.minimum.at(label, right, low)
        label = label[label]
        if np.array_equal(before, label):
            return label  # type: ignore[no-any-return]
