"""B9: parts of a rendered text message cost what they cost, and the step's approved cost holds."""

from types import SimpleNamespace
from typing import Any

import pytest

from agent.dispatch.claim import _priced
from agent.dispatch.sms_cost import MAX_SEGMENTS, extra_millis
from memory.domain.market import Shop
from memory.domain.message import Rendered
from memory.domain.money import Money
from tests.factories.shop import a_shop
from tools.priors.amounts import message_cost_millis


def sms(text: str) -> Rendered:
    return Rendered(send_key="k", channel="sms", message_class="promotional", to="+4915", text=text)


@pytest.mark.parametrize(
    ("text", "n_extra"),
    [
        ("a" * 160, 0),
        ("a" * 161, 1),
        ("€" * 80, 0),
        ("€" * 81, 1),
        ("’" + "a" * 159, 2),
        ("漢" * 70, 0),
        ("漢" * 71, 1),
    ],
)
def test_b9_the_rendered_text_decides_how_many_parts_are_paid(text: str, n_extra: int) -> None:
    assert extra_millis(sms(text), "EUR") == n_extra * message_cost_millis("sms", "EUR")


def test_b9_a_text_that_is_too_long_has_no_price_and_mails_have_no_parts() -> None:
    assert extra_millis(sms("漢" * 67 * (MAX_SEGMENTS + 1)), "EUR") is None
    assert extra_millis(sms("a" * 9_000).model_copy(update={"channel": "email"}), "EUR") == 0


def priced(text: str, *, approved_minor: int, spent_on_step: int = 0, budget: int = 10**9) -> Any:
    shop: Shop = a_shop()
    price = message_cost_millis("sms", shop.currency)
    step = SimpleNamespace(id="s1", expected_cost=Money(amount_minor=approved_minor, currency=shop.currency))
    plan = SimpleNamespace(id="p1", steps=lambda: [step])
    row = SimpleNamespace(plan_id="p1", step_id="s1", person_id="x", cost_millis=price, extra_millis=0, fence=0)
    facts = SimpleNamespace(
        budget={"p1": budget}, plans={"p1": (plan, "live")}, person_of={"x": "x"}, counted={"x": ("x",)}
    )
    uow = SimpleNamespace(outbox=SimpleNamespace(step_millis=lambda _plan, _step: spent_on_step))
    return _priced(uow, row, facts, sms(text), SimpleNamespace(shop=shop), {})  # type: ignore[arg-type]


def test_b9_two_parts_reserve_twice_the_price_where_the_step_has_room() -> None:
    price = message_cost_millis("sms", a_shop().currency)
    claimed = priced("a" * 161, approved_minor=1_000)
    assert (claimed.cost_millis, claimed.extra_millis) == (2 * price, price)


def test_b9_over_the_step_s_cost_or_the_plan_s_budget_it_is_suppressed_with_the_reason() -> None:
    assert priced("a" * 161, approved_minor=1_000, spent_on_step=1_000_000) == "sms_cost"
    assert priced("a" * 161, approved_minor=1_000, budget=0) == "sms_cost"
    assert priced("漢" * 900, approved_minor=10**6) == "sms_too_long"
    assert priced("a" * 160, approved_minor=0).extra_millis == 0  # what was planned with one part stays
