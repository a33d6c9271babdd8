"""JSON read strictly: no doubled keys, no NaN, no endless numbers or depths (cases C1, D6)."""

import json
import math
from collections.abc import Callable, Iterator
from typing import Any, NoReturn

from .csv_rows import Rejector
from .errors import RowRejected
from .limits import LIMITS, Limits
from .source import Source


def parse(text: str, limits: Limits = LIMITS, decoder: json.JSONDecoder | None = None) -> Any:
    """Give the value; raise `RowRejected` with the reason for anything a careful sender would not write."""
    if _depth_bound(text) > limits.max_depth and _depth(text) > limits.max_depth:
        raise RowRejected(f"it is nested more than {limits.max_depth} levels deep")
    try:
        return (decoder or make_decoder(limits)).decode(text)
    except json.JSONDecodeError as error:
        raise RowRejected(f"it is no valid JSON: {error.msg} at character {error.pos + 1}") from None
    except RecursionError:
        raise RowRejected(f"it is nested more than {limits.max_depth} levels deep") from None


def json_lines(source: Source, reject: Rejector) -> Iterator[tuple[int, dict[str, Any]]]:
    """Give (line, object) of a JSONL file; lines that hold no object go to `reject`."""
    source.check()
    limits, decoder = source.limits, make_decoder(source.limits)
    for number, line in enumerate(source.lines(), start=1):
        if not line.strip():
            continue
        source.counted()
        try:
            value = parse(line, limits, decoder)
        except RowRejected as error:
            reject(number, str(error))
            continue
        if isinstance(value, dict):
            yield number, value
        else:
            reject(number, "it is no JSON object")


def document(source: Source) -> Any:
    """Give the value of a whole JSON document; refuse the file where it is not strict JSON."""
    text = source.document()
    try:
        return parse(text, source.limits)
    except RowRejected as error:
        source.refuse(str(error), "Export it again")


def make_decoder(limits: Limits) -> json.JSONDecoder:
    """Give a decoder that holds JSON to the limits; make one per file."""
    return json.JSONDecoder(
        object_pairs_hook=_object_maker(limits.max_list_items),
        parse_int=lambda text: _int(text, limits),
        parse_float=lambda text: _float(text, limits),
        parse_constant=_constant,
    )


def _object_maker(max_items: int) -> Callable[[list[tuple[str, Any]]], dict[str, Any]]:
    def made(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            raise RowRejected("a key stands twice in one object")
        for value in found.values():
            if type(value) is list and len(value) > max_items:
                raise RowRejected(f"a list has more than {max_items} items")
        return found

    return made


def _int(text: str, limits: Limits) -> int:
    if len(text) > limits.max_digits:
        raise RowRejected(f"a number has more than {limits.max_digits} digits")
    return int(text)


def _float(text: str, limits: Limits) -> float:
    number = float(text)
    if len(text) > limits.max_digits or not math.isfinite(number):
        raise RowRejected("a number is too long or too large")
    return number


def _constant(text: str) -> NoReturn:
    raise RowRejected(f"{text} is no JSON number")


def _depth_bound(text: str) -> int:
    return text.count("[") + text.count("{")


def _depth(text: str) -> int:
    """Give the deepest nesting, brackets inside of texts left out."""
    deepest = level = 0
    in_text = is_escaped = False
    for sign in text:
        if in_text:
            in_text = is_escaped or sign != '"'
            is_escaped = sign == "\\" and not is_escaped
        elif sign == '"':
            in_text = True
        elif sign in "[{":
            level += 1
            deepest = max(deepest, level)
        elif sign in "]}":
            level -= 1
    return deepest
