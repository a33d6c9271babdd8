"""Gathering from real files: the synthetic shop, imported, planned and checked."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from agent.guardrails import check_plan
from agent.planning.context import PlanContext, gather
from agent.planning.outcome import Drafted
from agent.planning.playbook import PlaybookPlanner
from agent.planning.run import draft_plan
from memory.domain.brief import Brief
from memory.domain.errors import InvalidInput, NotReady
from memory.domain.guardrails import Guardrails
from memory.domain.money import Money
from tests.factories.approvals import person
from tests.factories.plans import compose_plan
from tests.factories.small_shop import ImportedShop, imported_shop

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ImportedShop]:
    made = imported_shop(tmp_path_factory.mktemp("shop"), n=300)
    with made.store.unit_of_work() as uow:
        budget = Money(amount_minor=3_000_000, currency=made.shop.currency)
        uow.guardrails.put(made.shop.shop_id, Guardrails(plan_budget=budget), "mia", made.clock.now(), "")
    yield made
    made.store.close()


@pytest.fixture(scope="module")
def facts(shop: ImportedShop) -> PlanContext:
    return gather(shop.store, shop.lake, shop.shop.shop_id, Brief(), as_of=shop.clock.now())


def test_the_context_counts_every_peak_buyer_once(facts: PlanContext) -> None:
    for cohort in facts.cohorts:
        assert sum(cell.n_people for cell in facts.people if cell.cohort == cohort.id) == cohort.n_people
        reached = facts.n_reached(cohort.id, ("email", "sms", "push"))
        assert reached == cohort.n_reachable
    assert facts.anchor_on == facts.peak_until + timedelta(days=1)


def test_c6_the_context_holds_aggregates_only(facts: PlanContext) -> None:
    text = facts.model_dump_json()
    assert "person_id" not in text
    assert "subject_id" not in text
    assert "@" not in text.replace(facts.shop.sender_email, "")


def test_margins_come_from_costs_and_sales(facts: PlanContext) -> None:
    assert facts.margin_rate is not None
    assert 0.3 < facts.margin_rate < 0.9
    assert all(each.margin_rate is not None and each.n_in_stock <= each.n_products for each in facts.categories)
    revenues = [each.revenue_minor for each in facts.categories]
    assert revenues == sorted(revenues, reverse=True)
    assert all(gift.n_in_stock > 0 for gift in facts.gifts)


def test_s1_45_s1_52_the_audit_splits_the_ledger(facts: PlanContext) -> None:
    audit = facts.audit
    assert audit.total_minor == sum(channel.amount_minor for channel in audit.channels) > 0
    assert audit.post_share_rate is not None
    assert audit.post_share_rate == pytest.approx(audit.post_minor / audit.total_minor, abs=1e-6)
    assert audit.exceeds_finding == (audit.post_share_rate < 0.1)
    assert [item.id for item in audit.items] == ["budget_split", "team_focus", "metrics_tracked"]


def test_s2_37_a_real_shop_gets_a_plan_that_passes(shop: ImportedShop, facts: PlanContext) -> None:
    assert check_plan(compose_plan(Brief(), facts), facts.guardrails, facts) == ()
    mia = person("mia", "marketer").model_copy(
        update={"grants": (person("x", "marketer").grants[0].model_copy(update={"shop_id": shop.shop.shop_id}),)}
    )
    made = draft_plan(shop.store, shop.lake, shop.clock, shop.shop.shop_id, Brief(), PlaybookPlanner(), mia)
    assert isinstance(made, Drafted)
    again = draft_plan(shop.store, shop.lake, shop.clock, shop.shop.shop_id, Brief(), PlaybookPlanner(), mia)
    assert isinstance(again, Drafted)
    assert again.stored.plan.id == made.stored.plan.id


def test_half_a_peak_is_refused(shop: ImportedShop) -> None:
    with pytest.raises(InvalidInput, match="peak"):
        gather(shop.store, shop.lake, shop.shop.shop_id, Brief(peak_from=date(2025, 11, 1)), as_of=shop.clock.now())


def test_a_shop_without_guardrails_is_not_ready(shop: ImportedShop) -> None:
    other = shop.shop.model_copy(update={"shop_id": "bare"})
    with shop.store.unit_of_work() as uow:
        uow.shops.add(other)
    with pytest.raises(NotReady, match="guardrails"):
        gather(shop.store, shop.lake, "bare", Brief(), as_of=shop.clock.now())
