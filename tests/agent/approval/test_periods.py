"""A pre-approved period: within the guardrails, a deputy while it holds, and everything that came of it afterwards."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from agent.approval import OwnPlan, decide, pass_on
from agent.approval.periods import digest_of, expected_reach, grant_period, periods_for, revoke_period
from memory.domain.clock import ManualClock
from memory.domain.errors import Conflict, InvalidInput, NotPermitted
from memory.domain.money import Money
from memory.domain.pre_approval import PeriodLimits, PreApproval
from memory.domain.principal import Principal
from memory.store.engine import Store
from tests.factories.approvals import AVA, BEN, BOT, MIA, PLAN_ID
from tests.factories.around_approvals import DAN, YUI, a_request
from tests.factories.plans import good_plan
from tests.factories.sends import a_send

DAY = timedelta(days=1)
PLAN = good_plan()
REACH, COST = expected_reach(PLAN), PLAN.budget.expected_cost.amount_minor


def limits(reach: int = REACH, cost: int = COST, currency: str = "EUR") -> PeriodLimits:
    return PeriodLimits(max_reach=reach, max_cost=Money(amount_minor=cost, currency=currency))


def granted(store: Store, clock: ManualClock, who: Principal = AVA, **changes: Any) -> PreApproval:
    now: datetime = clock.now()
    given = {"name": "Spring Festival", "starts_at": now + DAY, "ends_at": now + 8 * DAY, "limits": limits(),
             "deputy": "dan", **changes}  # fmt: skip
    with store.unit_of_work() as uow:
        return grant_period(uow, who, PLAN_ID, now=now, **given)


def test_an_approver_grants_it_and_the_record_says_so(store: Store, clock: ManualClock) -> None:
    a_request(store, clock)
    period = granted(store, clock)
    assert (period.granted_by, period.deputy, period.shop_id) == ("ava", "dan", "nord")
    with store.read() as uow:
        entry = uow.audit.entries()[-1]
        assert (entry.actor, entry.action, entry.subject) == ("ava", "period.grant", f"period:{period.id}")
        assert uow.pre_approvals.all("nord") == (period,)
        assert periods_for(uow, PLAN_ID, clock.now()) == ()
        assert periods_for(uow, PLAN_ID, clock.now() + 2 * DAY) == (period,)
    with pytest.raises(Conflict, match="Spring Festival"):
        granted(store, clock, BEN)


@pytest.mark.parametrize("who", [MIA, DAN, BOT])
def test_nobody_else_grants_one(store: Store, clock: ManualClock, who: Principal) -> None:
    a_request(store, clock)
    with pytest.raises(NotPermitted):
        granted(store, clock, who)


def test_d1_who_touched_the_plan_grants_none_and_is_no_deputy(store: Store, clock: ManualClock) -> None:
    a_request(store, clock, touched_by=("ava", "dan"))
    with pytest.raises(OwnPlan):
        granted(store, clock)
    with pytest.raises(InvalidInput, match="touched the plan"):
        granted(store, clock, BEN)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"limits": limits(reach=1_000_001)}, "guardrails"),
        ({"limits": limits(cost=PLAN.budget.total.amount_minor + 1)}, "more than the plan and the guardrails allow"),
        ({"limits": limits(cost=0)}, "no money"),
        ({"limits": limits(currency="USD")}, "EUR"),
        ({"deputy": "nobody"}, "no such principal"),
        ({"deputy": "bot"}, "no person"),
        ({"ends_at": datetime.fromisoformat("2020-01-02T00:00:00+00:00"),
          "starts_at": datetime.fromisoformat("2020-01-01T00:00:00+00:00")}, "is over"),
    ],
)  # fmt: skip
def test_it_never_widens_a_limit(store: Store, clock: ManualClock, changes: dict[str, Any], said: str) -> None:
    a_request(store, clock)
    with pytest.raises(InvalidInput, match=said):
        granted(store, clock, **changes)


def test_the_deputy_decides_while_it_holds_and_the_record_says_for_whom(store: Store, clock: ManualClock) -> None:
    request = a_request(store, clock)
    period = granted(store, clock)
    assert pass_on(store, clock) == ()  # it does not hold yet
    with pytest.raises(NotPermitted):
        decide(store, clock, DAN, request.id, "approve")
    clock.advance(2 * DAY)
    (passed,) = pass_on(store, clock)
    assert (passed.deputy, passed.approver, passed.period_id) == ("dan", "ava", period.id)
    with pytest.raises(NotPermitted):
        decide(store, clock, YUI, request.id, "approve")
    assert decide(store, clock, DAN, request.id, "approve").decided_by == "dan"
    with store.read() as uow:
        deeds = digest_of(uow, period, clock.now() + timedelta(minutes=1)).deeds
    assert [(deed.by, deed.in_place_of) for deed in deeds if deed.action == "approval.approve"] == [("dan", "ava")]


@pytest.mark.parametrize("ends", ["over", "revoked"])
def test_the_deputy_s_right_ends_with_it(store: Store, clock: ManualClock, ends: str) -> None:
    request = a_request(store, clock)
    period = granted(store, clock)
    clock.advance(2 * DAY)
    pass_on(store, clock)
    if ends == "over":
        clock.advance(7 * DAY)
    else:
        with store.unit_of_work() as uow:
            assert revoke_period(uow, BEN, period.id, clock.now()).revoked_by == "ben"
    with pytest.raises(NotPermitted):
        decide(store, clock, DAN, request.id, "approve")
    assert decide(store, clock, AVA, request.id, "approve").decided_by == "ava"


@pytest.mark.parametrize("too_little", [limits(reach=REACH - 1), limits(cost=COST - 1)])
def test_a_plan_beyond_its_limits_waits_for_the_approver(
    store: Store, clock: ManualClock, too_little: PeriodLimits
) -> None:
    a_request(store, clock)
    granted(store, clock, limits=too_little)
    clock.advance(2 * DAY)
    assert pass_on(store, clock) == ()


def test_the_digest_counts_what_was_sent_and_stopped_in_it_alone(store: Store, clock: ManualClock) -> None:
    a_request(store, clock)
    period = granted(store, clock)
    at = clock.now()
    with store.unit_of_work() as uow:
        for number, (person, days, state, reason) in enumerate(
            (("p1", 0.5, "sent", ""), ("p1", 2, "sent", ""), ("p1", 3, "sent", ""), ("p2", 3, "sent", ""),
             ("p3", 4, "suppressed", "no_consent"), ("p4", 9, "sent", ""))
        ):  # fmt: skip
            a_send(uow, "nord", f"k{number}", person, "email", at + days * DAY, state=state, reason=reason,
                   plan_id=PLAN_ID, claimed_at=int((at + days * DAY).timestamp() * 1e6) if state == "sent" else 0,
                   finished_at=int((at + days * DAY).timestamp() * 1e6))  # fmt: skip
    with store.read() as uow:
        found = digest_of(uow, period, at + 5 * DAY)
        over = digest_of(uow, period, at + 30 * DAY)
    assert (found.n_of("sent"), found.n_of("suppressed"), over.n_of("sent")) == (3, 1, 3)
    assert (found.n_reached, over.n_reached, over.cost_millis) == (2, 2, 30)
    assert [(line.state, line.reason) for line in found.lines if line.state == "suppressed"] == [
        ("suppressed", "no_consent")
    ]
