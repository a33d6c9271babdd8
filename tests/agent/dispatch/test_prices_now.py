"""B5 and B6 where they touch the database: rows dressed as receipts, costs and budget of now, on both databases."""

from dataclasses import dataclass
from random import Random
from typing import Any

import pytest

from agent.dispatch import DispatchReport, dispatch
from agent.dispatch.second import Second
from eval.faults.adversarial_sends import rows_of
from eval.faults.attacks import Attack, Case, as_receipt, broke, dear_offer, offer_as_receipt
from eval.faults.world import KEY, SHOP, a_context, a_plan, figures_of, fill, put_live
from memory.domain.clock import ManualClock
from memory.domain.message import Accepted, Refused
from memory.domain.outcome import Allowed
from memory.domain.plan import Plan
from memory.store.engine import Store
from tests.agent.dispatch.conftest import Scripted

pytestmark = pytest.mark.slow
N_PEOPLE = 4


@dataclass
class Deal:
    """A live plan of which `N_PEOPLE` promotions that cost something are due."""

    case: Case
    sender: Scripted

    @property
    def store(self) -> Store:
        return self.case.store

    def run(self, attack: Attack | None = None) -> DispatchReport:
        """Change something after the decision, or nothing, put the messages in and dispatch them."""
        if attack:
            attack(self.case)
        rows = [{name: value for name, value in row.items() if name != "at"} for row in self.case.rows]
        with self.store.unit_of_work() as uow:
            uow.outbox.plan(rows)
        clock = ManualClock(self.case.at)
        senders: Any = dict.fromkeys(("email", "sms", "push"), self.sender)
        return dispatch(self.store, senders, clock, KEY, SHOP.shop_id)

    def left_and_spent(self) -> tuple[int, int]:
        """Give what the ledger has left and what messages that left cost, in thousandths of a minor unit."""
        with self.store.read() as uow:
            return uow.budget_ledger.remaining_millis(self.case.plan.id), uow.outbox.spent_millis(self.case.plan.id)


@pytest.fixture(scope="module")
def plan() -> Plan:
    return a_plan(a_context())


@pytest.fixture
def deal(any_store: Store, plan: Plan) -> Deal:
    context, chance = a_context(), Random(7)
    people = fill(any_store, context, N_PEOPLE)
    put_live(any_store, plan, people)
    rows = rows_of(plan, context, people, chance, "deal")
    case = Case(any_store, plan, rows, chance, context, rows[0]["at"])
    return Deal(case, Scripted([Accepted(receipt="r", at=case.at)]))


def unseeing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plant the bug: the second checker lets everything go."""
    monkeypatch.setattr(Second, "verdict", lambda *_, **__: Allowed())


def test_b6_a_claim_reserves_what_it_costs_and_a_refusal_gives_it_back(deal: Deal) -> None:
    total = 1000 * deal.case.plan.budget.total.amount_minor
    deal.sender.answers = [Accepted(receipt="r", at=deal.case.at), Refused(reason="550", is_retryable=False)]
    report = deal.run()
    assert (report.n_sent, report.failed) == (1, {"550": 3})
    left, spent = deal.left_and_spent()
    assert spent == deal.case.rows[0]["cost_millis"] > 0
    assert left == total - spent


def check_nobody_gets_it(deal: Deal, attack: Attack, reason: str) -> None:
    report = deal.run(attack)
    assert deal.sender.journal == []
    assert report.n_suppressed == N_PEOPLE
    assert all(reason in reasons for reasons in report.suppressed), report.suppressed


@pytest.mark.parametrize(("attack", "reason"), [(dear_offer, "below_margin_floor"), (broke, "budget")])
def test_b6_what_is_too_dear_now_never_leaves_whatever_was_approved(deal: Deal, attack: Attack, reason: str) -> None:
    """The costs of goods rose after the approval, or the plan's money went elsewhere."""
    check_nobody_gets_it(deal, attack, reason)


def test_b6_planted_a_hand_off_at_the_price_of_the_approval_is_caught(
    deal: Deal, monkeypatch: pytest.MonkeyPatch
) -> None:
    unseeing(monkeypatch)
    assert deal.run(dear_offer).n_sent == N_PEOPLE


def test_b6_costs_that_fell_again_let_it_go(deal: Deal) -> None:
    dear_offer(deal.case)
    with deal.store.unit_of_work() as uow:
        uow.figures.put(figures_of(deal.case.context).model_copy(update={"data_version": 3}))
    assert deal.run().n_sent == N_PEOPLE


@pytest.mark.parametrize(("attack", "reason"), [(as_receipt, "wrong_class"), (offer_as_receipt, "offer_in_disguise")])
def test_b5_a_promotion_whose_row_says_receipt_never_leaves(deal: Deal, attack: Attack, reason: str) -> None:
    check_nobody_gets_it(deal, attack, reason)


def test_b5_planted_a_hand_off_that_believes_the_row_s_label_is_caught(
    deal: Deal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Consent is gone and the row says that none is needed: without the second checker it leaves."""
    unseeing(monkeypatch)
    assert deal.run(as_receipt).n_sent == N_PEOPLE
