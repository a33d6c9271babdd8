"""The tree is strict: unknown fields and attributes are refused, and it survives JSON."""

import pytest
from pydantic import TypeAdapter, ValidationError

from memory.domain.segment import AllOf, Bought, Compare, Did, NotOf, Segment, SegmentRule

RULE: TypeAdapter[SegmentRule] = TypeAdapter(SegmentRule)


def test_a_nested_rule_survives_json() -> None:
    rule = AllOf(
        of=(Did(events=("view",), category="running", at_least=5), NotOf(of=Bought(category="running", at_least=1)))
    )
    segment = Segment(id="running-explorers", title={"en": "Running explorers", "zh": "跑步品类探索者"}, rule=rule)
    assert Segment.model_validate_json(segment.model_dump_json()) == segment


@pytest.mark.parametrize(
    "broken",
    [
        {"op": "compare", "attribute": "email", "test": "eq", "value": "a@b.c"},
        {"op": "compare", "attribute": "n_orders", "test": "eq", "value": 1, "sql": "drop"},
        {"op": "run", "code": "1"},
        {"op": "all", "of": []},
    ],
)
def test_what_is_no_rule_is_refused(broken: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        RULE.validate_python(broken)


def test_rules_are_values() -> None:
    assert Compare(attribute="n_orders", test="ge", value=2) == Compare(attribute="n_orders", test="ge", value=2)
