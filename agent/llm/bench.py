"""The workbench: runs the planner's tool calls, records each, and keeps the plan once one is accepted."""

from collections.abc import Sequence
from typing import Any

from agent.sessions.cassette import first_difference
from agent.sessions.recorder import Recorder
from agent.toolbox.composing import composed
from agent.toolbox.desk import Desk
from agent.toolbox.draft_arguments import DraftArguments
from agent.toolbox.registry import tool_of
from agent.toolbox.tool import refused
from memory.domain.base import Frozen
from memory.domain.canonical import canonical_json
from memory.domain.outcome import Blocked
from memory.domain.plan import Plan

from .guard import UNREADABLE


class ToolRecord(Frozen):
    """One recorded call and its answer, as a replay reads it back."""

    tool: str
    """The tool."""
    arguments: dict[str, Any]
    """What it was given."""
    result: dict[str, Any]
    """What it answered."""


class Bench:
    """One planner's work: allow-listed tools over one desk."""

    def __init__(
        self, desk: Desk, recorder: Recorder, allowed: Sequence[str], recorded: Sequence[ToolRecord] | None = None
    ) -> None:
        """Work live, or over the `recorded` answers of a session that is replayed."""
        self.desk, self._recorder, self.allowed = desk, recorder, tuple(allowed)
        self._recorded = list(recorded) if recorded is not None else None
        self.n_calls = self.n_submitted = 0
        self.plan: Plan | None = None
        self.draft: DraftArguments | None = None
        self.reasons: tuple[Blocked, ...] = ()
        self.drift: list[str] = []

    def call(self, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """Run one call; whatever was asked, the answer is a small JSON object."""
        self.n_calls += 1
        self._recorder.record("tool_call", {"tool": name, "arguments": arguments})
        result = self._answer(name, arguments)
        self._recorder.record("tool_result", {"tool": name, "result": result})
        if "refused" in result:
            self._recorder.record("refusal", {"tool": name, "reasons": result["refused"]})
        if name == "submit_plan":
            self._submitted(arguments, result)
        return result

    @property
    def n_refused(self) -> int:
        """How many submissions were refused."""
        return self.n_submitted - (self.plan is not None)

    def _answer(self, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
        if self._recorded is None:
            return self._live(name, arguments)
        number = self.n_calls
        if number > len(self._recorded):
            self.drift.append(f"tool call {number} ({name}) was not recorded")
            return self._live(name, arguments)
        was = self._recorded[number - 1]
        if (was.tool, was.arguments) != (name, arguments):
            place = first_difference(was.arguments, arguments) if was.tool == name else f"{was.tool} became {name}"
            self.drift.append(f"tool call {number} differs at {place}")
        tool = tool_of(name)
        if tool is not None and not tool.reads_facts and name in self.allowed:
            now = self._live(name, arguments)
            if canonical_json(now) != canonical_json(was.result):
                self.drift.append(f"{name} answers call {number} otherwise at {first_difference(was.result, now)}")
                if "accepted" in now and "accepted" in was.result:
                    return now  # the last word of a run: no later request repeats it
        return was.result

    def _live(self, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
        if UNREADABLE in arguments:
            return refused((_bad_call(name, str(arguments[UNREADABLE]), "The arguments are not acceptable JSON."),))
        tool = tool_of(name)
        if tool is None or name not in self.allowed:
            listed = ", ".join(self.allowed)
            return refused((_bad_call(name[:40], "unknown_tool", f"There is no such tool; there are {listed}."),))
        return tool.call(self.desk, arguments)

    def _submitted(self, arguments: dict[str, Any], result: dict[str, Any]) -> None:
        self.n_submitted += 1
        if "refused" in result:
            self.reasons = tuple(Blocked.model_validate(row) for row in result["refused"])
            return
        self.draft = DraftArguments.model_validate_json(canonical_json(arguments))
        plan = composed(self.desk, self.draft)
        if isinstance(plan, tuple):
            self.drift.append(f"the accepted plan is refused now: {', '.join(row.code for row in plan)}")
            self.reasons = plan
            return
        self.plan, self.reasons = plan, ()


def _bad_call(name: str, code: str, message: str) -> Blocked:
    return Blocked(rule="toolbox", code=code, message=message, path=name)
