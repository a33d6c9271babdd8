import json

import pytest

from api.ui.chat.guided import KINDS, _brief
from api.verbs.plans import read_brief
from memory.domain.errors import InvalidInput
from memory.domain.message import MESSAGE_KINDS


def test_a_filled_form_is_a_brief_that_holds_what_was_filled_in() -> None:
    brief = read_brief(_brief("2,000", "EUR", ["sms"], ["price_drop"], "15 %"))
    assert brief.budget is not None
    assert brief.budget.amount_minor == 200_000
    assert brief.excluded_channels == ("sms",)
    assert brief.excluded_kinds == ("price_drop",)
    assert brief.holdout_rate == 0.15


def test_an_empty_form_leaves_everything_to_guardrails_and_playbook() -> None:
    assert json.loads(_brief("", "EUR", [], None, " ")) == {}


@pytest.mark.parametrize(("budget", "holdout"), [("much", ""), ("", "all"), ("", "101")])
def test_what_is_no_sum_or_share_is_told(budget: str, holdout: str) -> None:
    with pytest.raises(InvalidInput):
        _brief(budget, "EUR", [], [], holdout)


def test_every_kind_of_the_form_is_a_kind_of_message() -> None:
    assert set(KINDS) <= set(MESSAGE_KINDS)
