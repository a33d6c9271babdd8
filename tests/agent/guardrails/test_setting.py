from pathlib import Path

import pytest

from agent.guardrails.setting import read_guardrails, set_guardrails
from memory.domain.clock import ManualClock
from memory.domain.errors import InvalidInput, NotPermitted
from memory.domain.guardrails import Guardrails
from memory.domain.money import Money
from memory.store.engine import Store
from tests.factories.approvals import AVA, BOT, MIA, person, with_plan
from tests.factories.planning import eur, guardrails


def test_guardrails_load_from_yaml_with_sums_as_people_write_them() -> None:
    found = read_guardrails("plan_budget: 20,000 EUR\nmin_holdout_rate: 0.1\ndiscount_ceiling: {vip: 0.02}\n")
    assert found.plan_budget == eur(20_000)
    assert found.min_holdout_rate == 0.1
    assert found.discount_ceiling == {"vip": 0.02}
    again = read_guardrails('{"plan_budget": "20000 EUR", "min_holdout_rate": 0.1, "discount_ceiling": {"vip": 0.02}}')
    assert again.version == found.version


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("plan_budget: 20,000 EUR\nmin_holdout: 0.1", "min_holdout"),
        ("plan_budget: 20,000 EUR\nmin_price_ratio: 1.5", "min_price_ratio"),
        ("plan_budget: 20,000 EUR\nmin_margin_rate: .nan", "min_margin_rate"),
        ("plan_budget: many EUR", "plan_budget"),
        ("plan_budget: 10.001 EUR", "plan_budget"),
        ("min_holdout_rate: 0.1", "plan_budget"),
        ("- a\n- b", "names and values"),
        ("plan_budget: [", "no YAML"),
        ("x" * 100_001, "longer"),
    ],
)
def test_a_wrong_file_is_refused_and_the_field_named(text: str, names: str) -> None:
    with pytest.raises(InvalidInput, match=names):
        read_guardrails(text)


def test_guardrails_are_versioned_by_their_content(store: Store, clock: ManualClock) -> None:
    with_plan(store, clock)
    new = guardrails(min_holdout_rate=0.1)
    version = set_guardrails(store, clock, MIA, "nord", new, "larger control group")
    assert version == new.version != guardrails().version
    with store.read() as uow:
        assert uow.guardrails.current("nord") == new
        assert uow.guardrails.get(guardrails().version) == guardrails()
        assert [each.note for each in uow.guardrails.history("nord")] == ["first", "larger control group"]


@pytest.mark.parametrize("principal", [BOT, person("bot2", "admin", kind="agent"), AVA, person("sys", kind="system")])
def test_s2_24_an_agent_cannot_set_guardrails_and_the_attempt_is_logged(
    store: Store, clock: ManualClock, principal: object
) -> None:
    with_plan(store, clock)
    with pytest.raises(NotPermitted):
        set_guardrails(store, clock, principal, "nord", guardrails(min_holdout_rate=0.0))  # type: ignore[arg-type]
    with store.read() as uow:
        assert uow.guardrails.current("nord") == guardrails()
        assert uow.audit.entries()[-1].action == "guardrails.refused"


def test_limits_in_a_foreign_currency_are_refused(store: Store, clock: ManualClock) -> None:
    with_plan(store, clock)
    dollars = guardrails(plan_budget=Money(amount_minor=1, currency="USD"))
    with pytest.raises(InvalidInput, match="EUR"):
        set_guardrails(store, clock, MIA, "nord", dollars)


def test_the_documented_example_loads_and_every_field_is_documented() -> None:
    text = (Path(__file__).parents[3] / "docs" / "guardrails.md").read_text(encoding="utf-8")
    example = text.partition("```yaml\n")[2].partition("```")[0]
    assert read_guardrails(example).version == guardrails().version
    assert not [name for name in Guardrails.model_fields if f"| `{name}` |" not in text]
