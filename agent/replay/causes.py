"""What differs between the inputs of two sessions, in the order a run reads them.

First what was asked, then facts, guardrails, prompts, the language model's answers, code; the first that differs is
named as the first cause of what changed.
"""

from collections.abc import Sequence
from typing import Any, Literal, get_args

from agent.llm.inputs import PlanInputs, recorded_inputs
from agent.sessions.bundle import Bundle
from agent.sessions.cassette import Exchange, first_difference, from_yaml, same_body
from memory.domain.base import Frozen
from memory.domain.session import SessionEvent

CauseName = Literal["brief", "data", "guardrails", "prompt", "llm", "code"]
ORDER: tuple[CauseName, ...] = get_args(CauseName)
OWN_OF_GUARDRAILS = ("guardrails", "guardrail_version")
NOT_FACTS = ("as_of", "data_version")
"""Every reading has its own instant; the version is compared by itself."""


class Cause(Frozen):
    """One input that differs."""

    name: CauseName
    """Which one."""
    before: str
    """What the first session had, shortened."""
    after: str
    """What the second one had."""
    place: str = ""
    """Where it first differs, as `/people/2/n_people`."""


def causes(one: Bundle, other: Bundle) -> tuple[Cause, ...]:
    """Give the inputs that differ, in the order they are read; equal inputs give nothing."""
    both = list(zip(recorded_inputs(one.stored.events), recorded_inputs(other.stored.events), strict=False))
    found = [
        _brief(one, other, both),
        _data(one, other, both),
        _guardrails(one, other, both),
        _prompt(both),
        _llm(one, other),
        _code(one, other),
    ]
    return tuple(cause for cause in found if cause is not None)


Pairs = Sequence[tuple[PlanInputs, PlanInputs]]


def _brief(one: Bundle, other: Bundle, both: Pairs) -> Cause | None:
    """What people wrote; in a chat their words, as briefs there follow from the model's reading too."""
    said: list[Any] = [_said(each.stored.events) for each in (one, other)]
    if one.stored.head.kind != "chat" and both:
        said = [pair.brief.model_dump(mode="json") for pair in both[0]]
    place = first_difference(said[0], said[1])
    return Cause(name="brief", before=_at(said[0], place), after=_at(said[1], place), place=place) if place else None


def _said(events: Sequence[SessionEvent]) -> Any:
    return [event.body["text"] for event in events if event.kind == "user"]


def _data(one: Bundle, other: Bundle, both: Pairs) -> Cause | None:
    heads = [(each.stored.head.data_version, *framed) for each, framed in _framed(one, other, "data_version")]
    for pair in both:
        facts = [_facts(inputs) for inputs in pair]
        if place := first_difference(facts[0], facts[1]):
            return Cause(name="data", before=_at(facts[0], place), after=_at(facts[1], place), place=place)
    if heads[0] != heads[1]:
        return Cause(name="data", before=f"version {_listed(heads[0])}", after=f"version {_listed(heads[1])}")
    return None


def _facts(inputs: PlanInputs) -> Any:
    facts = inputs.context.model_dump(mode="json", exclude={*OWN_OF_GUARDRAILS, *NOT_FACTS})
    return {"context": facts, "extras": inputs.extras.model_dump(mode="json")}


def _guardrails(one: Bundle, other: Bundle, both: Pairs) -> Cause | None:
    for pair in both:
        rails = [inputs.context.guardrails.model_dump(mode="json") for inputs in pair]
        if place := first_difference(rails[0], rails[1]):
            return Cause(name="guardrails", before=_at(rails[0], place), after=_at(rails[1], place), place=place)
    versions = [
        (each.stored.head.guardrail_version, *framed) for each, framed in _framed(one, other, "guardrail_version")
    ]
    if versions[0] != versions[1]:
        return Cause(name="guardrails", before=_listed(versions[0]), after=_listed(versions[1]))
    return None


def _prompt(both: Pairs) -> Cause | None:
    """The words of prompts, where both asked a language model."""
    for pair in both:
        if any(inputs.planner.kind == "playbook" for inputs in pair):
            continue
        prompts = [inputs.planner.prompts for inputs in pair]
        if prompts[0] != prompts[1]:
            names = [sorted(set(mine.items()) - set(theirs.items())) for mine, theirs in (prompts, prompts[::-1])]
            told = [", ".join(f"{ref} {digest[:12]}" for ref, digest in name) for name in names]
            return Cause(name="prompt", before=told[0], after=told[1])
    return None


def _llm(one: Bundle, other: Bundle) -> Cause | None:
    """Another model, or another answer to the same question. A different question has a cause of its own."""
    names = [each.stored.head.llm for each in (one, other)]
    if names[0] != names[1]:
        return Cause(name="llm", before=names[0] or "playbook", after=names[1] or "playbook")
    asked = [from_yaml(each.stored.cassette) for each in (one, other)]
    for number, (was, now) in enumerate(zip(*asked, strict=False), 1):
        if not same_body(was.body, now.body):
            return None
        if _answer(was) != _answer(now):
            return Cause(name="llm", before=was.answer[:80], after=now.answer[:80], place=f"answer {number}")
    return None


def _answer(exchange: Exchange) -> tuple[int, str]:
    return exchange.status, exchange.answer


def _code(one: Bundle, other: Bundle) -> Cause | None:
    """Known versions that differ; recordings from before versions were kept name none."""
    starts = [str(each.stored.events[0].body.get("code_version", "")) for each in (one, other)]
    versions = [
        tuple(filter(None, (start, *framed)))
        for start, (_, framed) in zip(starts, _framed(one, other, "code_version"), strict=True)
    ]
    if versions[0] and versions[1] and versions[0] != versions[1]:
        return Cause(name="code", before=_listed(versions[0]), after=_listed(versions[1]))
    return None


def _framed(one: Bundle, other: Bundle, name: str) -> list[tuple[Bundle, tuple[Any, ...]]]:
    """Give both with the values of their decisions' frames, each once; without them unless both hold decisions."""
    has_both = one.decisions is not None and other.decisions is not None
    return [(each, _frames(each, name) if has_both else ()) for each in (one, other)]


def _frames(bundle: Bundle, name: str) -> tuple[Any, ...]:
    frames = bundle.decisions.shared.frames if bundle.decisions else ()
    return tuple(dict.fromkeys(getattr(frame, name) for frame in frames))


def _listed(values: Sequence[Any]) -> str:
    return ", ".join(str(value)[:16] for value in dict.fromkeys(values))


def _at(value: Any, place: str) -> str:
    """Give what stands at a place, shortened."""
    for name in place.strip("/").split("/"):
        if isinstance(value, dict):
            value = value.get(name)
        elif isinstance(value, list) and name.isdigit():
            value = value[int(name)] if int(name) < len(value) else None
    return str(value)[:80]
