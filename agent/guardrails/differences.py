"""What differs between two versions of the guardrails."""

from memory.domain.guardrails import Guardrails


def changed_fields(before: Guardrails, after: Guardrails) -> tuple[str, ...]:
    """Give the fields of `Guardrails` in which two versions differ, in their order; none where they say the same."""
    return tuple(name for name in Guardrails.model_fields if getattr(before, name) != getattr(after, name))
