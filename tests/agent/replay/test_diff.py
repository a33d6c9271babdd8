"""A diff names what differed first, for each input a run reads; variants change one input alone."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agent.llm.drafting import LlmPlanner, RecordedPlaybook
from agent.llm.endpoint import LlmEndpoint
from agent.llm.limits import Limits
from agent.replay.counterfactual import rerun_with
from agent.replay.diff import SessionDiff, session_diff
from agent.replay.diff_words import WORDS, diff_lines
from agent.replay.variant import Variant, parse_variant
from agent.sessions.bundle import Bundle
from agent.sessions.recorder import Recorder
from agent.toolbox.registry import FEW
from memory.domain.brief import Brief
from memory.domain.clock import ManualClock
from memory.domain.errors import InvalidInput, NotReady
from prompts import library
from prompts.lock import lock_text
from tests.agent.llm.runs import endpoint
from tests.agent.llm.scripted import calls, scripted_llm
from tests.factories.planning import category, context, guardrails

pytestmark = pytest.mark.slow

SUBMIT = calls("submit_plan", {"title": "T", "drop": {"vip": ["cross_sell"]}, "note": "n"}, "a")
OTHER = calls("submit_plan", {"title": "T", "drop": {"first_time": ["cross_sell"]}, "note": "n"}, "a")
Record = Callable[..., Bundle]


@pytest.fixture
def record(clock: ManualClock, key: bytes) -> Record:
    """Record a plan over a scripted model."""

    def made(reply: Any = SUBMIT, *, session_id: str = "s-a", brief: Brief | None = None, **facts: Any) -> Bundle:
        given = context(**facts)
        recorder = begun(clock, key, session_id, given.data_version, given.guardrail_version)
        with scripted_llm([reply]) as script:
            planner = LlmPlanner(endpoint(script.base_url), recorder, tools=FEW, limits=Limits(max_calls=5))
            plan = planner.plan(brief or Brief(), given)
        recorder.finish("finished", plan_id=getattr(plan, "id", ""))
        return Bundle(recorder.stored())

    return made


def begun(clock: ManualClock, key: bytes, session_id: str, data_version: int, guardrail_version: str) -> Recorder:
    return Recorder.begin(
        clock, key, shop_id="nord", kind="plan", principal="anna", session_id=session_id, llm="scripted",
        data_version=data_version, guardrail_version=guardrail_version,
    )  # fmt: skip


def cause(one: Bundle, other: Bundle) -> SessionDiff:
    found = session_diff(one, other)
    assert found.is_changed and found.plan_a != found.plan_b
    return found


def test_dc_09_equal_sessions_have_no_cause(record: Record) -> None:
    found = session_diff(record(), record(session_id="s-b"))
    assert (found.is_changed, found.first_cause, found.causes, found.parts) == (False, None, (), ())
    assert diff_lines(found)[0].startswith("Nothing changed")


def test_dc_09_data_is_the_first_cause(record: Record) -> None:
    poorer = (category("shoes", 0.20), category("coats", 0.62), category("socks", 0.48))
    found = cause(record(), record(categories=poorer, data_version=4, margin_rate=0.3))
    assert found.first_cause == "data"
    assert found.causes[0].place.startswith("/context/categories/0")


def test_dc_09_guardrails_are_the_first_cause(record: Record) -> None:
    found = cause(record(), record(guardrails=guardrails(min_holdout_rate=0.25)))
    assert found.first_cause == "guardrails"
    assert found.causes[0].place == "/min_holdout_rate"
    assert {part.kind for part in found.parts} >= {"holdout", "guardrails"}


def test_dc_09_a_prompt_is_the_first_cause(record: Record, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before = record()
    second_prompt(tmp_path, monkeypatch)
    found = cause(before, record(OTHER))
    assert found.first_cause == "prompt"
    assert (found.causes[0].before[:7], found.causes[0].after[:7]) == ("plan/v1", "plan/v2")


def test_dc_09_the_models_answer_is_the_first_cause(record: Record) -> None:
    found = cause(record(), record(OTHER))
    assert found.first_cause == "llm"
    assert found.causes[0].place == "answer 1"
    assert any(part.kind == "step_removed" for part in found.parts)


def test_dc_09_code_is_the_first_cause(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    before = record()
    monkeypatch.setattr("agent.sessions.recorder.code_version", lambda: "0123456789abcdef")
    monkeypatch.setattr("agent.planning.compose.FORMAT", "second-order/plan@1", raising=False)
    monkeypatch.setattr("agent.llm.planner.VERSION", "llm-2")
    found = cause(before, record())
    assert found.first_cause == "code"


def test_dc_09_what_was_asked_is_the_first_cause(record: Record) -> None:
    found = cause(record(), record(brief=Brief(holdout_rate=0.3)))
    assert found.first_cause == "brief"
    assert found.causes[0].place == "/holdout_rate"


def test_dc_09_with_guardrails_plays_the_recorded_words_under_other_limits(record: Record) -> None:
    before = record()
    made = rerun_with(before, Variant(guardrails=guardrails(min_holdout_rate=0.25)))
    found = cause(before, made.bundle)
    assert (found.first_cause, found.end_b, made.is_live) == ("guardrails", "plan", False)
    assert any("differs at /messages" in line for line in made.drift)


def test_dc_09_with_the_playbook_plans_by_rule_and_names_the_model(record: Record) -> None:
    before = record()
    found = cause(before, rerun_with(before, Variant(by_rule=True)).bundle)
    assert (found.first_cause, found.end_b) == ("llm", "plan")
    assert found.causes[0].after == "playbook"


def test_dc_09_with_another_model_asks_it_anew(record: Record) -> None:
    before = record()
    with scripted_llm([OTHER]) as script:
        asked = LlmEndpoint(base_url=script.base_url, llm="another")
        made = rerun_with(before, Variant(endpoint=asked))
        assert script.requests
    found = cause(before, made.bundle)
    assert (found.first_cause, found.causes[0].after, made.is_live) == ("llm", "another", True)


def test_dc_09_with_another_prompt_asks_in_its_words(
    record: Record, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = record()
    second_prompt(tmp_path, monkeypatch)
    assert session_diff(before, rerun_with(before, Variant(by_rule=False)).bundle).is_changed is False
    with scripted_llm([OTHER]) as script:
        asked = LlmEndpoint(base_url=script.base_url, llm="scripted")
        variant = parse_variant(["prompt=plan/v2"], asked, lambda _: guardrails())
        made = rerun_with(before, variant)
        assert b"Be brief." in script.requests[0]
    assert cause(before, made.bundle).first_cause == "prompt"


def test_dc_09_a_playbook_session_stays_the_same_without_a_change(clock: ManualClock, key: bytes) -> None:
    recorder = begun(clock, key, "s-rule", 3, guardrails().version)
    RecordedPlaybook(recorder).plan(Brief(), context())
    before = Bundle(recorder.stored())
    assert not session_diff(before, rerun_with(before, Variant()).bundle).is_changed


def test_words_that_change_nothing_known_are_refused_with_a_remedy() -> None:
    for words in (["colour=red"], ["guardrails"], ["planner=oracle"], ["llm="], ["planner=playbook"] * 2):
        with pytest.raises(InvalidInput, match="Write guardrails=FILE"):
            parse_variant(words, None, lambda _: guardrails())
    with pytest.raises(InvalidInput, match="no such version"):
        parse_variant(["prompt=v99"], None, lambda _: guardrails())
    with pytest.raises(NotReady, match="SECONDORDER_LLM_BASE_URL"):
        parse_variant(["llm=big"], None, lambda _: guardrails())
    with pytest.raises(InvalidInput, match="asks no language model"):
        parse_variant(["planner=playbook", "llm=big"], None, lambda _: guardrails())


def test_the_words_say_the_same_in_both_languages(record: Record) -> None:
    assert set(WORDS["en"]) == set(WORDS["zh"])
    found = cause(record(), record(guardrails=guardrails(min_holdout_rate=0.25)))
    assert diff_lines(found, "en")[0].startswith("First cause: guardrails (")
    assert diff_lines(found, "zh")[0].startswith("首要原因：护栏（")
    assert len(diff_lines(found, "en")) == len(diff_lines(found, "zh"))


def second_prompt(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Add version 2 of the planner's prompt in a copy of the library."""
    import shutil

    copy = folder / "prompts"
    shutil.copytree(library.FOLDER, copy)
    text = (copy / "plan" / "v1.md").read_text(encoding="utf-8")
    (copy / "plan" / "v2.md").write_text(text.replace("version: 1", "version: 2") + "\nBe brief.\n", encoding="utf-8")
    monkeypatch.setattr(library, "FOLDER", copy)
    monkeypatch.setattr(library, "LOCK", copy / "prompts.lock")
    monkeypatch.setattr("prompts.lock.FOLDER", copy)
    (copy / "prompts.lock").write_text(lock_text(), encoding="utf-8")
    library._load.cache_clear()
    monkeypatch.setattr(library, "_load", library._load.__wrapped__)
