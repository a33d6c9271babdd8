"""`plan holdout`: whom a plan withholds from one journey or step, on the command line."""

import pytest

from .conftest import Run

pytestmark = pytest.mark.slow
STEP, JOURNEY = "first_time.onboarding", "first_time.journey"


def test_s2_16_parts_are_withheld_until_a_plan_goes_live_and_then_read(so: Run) -> None:
    so("plan", "draft")
    plan_id = so("plan", "list", "--json").json[0]["plan_id"]
    assert so("plan", "holdout", plan_id).out.startswith("No journey or step")
    assert so("plan", "holdout", plan_id, "--step", STEP, "--share", "0.2").code == 0
    asked = so("approval", "request", plan_id, "--json").json
    assert so("approval", "decide", asked["id"], "approve", as_id="ari").code == 0
    found = so("plan", "holdout", plan_id, "--journey", "first_time", "--share", "0.1", "--json").json
    assert [(one["part"], one["part_id"], one["rate"]) for one in found] == [
        ("journey", JOURNEY, 0.1), ("step", STEP, 0.2),
    ]  # fmt: skip
    assert found[1]["n_treated"] + found[1]["n_withheld"] == found[0]["n_treated"], "drawn among who gets the journey"
    assert STEP in so("plan", "show", plan_id).out
    left = so("plan", "holdout", plan_id, "--journey", JOURNEY, "--share", "0", "--json").json
    assert [one["part_id"] for one in left] == [STEP]

    assert so("plan", "go-live", plan_id).code == 0, "the approval still stands: it only withholds more"
    late = so("plan", "holdout", plan_id, "--step", STEP, "--share", "0.3")
    assert late.code == 2
    assert "drawn when it began to run" in late.err
    [read] = so("report", "lift", plan_id, "--json").json["parts"]
    assert (read["part_id"], read["n_messaged"]) == (STEP, 0)
    assert f"step {STEP}" in so("report", "lift", plan_id).out
    assert f"步骤 {STEP}" in so("report", "lift", plan_id, "--language", "zh").out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--step", "nowhere", "--share", "0.1"), "first_time.onboarding"),
        (("--step", "first_time.order_confirmation", "--share", "0.1"), "sends no step"),
        (("--journey", "first_time"), "--share"),
        (("--journey", "first_time", "--step", STEP, "--share", "0.1"), "one part"),
        (("--step", STEP, "--share", "0.6"), "0.5"),
    ],
)
def test_a_wish_that_makes_no_sense_names_what_would(so: Run, words: tuple[str, ...], said: str) -> None:
    so("plan", "draft")
    plan_id = so("plan", "list", "--json").json[0]["plan_id"]
    answer = so("plan", "holdout", plan_id, *words)
    assert answer.code == 2
    assert said in answer.err


def test_d3_a_viewer_sees_them_and_sets_none(so: Run) -> None:
    so("plan", "draft")
    plan_id = so("plan", "list", "--json").json[0]["plan_id"]
    assert so("plan", "holdout", plan_id, as_id="vic").code == 0
    refused = so("plan", "holdout", plan_id, "--step", STEP, "--share", "0.1", as_id="vic")
    assert refused.code == 2
    assert "may not guardrail" in refused.err
