"""Settings that people write down in YAML or JSON: read to fields, fields to a checked value, every mistake named."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from memory.domain.errors import InvalidInput
from memory.domain.mistakes import said

MAX_CHARS = 100_000
MAX_NAMED = 10
"""Wrong fields that one refusal names."""
Refuse = Callable[[str], InvalidInput]
"""Makes the error of a reason: it knows what was read and what helps."""
M = TypeVar("M", bound=BaseModel)


def fields_of(text: str, refuse: Refuse) -> dict[str, Any]:
    """Read YAML or JSON to fields; raise what `refuse` makes where it is too long, no YAML, or no mapping."""
    if len(text) > MAX_CHARS:
        raise refuse(f"it is longer than {MAX_CHARS} characters")
    try:
        raw = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError) as error:
        raise refuse(f"it is no YAML: {str(error)[:200]}") from error
    if not isinstance(raw, dict):
        raise refuse("it is not a list of names and values")
    return raw


def checked(kind: type[M], raw: Mapping[str, Any], refuse: Refuse) -> M:
    """Make a value of fields; raise what `refuse` makes, naming the wrong fields."""
    try:
        return kind.model_validate(dict(raw))
    except ValidationError as error:
        raise refuse("; ".join(_placed(row["loc"], said(row)) for row in error.errors()[:MAX_NAMED])) from error


def _placed(place: tuple[int | str, ...], why: str) -> str:
    """Give the field and what is wrong with it; a rule over several fields names them in its own words."""
    named = ".".join(str(part) for part in place)
    return f"{named}: {why}" if named else why
