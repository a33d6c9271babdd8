"""One reason of the second checker."""

from memory.domain.outcome import Blocked


def reason(rule: str, code: str, message: str, *, path: str = "", limit: object = "", actual: object = "") -> Blocked:
    """Give a reason; it bears the name of the guardrail whose limit was broken."""
    return Blocked(rule=rule, code=code, message=message, path=path, limit=str(limit), actual=str(actual))
