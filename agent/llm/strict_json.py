"""Reading JSON that a language model wrote: bounded, without duplicate keys, without surprises."""

import json
from typing import Any, Literal, NoReturn

from memory.domain.base import Frozen

MAX_CHARS = 100_000
MAX_DEPTH = 24
MAX_DIGITS = 18

BadJsonCode = Literal["empty", "too_long", "too_deep", "duplicate_key", "number_too_large", "not_json", "not_an_object"]


class BadJson(Frozen):
    """Text that is not acceptable JSON, and why."""

    code: BadJsonCode
    """The reason's stable machine name."""
    message: str
    """One sentence for whoever wrote the text."""


class _Refuse(Exception):
    def __init__(self, code: BadJsonCode, message: str) -> None:
        self.bad = BadJson(code=code, message=message)


def strict_object(text: str, *, max_chars: int = MAX_CHARS, max_depth: int = MAX_DEPTH) -> dict[str, Any] | BadJson:
    """Give the JSON object in `text`, or the reason why it is refused; never raises."""
    if not text.strip():
        return BadJson(code="empty", message="there is no JSON")
    if len(text) > max_chars:
        return BadJson(code="too_long", message=f"it is longer than {max_chars} characters")
    if depth(text) > max_depth:
        return BadJson(code="too_deep", message=f"it is nested deeper than {max_depth}")
    try:
        value = json.loads(
            text,
            object_pairs_hook=_unique,
            parse_int=_bounded_int,
            parse_constant=_no_constant,
            parse_float=_bounded_float,
        )
        json.dumps(value, ensure_ascii=False).encode()  # half of a surrogate pair is no text
    except _Refuse as refusal:
        return refusal.bad
    except (ValueError, RecursionError):
        return BadJson(code="not_json", message="it is not valid JSON")
    if not isinstance(value, dict):
        return BadJson(code="not_an_object", message="it is not a JSON object")
    return value


def depth(text: str) -> int:
    """Give the deepest nesting of brackets outside strings, in one pass and without recursion."""
    deepest = level = 0
    in_string = escaped = False
    for char in text:
        if in_string:
            in_string = escaped or char != '"'
            escaped = char == "\\" and not escaped
        elif char == '"':
            in_string = True
        elif char in "[{":
            level += 1
            deepest = max(deepest, level)
        elif char in "]}":
            level -= 1
    return deepest


def fenced_object(text: str) -> str | None:
    """Give the one JSON object inside a text that is otherwise a code fence or nothing, or none."""
    inner = text.strip()
    if inner.startswith("```"):
        body = inner.removeprefix("```").removeprefix("json").rstrip("`\n ")
        inner = body.strip()
    return inner if inner.startswith("{") and inner.endswith("}") else None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Refuse("duplicate_key", "a key appears twice in one object")
    return found


def _bounded_int(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise _Refuse("number_too_large", f"a number has more than {MAX_DIGITS} digits")
    return int(digits)


def _bounded_float(digits: str) -> float:
    value = float(digits)
    if len(digits) > 40 or value in (float("inf"), float("-inf")):
        raise _Refuse("number_too_large", "a number is too large or too long")
    return value


def _no_constant(_name: str) -> NoReturn:
    raise _Refuse("not_json", "NaN and Infinity are not JSON")
