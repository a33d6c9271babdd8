"""Loads segments and rules from YAML and JSON: strict, small, and clear about what is wrong where."""

import json
from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError

from memory.domain.errors import InvalidInput
from memory.domain.mistakes import said
from memory.domain.segment import AllOf, AnyOf, Compare, NotOf, OrderedBetween, Segment, SegmentRule

from .compare import values_of
from .counts import local_midnight
from .strict_yaml import read_yaml

MAX_CHARACTERS = 100_000
MAX_DEPTH = 20
MAX_RULES = 500


def load_segment(source: str | Mapping[str, Any]) -> Segment:
    """Read a segment from YAML or JSON text or a mapping.

    Raise `InvalidInput` that names the path of what is wrong, such as `rule.of.1.attribute`.
    """
    segment: Segment = _validated(TypeAdapter(Segment), _plain(source), "segment")
    return segment


def load_rule(source: str | Mapping[str, Any]) -> SegmentRule:
    """Read a bare rule from YAML or JSON text or a mapping; errors as in `load_segment`."""
    rule: SegmentRule = _validated(TypeAdapter(SegmentRule), _plain(source), "segment rule")
    return rule


def check_rule(rule: SegmentRule, path: str = "rule", *, depth: int = 1) -> int:
    """Give the number of nodes of a rule; raise `InvalidInput` with the path where it could not be evaluated."""
    if depth > MAX_DEPTH:
        raise _invalid("segment rule", path[:80], f"rules are nested deeper than {MAX_DEPTH}")
    if isinstance(rule, Compare):
        _try(path, lambda: values_of(rule, "UTC"))
    if isinstance(rule, OrderedBetween):
        _try(f"{path}.from_on", lambda: local_midnight(rule.from_on, "UTC"))
        _try(f"{path}.until_on", lambda: local_midnight(rule.until_on, "UTC"))
    n = 1
    if isinstance(rule, AllOf | AnyOf):
        n += sum(check_rule(part, f"{path}.of.{at}", depth=depth + 1) for at, part in enumerate(rule.of))
    elif isinstance(rule, NotOf):
        n += check_rule(rule.of, f"{path}.of", depth=depth + 1)
    if n > MAX_RULES:
        raise _invalid("segment rule", path, f"it holds more than {MAX_RULES} rules")
    return n


def dump_yaml(segment: Segment) -> str:
    """Give a segment as YAML text that `load_segment` reads back to the same value."""
    import yaml

    plain = segment.model_dump(mode="json", exclude_none=True)
    return yaml.safe_dump(plain, allow_unicode=True, sort_keys=False, width=100)


def _plain(source: str | Mapping[str, Any]) -> Any:
    if isinstance(source, Mapping):
        return dict(source)
    if len(source) > MAX_CHARACTERS:
        raise _invalid("segment", "", f"the text is longer than {MAX_CHARACTERS:,} characters")
    if source.lstrip()[:1] == "{":
        try:
            return json.loads(source, object_pairs_hook=_no_duplicates)
        except (ValueError, RecursionError) as error:
            raise _invalid("segment", "", f"it is no JSON ({str(error)[:120]})") from None
    return read_yaml(source, MAX_DEPTH * 3)


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return found


def _validated(adapter: TypeAdapter[Any], plain: Any, what: str) -> Any:
    try:
        value = adapter.validate_python(_tuples(plain))
    except (ValidationError, RecursionError) as error:
        raise _first_problem(error, what) from None
    check_rule(value.rule if isinstance(value, Segment) else value)
    return value


def _tuples(plain: Any, depth: int = 0) -> Any:
    """Turn lists into the tuples of frozen values, so that `1` stays a number and `true` a flag."""
    if depth > MAX_DEPTH * 3:
        raise _invalid("segment", "", f"it is nested deeper than {MAX_DEPTH} rules")
    if isinstance(plain, Mapping):
        return {key: _tuples(value, depth + 1) for key, value in plain.items()}
    if isinstance(plain, list | tuple):
        return tuple(_tuples(value, depth + 1) for value in plain)
    return plain


def _first_problem(error: ValidationError | RecursionError, what: str) -> InvalidInput:
    if isinstance(error, RecursionError):
        return _invalid(what, "", "it is nested too deep")
    problems = error.errors(include_url=False, include_input=False)
    tags = {"compare", "did", "bought", "ordered_between", "all", "any", "not", "everyone"}
    lines = [f"{'.'.join(str(part) for part in one['loc'] if part not in tags)}: {said(one)}" for one in problems[:5]]
    return _invalid(what, "", "; ".join(lines))


def _try(path: str, check: Any) -> None:
    try:
        check()
    except InvalidInput as error:
        raise _invalid("segment rule", path, str(error)) from None
    except ValueError as error:
        raise _invalid("segment rule", path, str(error)[:120]) from None


def _invalid(what: str, path: str, why: str) -> InvalidInput:
    return InvalidInput(what=what, why=f"{path}: {why}" if path else why, remedy="Correct it and load it again")
