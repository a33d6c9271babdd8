"""SQL of expressions remembered: compiling one takes Ibis longer than DuckDB takes to run it, and ticks ask alike.

Two expressions of one shape differ in their instants, days, plain texts and lists of ids only: `event_at <= now` of
this tick and of the last one, or `plan_id = …` of two plans. The first is compiled with stand-ins for those, and its
text is kept in pieces between them.
"""

import re
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
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
PLAIN = re.compile(r"[\w.:@/+-]+", re.ASCII)
"""Ids that need no escapes."""
Shape = tuple[Any, ...]
Slot = Any
"""What differs between expressions of one shape: a literal instant, day or plain text, or a tuple of ids."""


class Compiled:
    """The texts of one backend's dialect. Safe to use from several threads."""

    def __init__(self, compile_anew: Callable[[ir.Expr], str], text_of: Callable[[ops.Literal], str]) -> None:
        """Compile with these: an expression to its text, and an instant, a day or a text to its text."""
        self._compile, self._text_of = compile_anew, text_of
        self._kept: OrderedDict[Shape, tuple[str | int, ...] | None] = OrderedDict()
        self._lock = Lock()

    def sql(self, expr: ir.Expr) -> str:
        """Give the text that compiling the expression gives."""
        try:
            outline = Outline(expr.op())
            known = outline.key in self._kept
        except TypeError:  # it holds something that cannot be compared
            return self._compile(expr)
        pieces = self._kept[outline.key] if known else self._pieces(outline)
        with self._lock:
            self._kept[outline.key] = pieces
            self._kept.move_to_end(outline.key)
            while len(self._kept) > N_KEPT:
                self._kept.popitem(last=False)
        if pieces is None:
            return self._compile(expr)
        texts = [self._text(slot) for slot in outline.slots]
        return "".join(piece if isinstance(piece, str) else texts[piece] for piece in pieces)

    def _pieces(self, outline: "Outline") -> tuple[str | int, ...] | None:
        """Give the text between the slots, and the number of the slot at each place; none where that fails."""
        stand_ins = [_stand_in(slot, number) for number, slot in enumerate(outline.slots)]
        pieces: list[str | int] = [self._compile(outline.with_slots(stand_ins).to_expr())]
        for number, stand_in in enumerate(stand_ins):
            text = self._text(stand_in)
            pieces = [part for piece in pieces for part in _split(piece, text, number)]
        if any(isinstance(piece, str) and str(STAND_IN_YEAR) in piece for piece in pieces):
            return None
        return tuple(pieces)

    def _text(self, slot: Slot) -> str:
        return ", ".join(f"'{each}'" for each in slot) if isinstance(slot, tuple) else self._text_of(slot)


class Outline:
    """What an expression looks like without its slots, and these in order, each once."""

    def __init__(self, root: Node) -> None:
        """Look at each node once; raise TypeError where something in it cannot be hashed."""
        self.slots: dict[Slot, int] = {}
        self._root = root
        self._places: dict[Node, int] = {}
        self._slot_of: dict[Node, int] = {}
        parts: list[Any] = []
        waiting = [root]
        while waiting:
            node = waiting[-1]
            arguments = (node.value,) if _ids(node) else node.__args__  # the ids themselves belong to the slot
            missing = [child for child in _nodes(arguments) if child not in self._places]
            if missing and node not in self._places:
                waiting.extend(missing)
                continue
            waiting.pop()
            if node not in self._places:
                self._places[node] = len(self._places)
                parts.append(self._described(node))
        self.key: Shape = tuple(parts)
        hash(self.key)

    def with_slots(self, values: list[Slot]) -> ops.Node:
        """Give the expression with these values in its slots."""

        def put(node: ops.Node, changed: Mapping[str, Any] | None) -> ops.Node:
            known = dict(zip(node.argnames, node.args, strict=True)) | dict(changed or {})
            if node not in self._slot_of:
                return node.__recreate__(known) if changed else node
            value = values[self._slot_of[node]]
            if isinstance(value, tuple):
                return ops.InValues(known["value"], tuple(ops.Literal(each, dtype="string") for each in value))
            return value

        return self._root.replace(put)

    def _described(self, node: Node) -> Any:
        if _is_slot(node):
            return (ops.Literal, node.dtype, self._slot(node, node))
        if ids := _ids(node):
            return (ops.InValues, _seen(node.value, self._places), self._slot(node, ids))
        return (type(node), *(_seen(each, self._places) for each in node.__args__))

    def _slot(self, node: Node, slot: Slot) -> int:
        """Give the number of what stands at a node; the same instant or list has one number wherever it stands."""
        self._slot_of[node] = self.slots.setdefault(slot, len(self.slots))
        return self._slot_of[node]


def _is_slot(node: Node) -> bool:
    """Say whether a node is an instant, a day, or a text without escapes."""
    if not isinstance(node, ops.Literal):
        return False
    if isinstance(node.value, str):
        return node.dtype.is_string() and PLAIN.fullmatch(node.value) is not None
    return isinstance(node.value, date) and node.dtype.is_temporal()


def _ids(node: Node) -> tuple[str, ...]:
    """Give the ids that a node looks for in a list of plain texts; nothing for any other node or list."""
    if not isinstance(node, ops.InValues):
        return ()
    values = [one.value if isinstance(one, ops.Literal) and one.dtype.is_string() else None for one in node.options]
    ids = tuple(value for value in values if isinstance(value, str) and PLAIN.fullmatch(value))
    return ids if len(ids) == len(values) else ()


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


def _stand_in(slot: Slot, number: int) -> Slot:
    if isinstance(slot, tuple):
        return (f"{STAND_IN_YEAR}-{number}",)
    if isinstance(slot.value, str):
        return ops.Literal(f"{STAND_IN_YEAR}-{number}", dtype=slot.dtype)
    if not isinstance(slot.value, datetime):
        return ops.Literal(date(STAND_IN_YEAR, 1, 1) + timedelta(days=number), dtype=slot.dtype)
    at = datetime(STAND_IN_YEAR, 1, 1, tzinfo=UTC if slot.dtype.timezone else None) + timedelta(minutes=number)
    return ops.Literal(at, dtype=slot.dtype)


def _split(piece: str | int, text: str, number: int) -> Iterator[str | int]:
    if isinstance(piece, int):
        yield piece
        return
    first, *rest = piece.split(text)
    yield first
    for each in rest:
        yield number
        yield each
