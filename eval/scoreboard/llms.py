"""A language model by name as a contender: it plans over the crowd's aggregates with the product's own planner."""

from collections.abc import Callable

from agent.planning.context import PlanContext
from agent.settings import Settings
from memory.domain.brief import Brief
from memory.domain.clock import SystemClock
from memory.domain.errors import SecondOrderError
from memory.domain.outcome import Stopped

from .planners import Contender, Entry, Refusal, as_planned

KEY = b"a key for invented people only.."


class NoEndpoint(SecondOrderError):
    """No language model can be reached: set SECONDORDER_LLM_BASE_URL, or leave out llm:NAME."""

    http_status = 422


def llm_contender(settings: Settings) -> Callable[[str], Contender]:
    """Give what makes a contender of a language model's name, at the configured address."""

    def make(name: str) -> Contender:
        from agent.llm.drafting import LlmPlanner
        from agent.llm.endpoint import endpoint_of, limits_of, tools_of
        from agent.sessions.recorder import Recorder

        named = settings.model_copy(update={"llm_model": name})
        endpoint = endpoint_of(named)
        if endpoint is None:
            raise NoEndpoint()

        def plan(brief: Brief, context: PlanContext) -> Entry | Refusal:
            recorder = Recorder.begin(
                SystemClock(), KEY, shop_id=context.shop.shop_id, kind="plan", principal="eval", llm=name,
                guardrail_version=context.guardrail_version,
            )  # fmt: skip
            made = LlmPlanner(endpoint, recorder, limits=limits_of(named), tools=tools_of(named)).plan(brief, context)
            return made if isinstance(made, Stopped) else as_planned(made, brief, context)

        return Contender(f"llm:{name}", "a language model over the product's tools", plan)

    return make
