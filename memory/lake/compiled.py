"""SQL of expressions remembered: compiling one takes Ibis longer than DuckDB takes to run it, and ticks ask alike.

Two expressions of one shape differ in their instants and days only: `event_at <= now` of this tick and of the last
one. The first is compiled with stand-ins for those, and its text is kept in pieces between them.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from threading import Lock
from typing import Any

import ibis.expr.operations as ops
import ibis.expr.types as ir
from ibis.backends import BaseBackend
from ibis.common.graph import Node

N_KEPT = 512
STAND_IN_YEAR = 1703
"""No fact is of that year; where it is left in a text, something else than the instants depends on them."""
Shape = tuple[Any, ...]


class Compiled:
    """The texts of one backend's dialect. Safe to use from several threads."""

    def __init__(self, compile_anew: Callable[[ir.Expr], str], text_of: Callable[[ops.Literal], str]) -> None:
        """Compile with these: an expression to its text, and an instant or a day to its text."""
        self._compile, self._text_of = compile_anew, text_of
        self._kept: OrderedDict[Shape, tuple[str | int, ...] | None] = OrderedDict()
        self._lock = Lock()

    def sql(self, expr: ir.Expr) -> str:
        """Give the text that compiling the expression gives."""
        op = expr.op()
        try:
            shape, instants = shape_of(op)
            known = shape in self._kept
        except TypeError:  # it holds something that cannot be compared
            return self._compile(expr)
        pieces = self._kept[shape] if known else self._pieces(expr, instants)
        with self._lock:
            self._kept[shape] = pieces
            self._kept.move_to_end(shape)
            while len(self._kept) > N_KEPT:
                self._kept.popitem(last=False)
        if pieces is None:
            return self._compile(expr)
        texts = [self._text_of(instant) for instant in instants]
        return "".join(piece if isinstance(piece, str) else texts[piece] for piece in pieces)

    def _pieces(self, expr: ir.Expr, instants: list[ops.Literal]) -> tuple[str | int, ...] | None:
        """Give the text between the instants, and the number of the instant at each place; none where that fails."""
        stand_ins = {instant: _stand_in(instant, number) for number, instant in enumerate(instants)}
        pieces: list[str | int] = [self._compile(expr.op().replace(stand_ins).to_expr())]
        for number, stand_in in enumerate(stand_ins.values()):
            text = self._text_of(stand_in)
            pieces = [part for piece in pieces for part in _split(piece, text, number)]
        if any(isinstance(piece, str) and str(STAND_IN_YEAR) in piece for piece in pieces):
            return None
        return tuple(pieces)


def shape_of(root: Node) -> tuple[Shape, list[ops.Literal]]:
    """Give what an expression looks like without its instants, and these in order, each once.

    Raise TypeError where something in it cannot be hashed.
    """
    places: dict[Node, int] = {}
    parts: list[Any] = []
    instants: list[ops.Literal] = []
    waiting = [root]
    while waiting:
        node = waiting[-1]
        if node in places:
            waiting.pop()
            continue
        missing = [child for child in _nodes(node.__args__) if child not in places]
        if missing:
            waiting.extend(missing)
            continue
        waiting.pop()
        places[node] = len(places)
        if _is_instant(node):
            parts.append((ops.Literal, node.dtype, len(instants)))
            instants.append(node)
        else:
            parts.append((type(node), *(_seen(each, places) for each in node.__args__)))
    shape = tuple(parts)
    hash(shape)
    return shape, instants


def _is_instant(node: Node) -> bool:
    return isinstance(node, ops.Literal) and isinstance(node.value, date) and node.dtype.is_temporal()


def _nodes(values: Any) -> Iterator[Node]:
    for each in values:
        if isinstance(each, Node):
            yield each
        elif isinstance(each, tuple | list):
            yield from _nodes(each)
        elif isinstance(each, dict):
            yield from _nodes(each.keys())
            yield from _nodes(each.values())


def _seen(value: Any, places: dict[Node, int]) -> Any:
    """Give a value as it counts in a shape: nodes by their place, all else with its type (1, 1.0 and True differ)."""
    if isinstance(value, Node):
        return (Node, places[value])
    if isinstance(value, tuple | list):
        return (tuple, *(_seen(each, places) for each in value))
    if isinstance(value, dict):
        return (dict, *((_seen(key, places), _seen(each, places)) for key, each in value.items()))
    if isinstance(value, BaseBackend):
        return BaseBackend  # names of tables mean the same in each connection
    return (type(value), value)


def _stand_in(instant: ops.Literal, number: int) -> ops.Literal:
    if not isinstance(instant.value, datetime):
        return ops.Literal(date(STAND_IN_YEAR, 1, 1) + timedelta(days=number), dtype=instant.dtype)
    at = datetime(STAND_IN_YEAR, 1, 1, tzinfo=UTC if instant.dtype.timezone else None) + timedelta(minutes=number)
    return ops.Literal(at, dtype=instant.dtype)


def _split(piece: str | int, text: str, number: int) -> Iterator[str | int]:
    if isinstance(piece, int):
        yield piece
        return
    first, *rest = piece.split(text)
    yield first
    for each in rest:
        yield number
        yield each
