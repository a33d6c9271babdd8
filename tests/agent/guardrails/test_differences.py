from agent.guardrails.differences import changed_fields
from memory.domain.guardrails import QuietHours
from tests.factories.planning import eur, guardrails


def test_only_fields_that_differ_are_named_in_the_order_of_the_limits() -> None:
    limits = guardrails()
    assert changed_fields(limits, limits) == ()
    other = limits.model_copy(
        update={"quiet_hours": QuietHours(opens_minute=600, closes_minute=1200), "plan_budget": eur(1)}
    )
    assert changed_fields(limits, other) == ("plan_budget", "quiet_hours")
