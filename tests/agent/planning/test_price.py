from agent.planning.price import price
from memory.domain.brief import Brief
from tests.factories.planning import context
from tests.factories.plans import compose_plan, good_context, good_plan


def test_the_price_says_whom_a_plan_touches() -> None:
    """80 % of 6,000 may be mailed, 5 % of those are withheld."""
    found = price(good_plan(), good_context())
    assert found.n_people == 4560
    assert found.people_rate == 0.228
    assert found.n_withheld == 300
    assert found.reach_by_channel == {"email": 4800, "push": 1800, "sms": 1800}


def test_the_buckets_add_up_to_the_plan() -> None:
    plan = good_plan()
    found = price(plan, good_context())
    assert sum(each.worst_case.amount_minor for each in found.buckets) == plan.budget.worst_case_cost.amount_minor
    assert sum(each.expected.amount_minor for each in found.buckets) == plan.budget.expected_cost.amount_minor
    assert sum(each.has.amount_minor for each in found.buckets) == plan.budget.total.amount_minor
    assert all(each.worst_case.amount_minor <= each.has.amount_minor for each in found.buckets)


def test_s2_29_the_share_of_price_cuts_is_reported() -> None:
    found = price(good_plan(), good_context())
    assert found.discount_share_rate == 2 / len(good_plan().offers)


def test_messages_are_counted_by_class() -> None:
    found = price(good_plan(), good_context())
    assert sum(found.messages_by_class.values()) == found.n_messages
    assert set(found.messages_by_class) == {"service", "promotional"}


def test_nobody_reached_costs_nothing() -> None:
    ctx = context(people=())
    found = price(compose_plan(Brief(), ctx), ctx)
    assert (found.n_people, found.expected_cost.amount_minor, found.forecast.incremental_orders) == (0, 0, 0.0)


def test_the_worst_case_counts_second_channels() -> None:
    """60 % of each cohort's half may be mailed and pushed: 1,800 people, 5 % of them withheld."""
    plan, ctx = good_plan(), good_context()
    bare = {step.id: step.model_copy(update={"fallback": None}) for step in plan.steps()}
    without = plan.model_copy(
        update={
            "journeys": tuple(
                each.model_copy(update={"steps": tuple(bare[step.id] for step in each.steps)}) for each in plan.journeys
            )
        }
    )
    followed = [step for step in plan.steps() if step.fallback]
    assert followed
    added = price(plan, ctx).n_messages - price(without, ctx).n_messages
    cohorts = {step.id: step.id.split(".")[0] for step in followed}
    sizes = {"vip": 240, "reactivated": 300, "discount_sensitive": 360, "first_time": 900}
    assert added == sum(sizes[each] - int(sizes[each] * 0.05) for each in cohorts.values())
    dearer, cheaper = (sum(each.worst_case.amount_minor for each in price(one, ctx).buckets) for one in (plan, without))
    assert dearer > cheaper
