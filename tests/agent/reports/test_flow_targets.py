"""Targets beside what was counted: its own target wins over its kind's; nothing sent yet is neither met nor missed."""

from agent.reports.flow import MessageFlow, PlanFlow
from agent.reports.flow_targets import TargetRead, read_targets
from agent.reports.flow_words import render_flow
from memory.domain.message_target import MessageTarget, TargetMetric
from tests.factories.doing import LIVE_AT, a_plan
from tests.factories.parts import NEXT, THANKS
from tests.factories.planning import a_shop

PLAN = a_plan(a_shop())


def target(message: str, metric: TargetMetric, rate: float) -> MessageTarget:
    return MessageTarget(plan_id=PLAN.id, message=message, metric=metric, rate=rate, set_at=LIVE_AT)


def flow(**changes: int | str) -> MessageFlow:
    counts = {
        "n_sent": 100, "n_delivered": 0, "n_bounced": 0, "n_opened": 40, "n_machine_opened": 50, "n_clicked": 5,
        "n_machine_clicked": 9, "n_ordered": 1,
    }  # fmt: skip
    named = {"cohort": "first_time", "step_id": THANKS, "channel": "email", "message_kind": "thank_you"}
    return MessageFlow.model_validate({**named, **counts, **changes})


def read(*targets: MessageTarget, messages: tuple[MessageFlow, ...] = (flow(),)) -> list[TargetRead]:
    return [one for one in read_targets(PLAN, targets, messages) if one.cohort == "first_time"]


def test_s1_59_each_metric_is_read_beside_its_target_and_software_counts_in_none() -> None:
    found = read(target(THANKS, "open", 0.4), target(THANKS, "click", 0.06), target(THANKS, "conversion", 0.01))
    assert [(one.metric, one.target_rate, one.actual_rate, one.is_met) for one in found] == [
        ("open", 0.4, 0.4, True),
        ("click", 0.06, 0.05, False),
        ("conversion", 0.01, 0.01, True),
    ]


def test_s1_59_its_own_target_wins_over_its_kinds_in_any_order() -> None:
    own, kind = target(THANKS, "open", 0.9), target("thank_you", "open", 0.1)
    for both in ((own, kind), (kind, own)):
        [one] = read(*both)
        assert (one.message, one.is_met) == (THANKS, False)
    [one] = read(kind)
    assert (one.message, one.step_id, one.is_met) == ("thank_you", THANKS, True)
    others = [each for each in read_targets(PLAN, (own, kind), (flow(),)) if each.cohort != "first_time"]
    assert others and {each.message for each in others} == {"thank_you"}, "the kind's holds for the other cohorts"


def test_s1_59_every_channel_is_read_apart_and_what_did_not_leave_yet_is_neither_met_nor_missed() -> None:
    found = read(
        target(THANKS, "open", 0.5), target(NEXT, "open", 0.5), messages=(flow(), flow(channel="push", n_opened=60))
    )
    assert [(one.step_id, one.channel, one.actual_rate, one.is_met) for one in found] == [
        (THANKS, "email", 0.4, False),
        (THANKS, "push", 0.6, True),
        (NEXT, "", None, None),
    ]


def test_s1_59_the_words_say_that_a_target_decides_nothing_in_both_languages() -> None:
    targets = tuple(read(target(THANKS, "open", 0.4), target(THANKS, "click", 0.06), target(NEXT, "open", 0.5)))
    found = PlanFlow(
        plan_id=PLAN.id, title="P", as_of=LIVE_AT, attribution_days=5, messages=(flow(),), targets=targets
    )  # fmt: skip
    text, zh = render_flow(found), render_flow(found, "zh")
    assert "whether one is met decides nothing" in text and "they decide nothing" in text
    rows = [row.split() for row in text.splitlines()]
    assert ["thank_you", "email", "opened", "40.0%", "40.0%", "yes", "2026-12-01"] in rows
    assert ["thank_you", "email", "clicked", "6.0%", "5.0%", "no", "2026-12-01"] in rows
    assert "not sent yet" in text and "尚未发出" in zh and "是否达到不作决策依据" in zh
    tables = [row for row in text.splitlines() if row.startswith("  ")]
    assert all(len(row) <= 80 for row in tables), "a terminal of 80 columns shows a target in a line"
    assert "Targets" not in render_flow(found.model_copy(update={"targets": ()}))
    early = found.model_copy(update={"messages": ()})
    assert "No message has left yet" in render_flow(early) and "Targets" in render_flow(early)
