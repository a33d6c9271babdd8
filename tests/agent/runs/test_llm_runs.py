"""C2 through a whole run: a language model that never comes to an end stops the run with an alert, and nothing goes."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from agent.alerts import tell
from agent.assembly import App, assemble
from agent.settings import load_settings
from memory.domain.clock import ManualClock
from tests.agent.llm.scripted import Dripped, Reply, ScriptedLlm, calls, scripted_llm
from tests.agent.runs.conftest import STOCKED, a_schedule, fired, granted, run_through
from tests.factories.small_shop import ANCHOR_AT

pytestmark = pytest.mark.slow
TOOLS = ("store_overview", "budget_audit")


def long(n: int) -> dict[str, Any]:
    """A draft that wants `n` steps for one cohort."""
    return {"title": "x", "add": {"vip": [f"discount_offer@{day}" for day in range(n)]}, "note": "n"}


@contextmanager
def asking(home: Path, script: ScriptedLlm, **limits: Any) -> Iterator[App]:
    """An installation whose drafting schedule asks the scripted model, and whose runs may go live by themselves."""
    settings = load_settings(home=home, llm_base_url=script.base_url, llm_model="scripted", **limits)
    app = assemble(settings, ManualClock(ANCHOR_AT))
    with app.store.unit_of_work() as uow:
        uow.runs.schedule(a_schedule(app, planner="llm"))
    granted(app, 3)
    try:
        yield app
    finally:
        app.close()


def ping_pong() -> Reply:
    """The two tools in turn, by how many messages the request holds."""
    turn = iter(range(10**6))
    return lambda _asked: calls(TOOLS[(number := next(turn)) % 2], {}, f"call_{number}")


OVERFLOW = b'{"error": {"message": "maximum context length is 8192 tokens", "code": "context_length_exceeded"}}'


@pytest.mark.parametrize(("name", "replies", "status", "limits", "reason", "most_calls"), [
    ("ping-pong of two tools", [ping_pong()], (), {"llm_max_calls": 6}, "too_many_calls", 6),
    ("a hundred thousand steps", [calls("submit_plan", long(10**5))], (), {}, "answer_too_large", 1),
    ("a thousand steps", [calls("submit_plan", long(1_000))], (), {}, "refused_too_often", 3),
    ("a slow stream", [Dripped("body")], (), {"llm_max_seconds": 8}, "too_slow", 1),
    ("too much money", [ping_pong()], (), {"llm_max_cost": "0.0003", "llm_input_price": 1, "llm_output_price": 2},
     "too_expensive", 3),
    ("too many tokens", [ping_pong()], (), {"llm_max_tokens": 1_000}, "too_many_tokens", 10),
    ("an overflow of the context", [OVERFLOW], (400,) * 9, {}, "llm_refused", 1),
    ("a server that is down", [b"{}"], (503,) * 9, {}, "llm_unavailable", 3),
], ids=lambda value: value if isinstance(value, str) and " " in value else "")  # fmt: skip
def test_c2_a_run_ends_as_stopped_with_an_alert_and_nothing_is_planned_or_sent(
    drafted_home: Path, tmp_path: Path, name: str, replies: list[Reply], status: tuple[int, ...],
    limits: dict[str, Any], reason: str, most_calls: int,
) -> None:  # fmt: skip
    with (
        scripted_llm(replies, status) as script,
        asking(shutil.copytree(drafted_home, tmp_path / "home"), script, **limits) as app,
    ):
        run = run_through(app, fired(app))
        assert (run.status, run.reason, run.plan_id) == ("stopped", reason, ""), name
        assert 1 <= len(script.requests) <= most_calls
        with app.store.read() as uow:
            (alert,) = uow.alerts.untold()
            assert (alert.code, alert.subject) == ("run_stopped", f"run:{run.id}")
            assert reason in alert.message
            assert uow.outbox.counts(STOCKED) == {}
            assert not [stored for stored in uow.plans.all(STOCKED) if stored.status in ("approved", "live")]
        assert tell(app) == 0, "no way is set up, so it stays in the list"


def test_c2_planted_a_meter_that_never_refuses_lets_the_model_go_on(
    drafted_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the limit on tokens the same model is asked more often; the script ends it, so that the test does.

    The limit of calls is kept twice, by the meter and around the agent; that of tokens by the meter alone.
    """
    from agent.llm.limits import Meter

    monkeypatch.setattr(Meter, "before_call", lambda self: setattr(self, "n_calls", self.n_calls + 1))
    turn = iter(range(10**6))

    def tireless(_asked: dict[str, Any]) -> Any:
        number = next(turn)
        return calls(TOOLS[number % 2], {}, f"call_{number}") if number < 12 else b"not json"

    with (
        scripted_llm([tireless]) as script,
        asking(shutil.copytree(drafted_home, tmp_path / "home"), script, llm_max_tokens=1_000) as app,
    ):
        run_through(app, fired(app))
    assert len(script.requests) > 10
