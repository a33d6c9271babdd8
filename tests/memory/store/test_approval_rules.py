from memory.domain.approval_rules import ApprovalRules, MailTo
from memory.domain.clock import ManualClock
from memory.store.engine import Store

MAIL = MailTo(principal="ava", address="ava@nord.example.invalid")


def test_the_last_one_put_is_in_force_all_are_kept_and_no_shop_sees_another_s(
    any_store: Store, clock: ManualClock
) -> None:
    some, none = ApprovalRules(mails=(MAIL,)), ApprovalRules()
    with any_store.unit_of_work() as uow:
        put = [uow.approval_rules.put("nord", rules, "ada", clock.now(), "why") for rules in (none, some, some, none)]
        assert put == [False, True, False, True]
    with any_store.read() as uow:
        assert uow.approval_rules.current("nord") == none
        assert [one.rules for one in uow.approval_rules.history("nord")] == [none, some]
        assert uow.approval_rules.in_force("ost").set_by == ""
