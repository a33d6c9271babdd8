"""New articles at the tick: below the guardrails' affinity a person has no goods, so the message does not go."""

from pathlib import Path

import pyarrow as pa
import pytest

from agent.tick.goods import StepGoods
from tests.factories.facts import AS_OF, SHOP, ago
from tests.factories.plans import good_plan
from tests.tools.recommendations.shelves import Shop

pytestmark = pytest.mark.slow
STEP = "reactivated.newest_goods"


@pytest.mark.parametrize(("rate", "goods"), [(0.0, [True, True, False]), (0.6, [True, False, False])])
def test_s1_44_a_new_product_message_needs_the_affinity_the_guardrails_ask_for(
    tmp_path: Path, rate: float, goods: list[bool]
) -> None:
    made = Shop()
    made.article("cream", "skin")
    made.article("lamp", "lamps")
    made.article("serum", "skin", at=ago(3))
    for person, skus in (("close", ("cream",)), ("half", ("lamp", "cream")), ("far", ("lamp",))):
        for n, sku in enumerate(skus):
            made.look(person, sku, days=20 - n)
    view = made.open(tmp_path)
    told = pa.table({"person_id": pa.array([], pa.string()), "sku": pa.array([], pa.string())})
    rows = pa.table({"person_id": ["close", "half", "far"], "step_id": [STEP] * 3, "waited_on": [""] * 3})
    messaged = pa.table({"step_id": pa.array([], pa.string()), "person_id": pa.array([], pa.string())})
    marked = StepGoods(view, good_plan(), SHOP, AS_OF, told, rate).mark(rows, messaged)
    assert marked["has_goods"].to_pylist() == goods
