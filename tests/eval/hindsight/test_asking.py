"""Hindsight on a log that the product itself wrote: read whole, judged anew, refused where it cannot say."""

from typing import Any

import numpy as np
import pytest

from eval.gym.installation import Installation
from eval.hindsight import HindsightReport, PolicyAnswer, answer, ask, policies_named
from eval.hindsight import asking as asking_module
from eval.hindsight.reading import Logged
from memory.domain.errors import NotFound, NotReady, SecondOrderError
from memory.domain.experiment import Interval
from memory.domain.guardrails import FrequencyCap, Guardrails
from memory.domain.outcome import NotEstimable
from memory.domain.plan import Plan
from tools.offpolicy import support

pytestmark = pytest.mark.slow
Lived = tuple[Installation, Plan]


@pytest.fixture
def low_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small shop has fewer than 200 people; what is tested here is what comes behind that bar."""
    monkeypatch.setattr(support, "MIN_EFFECTIVE", 10)


def asked(lived: Lived, **more: Any) -> HindsightReport:
    of, plan = lived
    return ask(of.app.store, of.app.lake, plan.id, of.clock.now(), **more)


def by_id(report: HindsightReport) -> dict[str, PolicyAnswer]:
    return {one.policy: one for one in report.answers}


def guardrails(lived: Lived) -> Guardrails:
    of, plan = lived
    with of.app.store.read() as uow:
        return uow.guardrails.current(plan.shop_id)


def logged(lived: Lived, monkeypatch: pytest.MonkeyPatch, **more: Any) -> Logged:
    """The log as the answer sees it."""
    seen: list[Logged] = []

    def keep(log: Logged, *rest: Any) -> tuple[PolicyAnswer, ...]:
        seen.append(log)
        return answer(log, *rest)

    monkeypatch.setattr(asking_module, "answer", keep)
    asked(lived, **more)
    return seen[0]


def test_a_small_shop_s_log_is_refused_with_what_would_help(lived: Lived) -> None:
    report = asked(lived)
    for one in report.answers:
        assert one.effective_n < support.MIN_EFFECTIVE
        assert isinstance(one.repeat_rate, NotEstimable)
        assert one.repeat_rate.code in ("low_ess", "no_support")
        assert "chance" in one.repeat_rate.message


def test_doing_nothing_and_as_decided_are_the_arms_the_product_reports(lived: Lived, low_bar: None) -> None:
    from agent.reports import lift_report

    of, plan = lived
    found = by_id(asked(lived))
    arms = lift_report(of.app.store, of.app.lake, plan.shop_id, plan.id, of.clock.now())
    assert found["do-nothing"].n_agreeing == arms.control.n_people
    assert found["as-decided"].n_agreeing == arms.treated.n_people
    nothing, decided = found["do-nothing"].repeat_rate, found["as-decided"].repeat_rate
    assert isinstance(nothing, NotEstimable)  # in twelve days fewer than ten of so few come back
    assert nothing.code == "too_few_buyers"
    assert isinstance(decided, Interval)
    assert decided.low <= arms.treated.n_repeat / arms.treated.n_people <= decided.high


def test_the_log_is_read_whole(lived: Lived, monkeypatch: pytest.MonkeyPatch) -> None:
    of, plan = lived
    log = logged(lived, monkeypatch)
    trail = log.trail
    with of.app.store.read() as uow:
        n_treated = sum(batch.n_decisions for batch in uow.batches.all(plan.shop_id))
    n_control = asked(lived).n_people
    assert 0 < log.decisions.num_rows < n_treated
    assert log.options.num_rows >= log.decisions.num_rows
    assert n_control == log.people.num_rows
    assert np.all(np.diff(trail.person) >= 0)
    chosen = [log.options["option_id"][int(place)].as_py() if place >= 0 else "none" for place in trail.taken]
    assert chosen == log.decisions["chosen"].to_pylist()
    own = np.where(
        trail.taken >= 0, trail.logged[np.maximum(trail.taken, 0)], 1 - np.add.reduceat(trail.logged, trail.starts)
    )
    free = ~trail.is_forced
    assert np.allclose(own[free], trail.propensity[free])


def test_the_product_s_own_choice_agrees_with_most_of_its_log(lived: Lived, low_bar: None) -> None:
    found = by_id(asked(lived, policies=policies_named(["highest-value", "as-decided"])))
    assert list(found) == ["highest-value", "as-decided"]
    assert 0.3 * found["as-decided"].n_agreeing < found["highest-value"].n_agreeing < found["as-decided"].n_agreeing
    assert found["highest-value"].effective_n > 10


def test_the_guardrails_in_force_leave_every_option_as_it_was(lived: Lived, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = logged(lived, monkeypatch)
    again = logged(lived, monkeypatch, guardrails=guardrails(lived))
    assert plain.trail.available.sum() > 50
    assert np.array_equal(plain.trail.available, again.trail.available)


def test_stricter_guardrails_take_options_away_and_open_none(lived: Lived, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = logged(lived, monkeypatch).trail.available
    caps = tuple(
        FrequencyCap(message_class=name, max_messages=1, window_days=28) for name in ("promotional", "service")
    )
    strict = guardrails(lived).model_copy(update={"frequency_caps": caps})
    left = logged(lived, monkeypatch, guardrails=strict).trail.available
    assert 0 < left.sum() < plain.sum()
    assert not np.any(left & ~plain)
    silent = guardrails(lived).model_copy(update={"channels": ("onpage",)})
    assert not logged(lived, monkeypatch, guardrails=silent).trail.available.any()


def test_looser_guardrails_ask_for_what_the_log_could_not_take(lived: Lived, low_bar: None) -> None:
    caps = tuple(
        FrequencyCap(message_class=name, max_messages=50, window_days=7) for name in ("promotional", "service")
    )
    loose = guardrails(lived).model_copy(update={"frequency_caps": caps, "recent_buyer_days": 0})
    found = by_id(asked(lived, guardrails=loose))["send-to-all"].repeat_rate
    assert isinstance(found, NotEstimable)
    assert found.code == "no_support"


def test_another_plan_that_holds_less_is_answered_and_one_that_holds_more_is_refused(
    lived: Lived, low_bar: None
) -> None:
    _, plan = lived
    journey = plan.journeys[0]
    fewer = plan.model_copy(
        update={"journeys": (journey.model_copy(update={"steps": journey.steps[:1]}), *plan.journeys[1:])}
    )
    assert by_id(asked(lived, other=fewer))["highest-value"].n_agreeing > 0
    ours = next(step for step in journey.steps if step.owner == "us" and step.message_class != "on_page")
    late = ours.model_copy(update={"day": ours.day + 1})
    steps = tuple(late if step is ours else step for step in journey.steps)
    more = plan.model_copy(update={"journeys": (journey.model_copy(update={"steps": steps}), *plan.journeys[1:])})
    found = by_id(asked(lived, other=more))
    refused = found["highest-value"].repeat_rate
    assert isinstance(refused, NotEstimable)
    assert refused.code == "no_support"
    assert f"day {late.day}" in refused.message
    assert found["as-decided"].n_agreeing > 0


def test_the_same_plan_asked_about_itself_changes_nothing(lived: Lived, monkeypatch: pytest.MonkeyPatch) -> None:
    _, plan = lived
    plain, own = (logged(lived, monkeypatch, **more).trail.available for more in ({}, {"other": plan}))
    assert np.array_equal(plain, own)


def test_a_plan_that_never_went_live_and_a_policy_nobody_knows_are_errors(lived: Lived) -> None:
    of, plan = lived
    with pytest.raises(SecondOrderError, match="do-nothing"):
        policies_named(["loud"])
    other = plan.model_copy(update={"title": "never"})
    with of.app.store.unit_of_work() as uow:
        uow.plans.put(other, "mia", (), of.clock.now())
    with pytest.raises(NotReady, match="never went live"):
        ask(of.app.store, of.app.lake, other.id, of.clock.now())
    with pytest.raises(NotFound):
        ask(of.app.store, of.app.lake, "0" * 64, of.clock.now())
