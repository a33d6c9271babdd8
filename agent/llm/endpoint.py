"""Where the language model is: any OpenAI-compatible address."""

from decimal import Decimal

from pydantic import Field

from agent.settings import Settings
from agent.toolbox.registry import ALL, FEW
from memory.domain.base import Frozen

from .limits import Limits
from .prices import LlmPrice, price_of


class LlmEndpoint(Frozen):
    """One language model behind one address."""

    base_url: str
    """Address ending in /v1."""
    llm: str
    """The language model's name there."""
    api_key: str = Field(default="", repr=False)
    """Its key; empty for a local server. Never recorded."""
    price: LlmPrice | None = None
    """What it costs; null where unknown, so that only tokens, calls and seconds are limited."""


def endpoint_of(settings: Settings) -> LlmEndpoint | None:
    """Give the configured endpoint, or none where everything runs by rule."""
    if not settings.has_llm:
        return None
    price = price_of(settings.llm_model)
    if settings.llm_input_price or settings.llm_output_price:
        price = LlmPrice.model_validate(
            {
                "llm": settings.llm_model,
                "input_price": settings.llm_input_price,
                "output_price": settings.llm_output_price,
                "currency": settings.llm_price_currency,
                "as_of": "1970-01-01",
                "source": "settings",
            }
        )
    return LlmEndpoint(
        base_url=settings.llm_base_url, llm=settings.llm_model, api_key=settings.llm_api_key, price=price
    )


def tools_of(settings: Settings) -> tuple[str, ...]:
    """Give the names of the tools that are offered."""
    return FEW if settings.llm_tools == "few" else ALL


def limits_of(settings: Settings) -> Limits:
    """Give the configured hard limits."""
    return Limits(
        max_calls=settings.llm_max_calls,
        max_tokens=settings.llm_max_tokens,
        max_seconds=float(settings.llm_max_seconds),
        max_cost_microunits=int(settings.llm_max_cost * Decimal(1_000_000)),
    )
