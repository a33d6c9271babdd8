import json

import pytest
from hypothesis import given

from memory.domain.errors import InvalidInput
from memory.domain.segment import AllOf, Compare, Everyone, NotOf, Segment, SegmentRule
from tests.tools.segments.rules import RULES
from tools.segments import check_rule, dump_yaml, load_rule, load_segment

YAML = """
id: winter
title: {en: Winter, zh: 冬季}
rule:
  op: all
  of:
    - {op: compare, attribute: market, test: in, value: [NO, DE]}
    - {op: ordered_between, from_on: 2025-11-28, until_on: 2025-12-02}
    - {op: compare, attribute: is_referred, test: eq, value: true}
"""


@given(rule=RULES)
def test_every_rule_survives_yaml_and_json(rule: SegmentRule) -> None:
    segment = Segment(id="any", title={"en": "Any", "zh": "任意"}, rule=rule)
    assert load_segment(dump_yaml(segment)) == segment
    assert load_segment(segment.model_dump_json()) == segment
    assert load_segment(segment.model_dump(mode="json")) == segment
    assert load_rule(json.dumps(rule.model_dump(mode="json"))) == rule


def test_norway_stays_norway_and_dates_stay_text() -> None:
    rule = load_segment(YAML).rule
    assert isinstance(rule, AllOf)
    assert rule.of[0] == Compare(attribute="market", test="in", value=("NO", "DE"))
    assert rule.of[2] == Compare(attribute="is_referred", test="eq", value=True)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (("attribute: market", "attribute: weather"), "rule.of.0.attribute"),
        (("test: in", "test: lt"), "rule.of.0"),
        (("[NO, DE]", "[1, 2]"), "rule.of.0: .*the attribute is a text"),
        (("2025-11-28", "2025-11-31"), "rule.of.1.from_on"),
        (("value: true", "value: 1"), "rule.of.2: .*the attribute is a flag"),
        (("id: winter", "id: winter\nid: summer"), "stands twice"),
        (("id: winter", "id: winter\ncolour: red"), "colour: Extra inputs"),
        (("op: all", "op: some"), "rule: Input tag 'some'"),
        (("id: winter", "id: &a winter\nother: *a"), "line 3, column .: aliases are not allowed"),
        (("id: winter", "id: !!python/object/apply:os.system [ls]"), "could not determine a constructor"),
        (("  of:", "  of"), "line"),
    ],
)
def test_errors_name_the_place(change: tuple[str, str], complaint: str) -> None:
    assert change[0] in YAML
    with pytest.raises(InvalidInput, match=complaint):
        load_segment(YAML.replace(*change))


@pytest.mark.parametrize("text", ["[" * 5000, '{"a":' * 5000, "x" * 200_000, "", "- 1", '{"id": "a", "id": "b"}'])
def test_hostile_text_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        load_segment(text)


def test_rules_nested_too_deep_are_refused() -> None:
    rule: SegmentRule = Everyone()
    for _ in range(25):
        rule = NotOf(of=rule)
    with pytest.raises(InvalidInput, match="nested deeper than 20"):
        check_rule(rule)


def test_too_many_rules_are_refused() -> None:
    wide = AllOf(of=(AllOf(of=(Everyone(),) * 50),) * 11)
    with pytest.raises(InvalidInput, match="more than 500"):
        check_rule(wide)
