"""What a counterfactual replay changes: one or several of guardrails, prompt, language model, planner."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from agent.llm.endpoint import LlmEndpoint
from agent.llm.prices import price_of
from agent.llm.prompting import PROMPTS
from memory.domain.errors import InvalidInput, NotReady
from memory.domain.guardrails import Guardrails
from prompts.library import versions, versions_of

NAMES = ("guardrails", "prompt", "llm", "planner")


@dataclass(frozen=True)
class Variant:
    """The changes of one counterfactual replay."""

    guardrails: Guardrails | None = None
    """Other limits."""
    prompts: dict[str, int] = field(default_factory=dict)
    """Other versions of prompts, by name."""
    endpoint: LlmEndpoint | None = None
    """A language model that is asked anew; none where the recorded words are played, or no model is asked."""
    by_rule: bool = False
    """Whether the playbook plans instead."""
    words: tuple[str, ...] = ()
    """What was asked for, as it was written."""


def parse_variant(
    asked: Sequence[str], endpoint: LlmEndpoint | None, read_guardrails: Callable[[str], Guardrails]
) -> Variant:
    """Read `guardrails=FILE`, `prompt=NAME/vN` or `prompt=vN`, `llm=NAME` and `planner=playbook`.

    `endpoint` is the configured one. Raise `InvalidInput` for words that are none of these, `NotReady` where a
    language model is needed and none is configured.
    """
    given: dict[str, str] = {}
    for word in asked:
        name, sign, value = word.partition("=")
        if name not in NAMES or not sign or not value or name in given:
            raise _bad(word)
        given[name] = value
    if given.get("planner", "playbook") != "playbook":
        raise _bad(f"planner={given['planner']}")
    by_rule = "planner" in given
    if by_rule and {"llm", "prompt"} & set(given):
        raise InvalidInput(
            what="The variant", why="the playbook asks no language model", remedy="Leave llm and prompt out"
        )
    needs_llm = {"llm", "prompt"} & set(given)
    return Variant(
        guardrails=read_guardrails(given["guardrails"]) if "guardrails" in given else None,
        prompts=_prompts(given["prompt"]) if "prompt" in given else {},
        endpoint=_endpoint(endpoint, given.get("llm", "")) if needs_llm else None,
        by_rule=by_rule,
        words=tuple(asked),
    )


def _endpoint(configured: LlmEndpoint | None, name: str) -> LlmEndpoint:
    if configured is None:
        raise NotReady(
            what="This replay",
            why="another language model or prompt has to be asked anew, and no endpoint is configured",
            remedy="Set SECONDORDER_LLM_BASE_URL and SECONDORDER_LLM_MODEL",
        )
    if not name or name == configured.llm:
        return configured
    return configured.model_copy(update={"llm": name, "price": price_of(name)})


def _prompts(text: str) -> dict[str, int]:
    """Give the versions that are meant: of one prompt, or of every planner's prompt that has this version."""
    chosen = versions_of([text]) or versions_of(f"{name}/{text}" for name in PROMPTS)
    found = {name: number for name, number in chosen.items() if number in versions(name)}
    if not found:
        known = ", ".join(f"{name}/v{number}" for name in PROMPTS for number in versions(name))
        raise InvalidInput(what=f"The prompt {text}", why="there is no such version", remedy=f"Choose from {known}")
    return found


def _bad(word: str) -> InvalidInput:
    return InvalidInput(
        what=f"--with {word}",
        why="it is none of the four changes, or stands there twice",
        remedy="Write guardrails=FILE, prompt=plan/v1, llm=NAME or planner=playbook",
    )
