"""Integer repair: from a fractional optimum to whole decisions, one or two moves at a time.

A move takes one decision from its option to another. Pairs of moves with the smallest losses are all tried at once:
first until no limit is broken, then as long as the sum of values grows. Everything is an integer, and ties go to the
first pair, so the result is the same on every machine.
"""

from dataclasses import dataclass

import numpy as np

from .limits import Flags, Floats, Ints
from .near import FAR, Near

N_MOVES = 400
"""How many moves are paired; the time grows with its square."""
MAX_STEPS = 120


def rounded_down(near: Near, amount: Floats) -> Ints:
    """Give the whole part of a fractional choice; what is left over does nothing."""
    whole = np.floor(amount + 1e-6).astype(np.int64)
    whole[:, -1] = near.weight - whole[:, :-1].sum(axis=1)
    return whole


def repaired(near: Near, amount: Ints, n_moves: int = N_MOVES) -> tuple[Ints, bool]:
    """Improve a whole choice (c, m + 1) by moves and pairs; give it, and whether it keeps every limit."""
    amount = amount.copy()
    room = near.room - (near.use * amount).sum(axis=(1, 2))
    unit_room = near.unit_room - _per_unit(near, amount[:, :-1].sum(axis=1))
    for _ in range(MAX_STEPS):
        moves = _moves(near, amount, n_moves)
        pair = _best_pair(near, moves, room, unit_room)
        if pair is None:
            break
        for one in pair:
            row = moves.row[one]
            amount[row, moves.source[one]] -= 1
            amount[row, moves.target[one]] += 1
            room = room - moves.use[:, one]
            if near.unit[row] >= 0:
                unit_room[near.unit[row]] -= moves.taken[one]
    return amount, bool((room >= 0).all() and (unit_room >= 0).all())


@dataclass(frozen=True)
class _Moves:
    row: Ints
    source: Ints
    target: Ints
    gain: Floats
    """Change of value."""
    use: Ints
    """(sides, moves): change of what each side uses."""
    taken: Ints
    """Change of how many decisions take an option: 1, 0 or -1."""


def _moves(near: Near, amount: Ints, n_moves: int) -> _Moves:
    """Give the moves that lose least against the dual bound."""
    row, source = np.nonzero(amount > 0)
    options = np.arange(near.value.shape[1])
    change = np.where(near.usable[row], near.loss[row], FAR) - near.loss[row, source][:, None]
    change[options == source[:, None]] = np.inf
    flat = change.ravel()
    order = np.argsort(flat, kind="stable")[: n_moves - 1]
    order = order[flat[order] < FAR / 2]
    place, target = np.divmod(order, len(options))
    row, source = row[place], source[place]
    nothing = near.value.shape[1] - 1
    return _Moves(
        row,
        source,
        target,
        near.value[row, target] - near.value[row, source],
        near.use[:, row, target] - near.use[:, row, source],
        (target < nothing).astype(np.int64) - (source < nothing),
    )


def _best_pair(near: Near, moves: _Moves, room: Ints, unit_room: Ints) -> tuple[int, ...] | None:
    """Give the pair, or single move, that mends most, then gains most; none where nothing gets better."""
    if not len(moves.row):
        return None
    scale = np.maximum(np.abs(moves.use).max(axis=1), 1)
    before = float((np.maximum(-room, 0) / scale).sum())
    # the last entry is no move at all, so that single moves are pairs too
    use = np.append(moves.use, np.zeros((len(room), 1), dtype=np.int64), axis=1)
    gain = np.append(moves.gain, 0)
    allowed = _compatible(near, moves, unit_room)
    excess = np.zeros((len(gain), len(gain)))
    total = gain[:, None] + gain[None, :]
    for side in range(len(room)):
        left = (room[side] - use[side])[:, None] - use[side][None, :]
        if before or left.min() < 0:
            excess += np.maximum(-left, 0) / scale[side]
    excess[~allowed] = np.inf
    least = float(excess.min())
    if before and least >= before:
        return None
    score = np.where(excess <= least + 1e-12, total, -np.inf)
    place = int(np.argmax(score))
    first, second = divmod(place, len(gain))
    if not before and score[first, second] <= 1e-9:
        return None
    return tuple(one for one in (first, second) if one < len(moves.row))


def _compatible(near: Near, moves: _Moves, unit_room: Ints) -> Flags:
    """Say which pairs may be made together: not of one decision, and within every person's cap."""
    n = len(moves.row) + 1
    allowed = np.ones((n, n), dtype=np.bool_)
    row = np.append(moves.row, -1)
    allowed[row[:, None] == row[None, :]] = False
    allowed[-1, -1] = True
    unit = np.append(near.unit[moves.row], -1)
    if not (unit >= 0).any():
        return allowed
    taken = np.append(moves.taken, 0)
    left = np.where(unit >= 0, np.append(unit_room, 2**31)[unit], 2**31)
    alone = taken > np.maximum(left, 0)
    together = (unit[:, None] == unit[None, :]) & (unit[:, None] >= 0)
    joint = taken[:, None] + taken[None, :] <= np.maximum(left, 0)[:, None]
    return allowed & np.where(together, joint, ~(alone[:, None] | alone[None, :]))


def _per_unit(near: Near, taken: Ints) -> Ints:
    inside = near.unit >= 0
    return np.bincount(near.unit[inside], weights=taken[inside], minlength=len(near.unit_room)).astype(np.int64)
