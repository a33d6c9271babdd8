"""Every order gets a first touch decided in time, or a stored reason why not; the tick keeps it once (S1-07)."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.compute as pc
import pytest

from agent.reports.first_touch import NONE_WORDS, OUTCOMES, FirstTouchReport, first_touch, touch_words
from agent.tick.first_touch import REASONS, first_touches, keep_first_touches
from memory.domain.order_mail import OrderMailSettings
from memory.domain.standing import CORE
from tests.agent.tick.test_arrived import DAY, Living
from tests.factories.doing import LIVE_AT, ORDERED_AT, learn
from tests.factories.facts import Facts

pytestmark = pytest.mark.slow
NOBODY = {"consent_email": False, "consent_sms": False, "consent_push": False}


class Touching(Living):
    """A live plan ticked day by day, and orders of all sorts of people beside it."""

    def order(self, name: str, person: str | None, days: float, **changes: Any) -> None:
        facts = Facts()
        at = LIVE_AT + days * DAY
        facts.order(person or "", at, {}, shop_id="nord", order_ref=f"#{name}", fact_id=name, **changes)
        if person is None:
            facts.rows["orders"][-1]["subject_id"] = None
        learn(self.store, self.lake, facts, self.clock.now())

    def state(self, person: str, **changes: Any) -> None:
        """Note what hand-off knows of a person."""
        with self.store.unit_of_work() as uow:
            row = uow.person_state.get("nord", [self.world.people[0]])
            row = row.set_column(0, "person_id", [[person]])
            for name, value in changes.items():
                row = row.set_column(row.schema.get_field_index(name), name, [[value]])
            uow.person_state.upsert("nord", row)

    def kept(self) -> dict[str, tuple[str, str]]:
        """Give outcome and reason of what ticks kept, by order."""
        with self.store.read() as uow:
            rows = uow.first_touches.table("nord", ORDERED_AT - 400 * DAY, LIVE_AT + 400 * DAY).to_pylist()
        return {row["order_fact_id"]: (row["outcome"], row["reason"]) for row in rows}

    def report(self, days: float) -> FirstTouchReport:
        now = LIVE_AT + days * DAY
        period = (ORDERED_AT.date(), now.date())
        return first_touch(self.store, self.lake, "nord", period, now)


@pytest.fixture
def touching(tmp_path: Path) -> Iterator[Touching]:
    found = Touching(tmp_path)
    with found.store.unit_of_work() as uow:
        uow.order_mail.put_settings("nord", OrderMailSettings(first_touch_days=5), "mia", ORDERED_AT)
    yield found
    found.store.close()


def test_s1_07_orders_of_the_plan_s_people_are_decided_and_the_control_group_s_are_held_out(touching: Touching) -> None:
    touching.until(1, 2, 3, 4, 6, 8)
    rows = first_touches(
        touching.store, touching.lake, touching.world.shop, ORDERED_AT - DAY, LIVE_AT, LIVE_AT + 9 * DAY, 14 * DAY
    )
    mine = rows.filter(pc.is_in(rows["person_id"], value_set=pa_array(touching.world.people)))
    found = {row["person_id"]: row for row in mine.to_pylist()}
    assert len(found) == mine.num_rows == len(touching.world.people)
    assert {found[one]["outcome"] for one in touching.treated} == {"sent"}
    control = set(touching.world.people) - set(touching.treated)
    assert {(found[one]["outcome"], found[one]["reason"]) for one in control} == {("held_out", "control")}
    assert all(row["decided_at"] is not None and row["plan_id"] == touching.world.plan.id for row in found.values())


def test_s1_07_an_order_without_a_decision_has_the_reason_why(touching: Touching) -> None:
    people = {name: f"x{name}" for name in ("stranger", "erased", "core", "muted", "no", "late")}
    touching.until(1)
    touching.state("xerased", is_erased=True)
    touching.state("xcore")
    touching.state("xmuted", is_suppressed_email=True, is_suppressed_sms=True, is_suppressed_push=True)
    touching.state("xno", **NOBODY)
    touching.state("xlate")
    with touching.store.unit_of_work() as uow:
        uow.assignments.put("nord", CORE, arms("xcore"))
    for name, person in people.items():
        touching.order(name, person, 1)
    touching.order("nobody", None, 1)
    touching.order("void", "xlate", 1, is_cancelled=True)
    touching.order("open", "xlate", 5)
    member = touching.treated[0]
    touching.order("idle", member, 90 - 4)
    touching.until(2, 7, 9)
    kept = touching.kept()
    assert {name: kept[name] for name in ("stranger", "erased", "core", "muted", "no", "late", "nobody", "void")} == {
        "stranger": ("none", "unknown_person"), "erased": ("none", "erased"), "core": ("none", "standing_holdout"),
        "muted": ("none", "suppressed"), "no": ("none", "no_consent"), "late": ("none", "in_no_plan"),
        "nobody": ("none", "unknown_person"), "void": ("none", "no_purchase"),
    }  # fmt: skip
    assert "open" not in kept, "its five days are not over"
    before = dict(kept)
    touching.state("xno")
    keep_first_touches(touching.store, touching.lake, touching.world.shop, LIVE_AT + 12 * DAY)
    assert {name: touching.kept()[name] for name in before} == before, "what was kept is never changed"


def test_s1_07_without_a_plan_or_after_it_ended_the_reason_says_so(touching: Touching) -> None:
    member = touching.treated[0]
    touching.order("early", member, -40)
    touching.order("after", member, 20)
    touching.set_status("stopped")
    rows = first_touches(
        touching.store, touching.lake, touching.world.shop, LIVE_AT - 60 * DAY, LIVE_AT + 30 * DAY,
        LIVE_AT + 40 * DAY, 5 * DAY,
    ).to_pylist()  # fmt: skip
    reasons = {row["order_fact_id"]: (row["outcome"], row["reason"]) for row in rows}
    assert (reasons["early"], reasons["after"]) == (("none", "no_plan"), ("none", "plan_ended"))


def test_s1_07_all_orders_of_a_simulated_period_have_a_decision_or_a_reason(touching: Touching) -> None:
    """Orders at random of members and others, known or not, over forty days: none is left out, none counts twice."""
    rng, facts = np.random.default_rng(11), Facts()
    people = [*touching.world.people, *(f"y{n}" for n in range(30))]
    for number in range(30):
        touching.state(f"y{number}", **(NOBODY if number % 3 == 0 else {}))
    n = 400
    for number in range(n):
        who, at = people[int(rng.integers(len(people)))], LIVE_AT + float(rng.uniform(0, 40)) * DAY
        more = {"is_cancelled": bool(rng.random() < 0.1), "is_paid": bool(rng.random() < 0.95)}
        facts.order(who, at, {}, shop_id="nord", order_ref=f"#z{number}", fact_id=f"z{number}", **more)
    learn(touching.store, touching.lake, facts, LIVE_AT)
    touching.until(8, 20, 32, 44, 54, 56)
    kept = touching.kept()
    ours = {name: found for name, found in kept.items() if name.startswith("z")}
    assert len(ours) == n, "every order whose days are over is kept"
    found = touching.report(54)
    assert found.settled_rate == 1.0
    assert found.n_decided + found.n_explained + found.n_waiting == found.n_orders
    assert sum(group.n_orders for group in found.groups) == found.n_orders
    outcomes = Counter(outcome for outcome, _ in ours.values())
    assert outcomes["waits"] == 0 and outcomes["none"] > 0 and outcomes["sent"] > 0 and outcomes["held_out"] > 0


def test_s1_07_a_planted_bug_that_loses_orders_is_seen(touching: Touching, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        touching.order(f"s{number}", "stranger", 1)
    whole = touching.report(30)
    import agent.tick.first_touch as module

    untouched = module._untouched
    monkeypatch.setattr(module, "_untouched", lambda *given: untouched(*given).limit(1))
    assert touching.report(30).n_orders < whole.n_orders


def test_s1_07_every_reason_and_outcome_has_words_in_both_languages() -> None:
    for language in ("en", "zh"):
        assert set(NONE_WORDS[language]) == set(REASONS)
        assert set(OUTCOMES[language]) == {"sent", "held_out", "withheld", "none", "waits"}
    assert touch_words.__doc__


def arms(person: str) -> Any:
    import pyarrow as pa

    return pa.table({"person_id": [person], "cohort": ["all"], "arm": ["control"]})


def pa_array(values: list[str]) -> Any:
    import pyarrow as pa

    return pa.array(values, pa.string())
