from typing import Any

import pytest
from pydantic import ValidationError

from memory.domain.approval_rules import ApprovalRules, MailTo, MarketReader


@pytest.mark.parametrize("address", ["ava", "a@b, c@d", "a@b\nBcc: x@y", "<a@b>", "a b@c", ""])
def test_an_address_is_one_plain_address(address: str) -> None:
    with pytest.raises(ValidationError):
        MailTo(principal="ava", address=address)


@pytest.mark.parametrize(
    "parts",
    [
        {"deputies": [{"approver": "ava", "deputy": "ava", "after_hours": 8}]},
        {"deputies": [{"approver": "ava", "deputy": "dan", "after_hours": 0}]},
        {"readers": [{"market": "JP", "language": "ja", "readers": []}]},
        {"bots": [{"name": "team", "vendor": "icq"}]},
        {"bots": [{"name": "team", "vendor": "slack"}] * 2},
        {"mails": [{"principal": "ava", "address": "a@b.invalid", "zone": "Mars/Base"}]},
    ],
)
def test_what_cannot_hold_is_refused(parts: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ApprovalRules.model_validate(parts)


def test_the_same_rules_have_the_same_version() -> None:
    reader = MarketReader(market="JP", language="ja", readers=("yui",))
    assert ApprovalRules(readers=(reader,)).version == ApprovalRules(readers=(reader,)).version
    assert ApprovalRules(readers=(reader,)).version != ApprovalRules().version
