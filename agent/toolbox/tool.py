"""What a tool of the planner looks like, and how one is called: arguments are validated, answers are bounded."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import ConfigDict, ValidationError

from memory.domain.base import Frozen
from memory.domain.canonical import canonical_json
from memory.domain.errors import SecondOrderError
from memory.domain.outcome import Blocked

from .desk import Desk

MAX_RESULT_CHARS = 4_000
MAX_REASONS = 8
"""Reasons told to the language model at once; the rest is counted."""


class Arguments(Frozen):
    """Arguments of a tool: nothing unknown, nothing converted, everything bounded."""

    model_config = ConfigDict(strict=True)


class NoArguments(Arguments):
    """Takes nothing."""


@dataclass(frozen=True)
class Tool:
    """One thing a planner may ask for."""

    name: str
    """What the planner calls it by."""
    description: str
    """One sentence for the planner."""
    arguments: type[Arguments]
    """What it takes."""
    run: Callable[[Desk, Any], dict[str, Any]]
    """Gives a small JSON object of aggregates; the same desk and arguments give the same bytes."""
    reads_facts: bool = False
    """Whether it asks a port beyond the gathered context, so that a replay takes its recorded answer on trust."""
    told: dict[str, Any] | None = None
    """A shorter schema to tell language models; what they send is validated by `arguments` all the same."""

    def schema(self) -> dict[str, Any]:
        """Give the arguments as JSON schema, without titles: few tokens, the same on every run."""
        return self.told or _bare(self.arguments.model_json_schema())

    def call(self, desk: Desk, given: dict[str, Any]) -> dict[str, Any]:
        """Validate the arguments and run; every refusal is an answer, never an exception."""
        try:
            arguments = self.arguments.model_validate_json(canonical_json(given))
        except (ValidationError, ValueError, RecursionError) as error:
            return refused(argument_reasons(self.name, error))
        try:
            answer = self.run(desk, arguments)
        except SecondOrderError as error:
            return refused((Blocked(rule="toolbox", code=error.code, message=str(error)[:300], path=self.name),))
        if len(canonical_json(answer)) > MAX_RESULT_CHARS:
            return refused((Blocked(rule="toolbox", code="answer_too_large", message="Ask for less.", path=self.name),))
        return answer


def refused(reasons: tuple[Blocked, ...]) -> dict[str, Any]:
    """Give a refusal as the planner reads it: machine-readable reasons, at most `MAX_REASONS` different ones.

    Reasons that say the same of several places are told once, with the first place; `n_more` counts the rest.
    """
    different = {(reason.code, reason.message): reason for reason in reversed(reasons)}
    told = [
        {key: value for key, value in reason.model_dump(mode="json").items() if value}
        for reason in list(reversed(different.values()))[:MAX_REASONS]
    ]
    more = len(reasons) - len(told)
    return {"refused": told, **({"n_more": more} if more else {})}


def argument_reasons(tool: str, error: Exception) -> tuple[Blocked, ...]:
    """Turn a validation error into reasons; what was given is named by place and kind, never echoed at length."""
    if not isinstance(error, ValidationError):
        return (Blocked(rule="toolbox", code="bad_arguments", message="The arguments are not plain JSON.", path=tool),)
    return tuple(
        Blocked(
            rule="toolbox",
            code=row["type"],
            message=row["msg"][:160],
            path=".".join([tool, *(str(part)[:40] for part in row["loc"])]),
        )
        for row in error.errors(include_url=False, include_input=False, include_context=False)[:MAX_REASONS]
    )


def _bare(schema: Any) -> Any:
    if isinstance(schema, dict):
        kept = {key: value for key, value in schema.items() if key != "additionalProperties"}
        if isinstance(kept.get("title"), str):
            del kept["title"]
        return {key: _bare(value) for key, value in kept.items()}
    return [_bare(item) for item in schema] if isinstance(schema, list) else schema
