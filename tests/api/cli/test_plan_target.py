"""`plan target`: which shares of a message are hoped for, on the command line."""

import pytest

from .conftest import Run

pytestmark = pytest.mark.slow
STEP = "first_time.onboarding"


def test_s1_59_targets_are_shown_set_and_taken_away(so: Run) -> None:
    so("plan", "draft")
    plan_id = so("plan", "list", "--json").json[0]["plan_id"]
    assert so("plan", "target", plan_id).out.startswith("No message")
    assert "they decide nothing" in so("plan", "target", plan_id, STEP, "--open", "0.4", "--click", "0.05").out
    so("plan", "target", plan_id, "review_invitation", "--conversion", "0.02")
    found = so("plan", "target", plan_id, "--json", as_id="vic").json
    assert [(one["message"], one["metric"], one["rate"]) for one in found] == [
        (STEP, "open", 0.4), (STEP, "click", 0.05), ("review_invitation", "conversion", 0.02),
    ]  # fmt: skip
    left = so("plan", "target", plan_id, STEP, "--open", "0", "--json").json
    assert [one["metric"] for one in left] == ["click", "conversion"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nowhere", "--open", "0.1"), STEP),
        (("--open", "0.1"), "Name one of"),
        ((STEP,), "opened, clicked or followed by an order"),
        ((STEP, "--click", "5"), "0.05"),
        ((STEP, "--click", "nan"), "0.05"),
    ],
)
def test_s1_59_a_target_that_makes_no_sense_names_what_would(so: Run, words: tuple[str, ...], said: str) -> None:
    so("plan", "draft")
    plan_id = so("plan", "list", "--json").json[0]["plan_id"]
    answer = so("plan", "target", plan_id, *words)
    assert answer.code == 2
    assert said in answer.err


def test_d3_a_viewer_sets_none(so: Run) -> None:
    so("plan", "draft")
    plan_id = so("plan", "list", "--json").json[0]["plan_id"]
    refused = so("plan", "target", plan_id, STEP, "--open", "0.1", as_id="vic")
    assert refused.code == 2
    assert "may not plan" in refused.err
