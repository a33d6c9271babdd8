"""Hard limits on calls, tokens, money and seconds; they sit outside the language model and it cannot see them."""

import time
from collections.abc import Callable
from typing import Annotated, Literal

from pydantic import Field

from memory.domain.base import Count, Frozen

from .prices import LlmPrice

LimitCode = Literal["too_many_calls", "too_many_tokens", "too_expensive", "too_slow", "stopped_by_person"]


class Limits(Frozen):
    """What one plan run or chat turn may use at most."""

    max_calls: Annotated[int, Field(ge=1, le=200)] = 16
    """Calls to the language model, retries counted."""
    max_tokens: Count = 120_000
    """Tokens read and written together."""
    max_cost_microunits: Count = 5_000_000
    """Cost in millionths of the price list's currency."""
    max_seconds: Annotated[float, Field(gt=0, le=7_200)] = 600.0
    """Seconds from the start of the run on, what is read before the first call included."""
    max_repairs: Annotated[int, Field(ge=0, le=2)] = 2
    """How often a refused submission may be repaired."""
    max_answer_tokens: Annotated[int, Field(ge=64, le=16_000)] = 900
    """Tokens one answer may have."""


BY_PERSON: LimitCode = "stopped_by_person"
"""The code of a stop that the person who asked wanted."""


class LimitReached(Exception):
    """A hard limit was reached. Caught where the language model is run and turned into a safe stop."""

    def __init__(self, code: LimitCode, message: str) -> None:
        """Name the limit."""
        self.code, self.message = code, message
        super().__init__(message)


class Meter:
    """Counts what a run uses and refuses the call that would come after a limit."""

    def __init__(
        self,
        limits: Limits,
        price: LlmPrice | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        is_stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        """Start at zero; `is_stopped` says whether the person who asked wants no further call."""
        self.limits, self._price, self._monotonic, self._is_stopped = limits, price, monotonic, is_stopped
        self._began = monotonic()
        self.n_calls = self.n_input = self.n_output = 0

    def before_call(self) -> None:
        """Count a call; raise `LimitReached` where it may not be made."""
        limits = self.limits
        if self._is_stopped():
            raise LimitReached(BY_PERSON, "whoever asked stopped it")
        if self.n_calls >= limits.max_calls:
            raise LimitReached("too_many_calls", f"the planner made {self.n_calls} calls, the limit")
        if self.n_tokens >= limits.max_tokens:
            raise LimitReached("too_many_tokens", f"the planner used {self.n_tokens} tokens of {limits.max_tokens}")
        if self.cost_microunits >= limits.max_cost_microunits:
            raise LimitReached("too_expensive", f"the planner's calls cost {self.cost_microunits} millionths")
        if self.seconds >= limits.max_seconds:
            raise LimitReached("too_slow", f"the planner took longer than {limits.max_seconds:g} s")
        self.n_calls += 1

    def after_call(self, n_input: int, n_output: int) -> None:
        """Add the tokens an answer reported."""
        self.n_input += max(0, n_input)
        self.n_output += max(0, n_output)

    @property
    def seconds(self) -> float:
        """Seconds since the start."""
        return self._monotonic() - self._began

    @property
    def seconds_left(self) -> float:
        """Seconds until the limit, at least one."""
        return max(1.0, self.limits.max_seconds - self.seconds)

    @property
    def n_tokens(self) -> int:
        """Tokens read and written."""
        return self.n_input + self.n_output

    @property
    def cost_microunits(self) -> int:
        """Cost so far; 0 where the price is not known."""
        return self._price.cost_microunits(self.n_input, self.n_output) if self._price else 0

    def usage(self) -> dict[str, int]:
        """Give calls and tokens for the session."""
        return {"calls": self.n_calls, "input_tokens": self.n_input, "output_tokens": self.n_output}
