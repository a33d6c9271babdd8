from typing import Any

import pytest

from agent.approval.rules import changed, set_rules
from memory.domain.approval_rules import ApprovalRules
from memory.domain.clock import ManualClock
from memory.domain.errors import InvalidInput, NotPermitted
from memory.store.engine import Store
from memory.store.principals import SelfGrant
from tests.factories.approvals import AVA, MIA
from tests.factories.around_approvals import ADA, a_deputy, a_reader, a_request, mail


def rules_of(**parts: Any) -> ApprovalRules:
    return ApprovalRules.model_validate(parts)


def test_every_setting_is_a_version_on_the_record_and_the_same_again_is_none(store: Store, clock: ManualClock) -> None:
    a_request(store, clock)
    first = rules_of(mails=(mail("dan"),), deputies=(a_deputy(),), readers=(a_reader(),))
    for rules in (first, first, rules_of()):
        set_rules(store, clock, ADA, "nord", rules, "why")
    with store.read() as uow:
        assert [one.rules for one in uow.approval_rules.history("nord")] == [rules_of(), first]
        assert uow.approval_rules.current("nord") == rules_of()
        assert [entry.action for entry in uow.audit.entries()].count("approval.rules") == 2


@pytest.mark.parametrize("who", [AVA, MIA])
def test_only_an_admin_sets_them(store: Store, clock: ManualClock, who: Any) -> None:
    a_request(store, clock)
    with pytest.raises(NotPermitted):
        set_rules(store, clock, who, "nord", rules_of(mails=(mail("ava"),)))


def test_d1_nobody_makes_themselves_a_deputy(store: Store, clock: ManualClock) -> None:
    a_request(store, clock)
    deputy = a_deputy().model_copy(update={"deputy": "ada"})
    with pytest.raises(SelfGrant):
        set_rules(store, clock, ADA, "nord", rules_of(mails=(mail("ada"),), deputies=(deputy,)))


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ({"deputies": (a_deputy(),)}, "nothing would tell them"),
        ({"mails": (mail("dan"),), "deputies": (a_deputy().model_copy(update={"approver": "mia"}),)}, "no approver"),
        ({"mails": (mail("bot"),)}, "no person"),
        ({"mails": (mail("nobody"),)}, "no such principal"),
        ({"readers": (a_reader("nobody"),)}, "no such principal"),
        ({"bots": ({"name": "team", "vendor": "slack"},)}, "no address"),
    ],
)
def test_what_could_not_work_is_refused_with_its_reason(
    store: Store, clock: ManualClock, parts: dict[str, Any], why: str
) -> None:
    a_request(store, clock)
    with pytest.raises(InvalidInput, match=why):
        set_rules(store, clock, ADA, "nord", rules_of(**parts))


def test_parts_that_do_not_belong_together_are_named() -> None:
    with pytest.raises(InvalidInput, match="own deputy"):
        changed(rules_of(), deputies=[{"approver": "ava", "deputy": "ava", "after_hours": 3}])
    with pytest.raises(InvalidInput, match="IANA zone"):
        changed(rules_of(), mails=[{"principal": "ava", "address": "a@b.invalid", "zone": "Mars/Base"}])
    with pytest.raises(InvalidInput, match="once"):
        changed(rules_of(), mails=[mail("ava").model_dump()] * 2)
