import copy

from memory.domain.canonical import content_hash
from memory.domain.plan import Plan
from tests.factories.doing import a_plan as plan_of
from tests.factories.shop import a_shop


def a_plan() -> Plan:
    return plan_of(a_shop())


def test_a_plans_id_is_the_hash_of_its_content() -> None:
    plan = a_plan()
    assert plan.id == content_hash(plan)
    assert Plan.model_validate_json(plan.model_dump_json()).id == plan.id


def test_dc_02_a_changed_copy_has_another_id_even_when_the_first_id_was_read() -> None:
    plan = a_plan()
    before = plan.id
    changed = plan.model_copy(update={"title": "something else"})
    assert changed.id != before
    assert changed.id == content_hash(changed)
    assert plan.id == before


def test_the_remembered_id_is_no_part_of_the_content() -> None:
    plan, same = a_plan(), a_plan()
    assert plan.id
    assert plan == same
    assert "id" not in plan.model_dump()
    assert copy.deepcopy(plan).id == plan.id
