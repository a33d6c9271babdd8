"""Prompts are versioned, locked by hash, and hold neither clock nor person."""

import re
from pathlib import Path

import pytest

from agent.llm.prompting import limits_text
from prompts.library import LOCK, PromptError, load, locked, names, pinned, read, versions, versions_of
from prompts.lock import lock_text
from tests.factories.planning import guardrails


def test_s2_24_every_prompt_is_the_locked_one() -> None:
    assert LOCK.read_text(encoding="utf-8") == lock_text()
    assert len(locked()) >= 4


@pytest.mark.parametrize("name", names())
def test_s2_24_a_prompt_has_a_purpose_and_no_dates_ids_or_addresses(name: str) -> None:
    for version in versions(name):
        prompt = load(name, version)
        assert prompt.purpose
        assert not re.search(r"\b20\d\d-\d\d|@\w+\.\w+|[0-9a-f]{16,}", prompt.text)


def test_s2_24_limits_are_rendered_from_guardrail_values() -> None:
    text = limits_text(guardrails(min_holdout_rate=0.123, recent_buyer_days=11))
    assert "12%" in text and "11 days" in text
    assert text == limits_text(guardrails(min_holdout_rate=0.123, recent_buyer_days=11))


def test_dc_01_the_planner_prompt_starts_the_same_for_every_shop() -> None:
    front = load("plan").text.partition("{{")[0]
    assert len(front) > 500


def test_dc_01_a_changed_prompt_without_a_new_version_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "plan"
    folder.mkdir()
    file = folder / "v1.md"
    file.write_text("---\nname: plan\nversion: 1\npurpose: p\nvalues: a\n---\nHello {{b}}\n", encoding="utf-8")
    with pytest.raises(PromptError, match="do not fit"):
        read(file)
    file.write_text("---\nname: plan\nversion: 1\npurpose: p\nvalues: a\n---\nHello {{a}}\n", encoding="utf-8")
    assert read(file).sha256 != locked()["plan/v1"]


def test_dc_01_rendering_wants_exactly_the_declared_values() -> None:
    with pytest.raises(PromptError, match="takes"):
        load("plan").render({"language": "English"})
    with pytest.raises(PromptError, match="no prompt"):
        load("plan", 99)
    with pytest.raises(PromptError, match="no prompt"):
        load("../plan")


def test_dc_09_a_replay_pins_the_versions_it_was_recorded_with() -> None:
    assert versions_of(["plan/v1", "messages", "chat_changes/v12", "../x/v1"]) == {"plan": 1, "chat_changes": 12}
    with pinned({"plan": 99}):
        with pytest.raises(PromptError, match="plan/v99"):
            load("plan")
        with pinned({"plan": 1}):
            assert load("plan").ref == "plan/v1"
        assert load("plan_nudge").version == 1
    assert load("plan").ref == "plan/v1"
