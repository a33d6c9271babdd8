"""From a marketer's words to typed changes, with a language model as the reader and code as the judge."""

import time
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from agent.llm.client import chat_llm, retrying
from agent.llm.endpoint import LlmEndpoint
from agent.llm.guard import GuardTransport
from agent.llm.limits import Limits, Meter
from agent.llm.prompting import compact
from agent.llm.strict_json import BadJson, fenced_object, strict_object
from agent.planning.context import PlanContext
from agent.sessions.recorder import Recorder
from memory.domain.brief import BriefChange
from memory.domain.canonical import canonical_json
from memory.domain.errors import SecondOrderError
from memory.domain.money import Money
from memory.domain.plan import Plan
from prompts.library import load

if TYPE_CHECKING:
    import httpx2

MAX_CHANGES = 8
MAX_STEPS_TOLD = 80
OPS = (
    "set_budget", "exclude_channel", "allow_channel", "early_access_first", "prioritise", "set_holdout",
    "exclude_kind", "move_step", "remove_step", "app_priority",
)  # fmt: skip
"""What may be changed this way; dates and goals are said in plain commands."""
CHANGE: TypeAdapter[BriefChange] = TypeAdapter(BriefChange)
TEXT, NUMBER = {"type": "string"}, {"type": "number"}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "changes": {
            "type": "array",
            "maxItems": MAX_CHANGES,
            "items": {
                "type": "object",
                "properties": {
                    "op": {"type": "string", "enum": list(OPS)},
                    "channel": {"type": "string", "enum": ["email", "sms", "push", "onpage"]},
                    "market": TEXT,
                    "cohort": {"type": "string", "enum": ["vip", "reactivated", "discount_sensitive", "first_time"]},
                    "amount": NUMBER,
                    "currency": TEXT,
                    "rate": NUMBER,
                    "kind": TEXT,
                    "step": TEXT,
                    "day": {"type": "integer"},
                    "on": {"type": "boolean"},
                },
                "required": ["op"],
            },
        }
    },
    "required": ["changes"],
}


class Translator:
    """Reads wishes through a language model; whatever is not a valid change of this shop's plan is dropped."""

    def __init__(
        self,
        endpoint: LlmEndpoint,
        recorder: Recorder,
        transport: "httpx2.BaseTransport",
        limits: Limits | None = None,
        sleep: Callable[[float], None] = time.sleep,
        is_stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        """Use one endpoint over the session's own transport."""
        self._is_stopped = is_stopped
        self._endpoint, self._recorder, self._transport = endpoint, recorder, transport
        self._limits, self._sleep = limits or Limits(), sleep

    def __call__(self, text: str, context: PlanContext, plan: Plan | None) -> tuple[BriefChange, ...]:
        """Give the valid changes; none where the language model fails or finds none."""
        meter = Meter(self._limits, self._endpoint.price, is_stopped=self._is_stopped)
        try:
            value = self._ask(text, context, plan, meter)
        except Exception as error:  # a chat goes on without its reader
            self._recorder.record("stop", {"code": "reader_failed", "message": type(error).__name__})
            return ()
        finally:
            self._recorder.note_usage(meter.usage(), meter.cost_microunits)
        given = value.get("changes") if isinstance(value, dict) else None
        return valid_changes(given if isinstance(given, list) else [], context, plan)

    def _ask(self, text: str, context: PlanContext, plan: Plan | None, meter: Meter) -> dict[str, Any] | BadJson:
        from agent.llm.rails import count

        guarded = GuardTransport(self._transport, self._note, lambda: meter.seconds_left)
        llm = chat_llm(self._endpoint, self._limits, guarded)
        form = {"type": "json_schema", "json_schema": {"name": "changes", "schema": SCHEMA}}
        bound = llm.bind(response_format=form)
        request = system_text(context, plan)

        def once() -> Any:
            meter.before_call()
            return bound.invoke([("system", request), ("user", compact({"marketer_says": text[:1_000]}))])

        answer = retrying(self._sleep)(once)
        count(meter, answer, len(request))
        said = str(answer.content)
        value = strict_object(fenced_object(said) or said)
        if isinstance(value, BadJson):
            self._note(value)
        return value

    def _note(self, bad: BadJson) -> None:
        self._recorder.record("refusal", {"tool": "", "reasons": [bad.model_dump(mode="json")]})


def system_text(context: PlanContext, plan: Plan | None) -> str:
    """Give the reader's system message: the shop's currency, markets and the plan's step ids; no people."""
    steps = [step.id for step in plan.steps()][:MAX_STEPS_TOLD] if plan else []
    return load("chat_changes").render(
        {
            "currency": context.shop.currency,
            "markets": ", ".join(market.country for market in context.markets),
            "steps": ", ".join(steps) or "none yet",
        }
    )


def valid_changes(given: Iterable[Any], context: PlanContext, plan: Plan | None) -> tuple[BriefChange, ...]:
    """Give the changes that are well-formed and name markets and steps that exist; the rest is dropped."""
    found = (_change(item, context) for item in list(given)[:MAX_CHANGES] if isinstance(item, dict))
    steps = {step.id for step in plan.steps()} if plan else set()
    markets = {market.country for market in context.markets}
    kept = [
        change
        for change in found
        if change is not None
        and getattr(change, "market", None) in {None, *markets}
        and getattr(change, "step_id", None) in {None, *steps}
    ]
    return tuple(change for number, change in enumerate(kept) if change not in kept[:number])


FIELDS: dict[str, tuple[str, ...]] = {
    "exclude_channel": ("channel", "market"),
    "allow_channel": ("channel", "market"),
    "early_access_first": ("cohort",),
    "prioritise": ("cohort",),
    "set_holdout": ("rate",),
    "exclude_kind": ("kind",),
    "app_priority": ("on",),
}


def _change(item: dict[str, Any], context: PlanContext) -> BriefChange | None:
    """Read one change; fields its kind does not have are ignored, as grammars make small models fill them in."""
    kind = item.get("op")
    try:
        if kind == "set_budget":
            currency = item.get("currency") or context.shop.currency
            money = Money.parse(str(Decimal(str(item["amount"]))), str(currency))
            fields: dict[str, Any] = {"budget": money.model_dump(mode="json")}
        elif kind in ("move_step", "remove_step"):
            fields = {"step_id": item["step"], **({"day": item["day"]} if kind == "move_step" else {})}
        else:
            fields = {name: item[name] for name in FIELDS[str(kind)] if item.get(name) is not None}
        return CHANGE.validate_json(canonical_json({"op": kind, **fields}))
    except (ValidationError, KeyError, ArithmeticError, ValueError, SecondOrderError):
        return None
