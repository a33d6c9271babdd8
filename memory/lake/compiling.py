"""Compiling Ibis expressions once per shape: the same question of another instant or other people is the same SQL.

To build SQL from an expression takes longer than to run it over a few people's rows, and a run of triggers asks the
same questions each time. A shape is the whole expression but its instants and lists of ids; their places in the
text are filled in. A shape whose text does not come out as the compiler's own, letter by letter, is not kept (what
`EXCLUDE` names is a set).
"""

import re
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any

import ibis.expr.operations as ops
import ibis.expr.types as ir
import pyarrow as pa
from ibis.backends.duckdb import Backend as DuckDB
from ibis.backends.duckdb.converter import DuckDBPyArrowData

MOST_KEPT = 1_000
"""Texts; the oldest unused one goes."""
_PLAIN = re.compile(r"[\w.:@/+-]*", re.ASCII)
"""Ids that need no escapes."""
_EXCLUDED = re.compile(r"(?<=EXCLUDE \()[^()]*(?=\))")
_FIRST_MARK = datetime(1900, 1, 1, tzinfo=UTC)
_UNKNOWN = (ops.ScalarUDF, ops.AggUDF, ops.InMemoryTable, ops.ScalarParameter, ops.SQLQueryResult)


class RememberingDuckDB(DuckDB):  # type: ignore[misc]
    """Ibis' DuckDB, which compiles an expression of a shape that this process has met by filling in its text."""

    def compile(
        self, expr: ir.Expr, /, *, limit: int | None = None, params: Mapping[Any, Any] | None = None, **more: Any
    ) -> str:
        """Give the SQL of an expression, as Ibis does."""
        shape = _Shape(expr.as_table().op(), self) if limit is None and not params and not more else None
        if shape is None or shape.key is None:
            return str(super().compile(expr, limit=limit, params=params, **more))
        values = [_text_of(self, slot) for slot in shape.slots]
        if (known := _TEXTS.get(shape.key)) is not None:
            return "".join(part if isinstance(part, str) else values[part] for part in known)
        direct = str(super().compile(expr))
        marked = str(super().compile(shape.marked().to_expr())) if shape.slots else direct
        parts = _split(marked, [_text_of(self, mark) for mark in shape.marks])
        if _ordered("".join(part if isinstance(part, str) else values[part] for part in parts)) == _ordered(direct):
            _TEXTS.put(shape.key, parts)
        return direct

    def asked(self, key: Hashable, make: Callable[[], ir.Table]) -> pa.Table:
        """Give the rows of an expression that is made, and compiled, when its key is first asked for.

        The key says all that the expression is made of but the rows of its tables.
        """
        if (known := _MADE.get(key)) is None:
            table = make()
            known = (self.compile(table), table.schema())
            _MADE.put(key, known)
        text, schema = known
        found: pa.Table = DuckDBPyArrowData.convert_table(self.con.sql(text).to_arrow_table(), schema)
        return found


class _Kept:
    """The texts of one process, used by any thread."""

    def __init__(self) -> None:
        self._texts: OrderedDict[Hashable, tuple[Any, ...]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable) -> tuple[Any, ...] | None:
        with self._lock:
            if (found := self._texts.get(key)) is not None:
                self._texts.move_to_end(key)
            return found

    def put(self, key: Hashable, parts: tuple[Any, ...]) -> None:
        with self._lock:
            self._texts[key] = parts
            while len(self._texts) > MOST_KEPT:
                self._texts.popitem(last=False)


_TEXTS, _MADE = _Kept(), _Kept()


class _Shape:
    """An expression's nodes in order of discovery, with what varies set apart."""

    def __init__(self, root: ops.Node, backend: DuckDB) -> None:
        """Look at every node once; `key` stays none where one of them cannot be told by its parts."""
        self.key: Hashable | None = None
        self.slots: list[tuple[Any, Any]] = []
        """(value, type) of instants, (texts, none) of lists, each once; equal ones share a place."""
        self._root, self._backend = root, backend
        self._nodes: list[ops.Node] = [root]
        self._numbers = {id(root): 0}
        self._places: dict[tuple[Any, Any], int] = {}
        self._marked: dict[ops.Node, int] = {}
        try:
            key = tuple(self._described(node) for node in self._nodes)  # grows as it is read
            hash(key)
        except TypeError:
            return
        self.key = key

    @property
    def marks(self) -> list[tuple[Any, Any]]:
        """Values that stand for the slots where the text is split."""
        return [_mark(place, kind) for place, (_, kind) in enumerate(self.slots)]

    def marked(self) -> ops.Node:
        """Give the expression with marks in place of what varies."""

        def mark(node: ops.Node, changed: Mapping[str, Any] | None) -> ops.Node:
            place = self._marked.get(node)
            if place is None:
                return node.__recreate__(changed) if changed else node
            texts, kind = _mark(place, self.slots[place][1])
            if kind is not None:
                return ops.Literal(texts, dtype=kind)
            value = changed["value"] if changed else node.value
            return ops.InValues(value, tuple(ops.Literal(text, dtype="string") for text in texts))

        return self._root.replace(mark)

    def _described(self, node: ops.Node) -> Hashable:
        if isinstance(node, _UNKNOWN):
            raise TypeError(type(node))
        if isinstance(node, ops.Literal) and node.dtype.is_timestamp() and isinstance(node.value, datetime):
            place = self._place(node.value, node.dtype)
            self._marked[node] = place
            return (ops.Literal, node.dtype, place)
        if isinstance(node, ops.InValues) and (texts := _plain_texts(node.options)):
            place = self._place(texts, None)
            self._marked[node] = place
            return (ops.InValues, self._part(node.value), place)
        return (type(node), *(self._part(part) for part in node.__args__))

    def _part(self, part: Any) -> Hashable:
        if isinstance(part, ops.Node):
            number = self._numbers.setdefault(id(part), len(self._nodes))
            if number == len(self._nodes):
                self._nodes.append(part)
            return (ops.Node, number)
        if part is self._backend:
            return "here"
        if type(part) is tuple:
            return tuple(self._part(each) for each in part)
        if isinstance(part, Mapping):
            return (Mapping, tuple((name, self._part(each)) for name, each in part.items()))
        return (type(part), part)

    def _place(self, value: Any, kind: Any) -> int:
        place = self._places.setdefault((value, kind), len(self.slots))
        if place == len(self.slots):
            self.slots.append((value, kind))
        return place


def _plain_texts(options: Iterable[ops.Node]) -> tuple[str, ...]:
    """Give the texts of a list of plain texts; nothing for any other list."""
    values = [one.value if isinstance(one, ops.Literal) and one.dtype.is_string() else None for one in options]
    texts = tuple(value for value in values if isinstance(value, str) and _PLAIN.fullmatch(value))
    return texts if len(texts) == len(values) else ()


def _ordered(text: str) -> str:
    """Sort what `EXCLUDE` names: Ibis keeps it as a set, so it comes in any order."""
    return _EXCLUDED.sub(lambda found: ", ".join(sorted(found[0].split(", "))), text)


def _mark(place: int, kind: Any) -> tuple[Any, Any]:
    return ((f"mark {place} of a list",), None) if kind is None else (_FIRST_MARK + timedelta(hours=place), kind)


def _text_of(backend: Any, slot: tuple[Any, Any]) -> str:
    value, kind = slot
    if kind is None:
        return ", ".join(f"'{text}'" for text in value)
    text = backend.compiler.visit_node(ops.Literal(value, dtype=kind), value=value, dtype=kind)
    return str(text.sql(backend.dialect))


def _split(text: str, marks: list[str]) -> tuple[str | int, ...]:
    """Cut a text at its marks; give its pieces with the numbers of the marks between them."""
    if not marks:
        return (text,)
    places = {mark: place for place, mark in reversed(list(enumerate(marks)))}
    pieces = re.split("(" + "|".join(re.escape(mark) for mark in places) + ")", text)
    return tuple(places[piece] if number % 2 else piece for number, piece in enumerate(pieces))
