"""A shop with a request, a viewer who may be a deputy, a reader of Japanese, and an admin who sets the rules."""

from typing import Any

from memory.domain.approval import Approval
from memory.domain.approval_rules import ApprovalRules, Deputy, MailTo, MarketReader
from memory.domain.clock import ManualClock
from memory.store.engine import Store
from tests.factories.approvals import person, requested, with_plan
from tests.factories.plans import good_plan

DAN = person("dan", "viewer")
YUI = person("yui", "viewer")
ADA = person("ada", "admin")
MARKET = good_plan().markets[0]
LANGUAGE = good_plan().languages[0]


def mail(who: str, **changes: Any) -> MailTo:
    return MailTo(principal=who, address=f"{who}@nord.example.invalid", **changes)


def a_request(store: Store, clock: ManualClock, touched_by: tuple[str, ...] = ()) -> Approval:
    """Store everybody and the good plan, and ask for its approval."""
    with_plan(store, clock, touched_by)
    with store.unit_of_work() as uow:
        for one in (DAN, YUI, ADA):
            uow.principals.add(one, clock.now(), "system")
    return requested(store, clock)


def with_rules(store: Store, clock: ManualClock, **parts: Any) -> ApprovalRules:
    """Put rules in force as they are, without asking whether they fit."""
    rules = ApprovalRules.model_validate(parts)
    with store.unit_of_work() as uow:
        uow.approval_rules.put("nord", rules, "ada", clock.now(), "for a test")
    return rules


def a_deputy(hours: int = 8) -> Deputy:
    return Deputy(approver="ava", deputy="dan", after_hours=hours)


def a_reader(*readers: str) -> MarketReader:
    return MarketReader(market=MARKET, language=LANGUAGE, readers=readers or ("yui",))
