"""What the second checker says of a second incentive whose person ordered again (S1-18)."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from agent.verify.caps import recent_buyer
from tests.factories.plans import SEND_AT, good_plan
from tests.factories.verify import plan_now


def codes(kind: str, last_order_at: datetime | None) -> set[str]:
    plan = good_plan()
    promise: Any = SimpleNamespace(message_class="promotional", message_kind=kind)
    person: Any = SimpleNamespace(last_order_at=last_order_at)
    now = SEND_AT + timedelta(days=30)
    return {one.code for one in recent_buyer(promise, person, plan.journeys[0], plan_now(plan), now)}


def test_s1_18_an_order_since_the_anchor_day_ends_a_second_incentive_and_nothing_else() -> None:
    plan = good_plan()
    since = datetime.combine(plan.anchor_on, SEND_AT.timetz()) + timedelta(days=2)
    before = since - timedelta(days=20)
    assert codes("store_credit", since) == {"ordered_again"}
    assert codes("category_series", since) == set()
    assert codes("store_credit", before) == codes("store_credit", None) == set()
