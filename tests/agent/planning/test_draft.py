import pytest
from pydantic import ValidationError

from agent.planning.draft import DraftStep, PlanDraft


def test_a_step_reads_its_short_form() -> None:
    assert DraftStep.model_validate("review_invitation@13+review_points") == DraftStep(
        template="review_invitation", day=13, offer="review_points"
    )
    assert DraftStep.model_validate("thank_you") == DraftStep(template="thank_you")


def test_dc_01_a_draft_is_a_few_lines_of_json() -> None:
    text = '{"journeys": {"vip": ["thank_you@1", "early_access@9"]}, "holdout_rate": 0.1}'
    draft = PlanDraft.model_validate_json(text)
    assert [step.day for step in draft.journeys["vip"]] == [1, 9]
    assert PlanDraft() == PlanDraft.model_validate_json("{}")


@pytest.mark.parametrize(
    "text",
    [
        '{"journeys": {"everyone": ["thank_you"]}}',
        '{"journeys": {"vip": ["thank_you@99"]}}',
        '{"journeys": {"vip": ["DROP TABLE"]}}',
        '{"send_now": true}',
        '{"holdout_rate": NaN}',
        '{"offers": [{"id": "x", "kind": "store_credit", "amount_minor": -5}]}',
    ],
)
def test_c1_garbage_is_a_typed_refusal(text: str) -> None:
    with pytest.raises(ValidationError):
        PlanDraft.model_validate_json(text)
