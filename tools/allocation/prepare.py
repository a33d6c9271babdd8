"""From a problem to columns: what can never be chosen is blocked, and only caps that can bind are kept."""

import numpy as np
import numpy.typing as npt

from .columns import BLOCKED, Caps, Columns
from .limits import Budget, Flags, Ints
from .problem import PerPerson, Problem

Hashes = npt.NDArray[np.uint64]


def prepare(problem: Problem) -> Columns:
    """Give the problem's decisions as columns."""
    return Columns(
        np.where(_open(problem), problem.value, BLOCKED),
        tuple(problem.costs),
        problem.group,
        problem.n_groups,
        np.zeros(0),
        _binding(problem.per_person) if problem.per_person else None,
    )


def _open(problem: Problem) -> Flags:
    """Say which options may be chosen: a single one dearer than its whole budget, or of a kind capped at 0, may not."""
    allowed = problem.allowed
    for limit in problem.limits:
        if isinstance(limit, Budget):
            cost = problem.costs[limit.cost]
            if cost.size and cost.max() > limit.most:
                allowed = allowed & (cost <= max(limit.most, 0))
        elif limit.most is not None and limit.most <= 0:
            groups = problem.group if problem.n_groups > 1 else np.zeros(problem.n_decisions, dtype=np.int64)
            allowed = allowed & ~limit.member[groups].T
    return allowed


def _binding(per_person: PerPerson) -> Caps | None:
    """Give the caps of people with more decisions than the cap lets through."""
    _, unit, size = np.unique(per_person.person, return_inverse=True, return_counts=True)
    rows = np.flatnonzero(size[unit] > per_person.at_most)
    if not len(rows):
        return None
    rows = rows[np.argsort(unit[rows], kind="stable")]
    starts = np.flatnonzero(np.append(True, np.diff(unit[rows]) > 0))
    return Caps(rows, starts, np.maximum(per_person.at_most[rows[starts]], 0))


def one_per_type(columns: Columns) -> tuple[Columns, Ints]:
    """Give one column per type of identical decisions with its number, and each decision's type (n,).

    People with a cap that can bind are alike where all their decisions are, in order, and the cap. Where few decisions
    are alike nothing is merged, and the types are empty.
    """
    if columns.n < 2 or not _often_alike(columns):
        return columns, np.zeros(0, dtype=np.int64)
    keys, by_person = _keys(columns), _by_person(columns)
    # people in turn: all decisions that stand for a type of people are those of one person
    _, first, place, count = np.unique(keys[by_person], return_index=True, return_inverse=True, return_counts=True)
    first, kind = by_person[first], np.empty(columns.n, dtype=np.int64)
    kind[by_person] = place
    if len(first) > columns.n // 2 or not _truly_alike(columns, first[kind]):
        return columns, np.zeros(0, dtype=np.int64)
    # in the order in which types first occur, so that ties go to the earlier decision
    order = np.argsort(first)
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    merged = columns.take(first[order])
    weighted = Columns(
        merged.value, merged.costs, merged.group, merged.n_groups, count[order].astype(np.float64), merged.caps
    )
    return weighted, place[kind]


def _often_alike(columns: Columns) -> bool:
    """Say whether a sample of the decisions holds many twins."""
    step = max(1, columns.n // 20_000)
    sample = _hashes(columns.take(np.arange(0, columns.n, step)))
    return len(np.unique(sample)) <= len(sample) // 2


def _by_person(columns: Columns) -> Ints:
    leader = np.arange(columns.n)
    if columns.caps is not None:
        leader[columns.caps.rows] = columns.caps.rows[columns.caps.starts][columns.caps.unit]
    return np.argsort(leader, kind="stable") if columns.caps is not None else leader


def _keys(columns: Columns) -> Hashes:
    keys = _hashes(columns)
    if columns.caps is None:
        return keys
    caps, unit = columns.caps, columns.caps.unit
    place = (np.arange(len(caps.rows)) - caps.starts[unit]).astype(np.uint64)
    placed = _mixed(keys[caps.rows] + _mixed(place + np.uint64(1)))
    whole = _mixed(np.add.reduceat(placed, caps.starts) + caps.at_most.astype(np.uint64))
    keys[caps.rows] = _mixed(whole[unit] + placed * np.uint64(3))
    return keys


def _hashes(columns: Columns) -> Hashes:
    """Give a 64-bit number per decision that is the same for identical ones."""
    found = columns.group.astype(np.uint64) if len(columns.group) else np.zeros(columns.n, dtype=np.uint64)
    for number in range(columns.m):
        usable = columns.value[number] > BLOCKED
        for cells in (columns.value, *columns.costs):
            mixed = _mixed(np.where(usable, cells[number], BLOCKED).astype(np.int64).astype(np.uint64))
            found = found * np.uint64(0x9E3779B97F4A7C15) + mixed
    return _mixed(found)


def _mixed(values: Hashes) -> Hashes:
    """Spread the bits (the finaliser of splitmix64, Steele, Lea and Flood 2014)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _truly_alike(columns: Columns, twin: Ints) -> bool:
    """Say whether every decision equals the one it is merged with; equal hashes alone are no proof."""
    if len(columns.group) and (columns.group != columns.group[twin]).any():
        return False
    for number in range(columns.m):
        usable = columns.value[number] > BLOCKED
        if (columns.value[number] != columns.value[number][twin]).any():
            return False
        if any((usable & (cost[number] != cost[number][twin])).any() for cost in columns.costs):
            return False
    return True
