"""What a plan's page reads: the list, guardrails with room, the blast radius, one step's words, people by pseudonym."""

import pytest

from agent.approval.exhibit import shown_messages
from agent.assembly import App
from api.verbs.plan_checks import blast_radius, checks
from api.verbs.plan_list import plan_page
from api.verbs.plans import check, price
from api.verbs.recipients import recipients
from api.verbs.step_looks import look_at_step
from memory.domain.brief import Brief
from memory.domain.errors import NotFound
from tests.api.conftest import GUARDRAILS
from tests.api.verbs.drafted import a_draft

pytestmark = pytest.mark.slow


def test_the_list_is_paged_filtered_and_says_how_many(stocked: App) -> None:
    mia, plan = a_draft(stocked)
    a_draft(stocked, Brief(excluded_kinds=("review_invitation",)))
    page = plan_page(mia, n=1)
    assert (page.n_all, len(page.plans)) == (2, 1)
    assert plan_page(mia, start=1, n=1).plans != page.plans
    (line,) = plan_page(mia, text=plan.id[:10]).plans
    assert (line.plan_id, line.budget, line.is_assumed) == (plan.id, plan.budget.total, True)
    assert line.low <= line.added_orders <= line.high
    assert plan_page(mia, "live").n_all == 0
    assert plan_page(mia, text="%").n_all == 0  # a wildcard is a letter like any other
    assert plan_page(mia, text=plan.title.upper()).n_all == 2


def test_guardrails_and_blast_radius_say_what_check_and_price_say(stocked: App) -> None:
    mia, plan = a_draft(stocked)
    found = checks(mia, plan.id)
    assert [reason for one in found for reason in one.reasons] == list(check(mia, plan)) == []
    assert all(room.left_number >= 0 for one in found for room in one.room)
    priced, radius = price(mia, plan.id), blast_radius(mia, plan.id)
    assert (radius.n_people, radius.worst_case_cost) == (priced.n_people, priced.worst_case_cost)
    assert [one.market for one in radius.markets] != [] and {one.market for one in radius.markets} == set(plan.markets)
    for channel, n_people in radius.channels.items():
        assert sum(one.reach_by_channel.get(channel, 0) for one in radius.markets) == n_people


def test_a_step_is_shown_word_for_word_with_a_true_gloss_and_what_a_text_costs(stocked: App) -> None:
    mia, plan = a_draft(stocked)
    exact = {one.shown_hash for one in shown_messages(plan, mia.shop(), GUARDRAILS)}
    look = look_at_step(mia, plan.id, "first_time.store_credit", "de", "en")
    assert (look.language, look.cohort, look.serves) == ("de", "first_time", "second_incentive")
    assert look.offer is not None and look.cohort_words
    assert {one.shown.shown_hash for one in look.messages} <= exact
    for one in look.messages:
        assert one.gloss is not None and one.gloss_origin == "template"
        assert (one.gloss.language, one.gloss.step_id) == ("en", one.shown.step_id)
        assert (one.sms is not None) == (one.shown.channel == "sms")
    text = next(one.sms for one in look.messages if one.sms)
    assert text.per_thousand.amount_minor == text.n_segments * 4500
    assert look_at_step(mia, plan.id, "first_time.store_credit", "en", "en").messages[0].gloss_origin == "same"
    chinese = look_at_step(mia, plan.id, "first_time.store_credit", "de", "zh").messages[0]
    assert chinese.gloss is not None and chinese.gloss.language == "zh"
    assert look_at_step(mia, plan.id, "vip.order_confirmation").messages == ()  # the shop sends it
    with pytest.raises(NotFound):
        look_at_step(mia, plan.id, "vip.nothing")


def test_people_are_shown_by_pseudonym_the_edges_first(stocked: App) -> None:
    mia, plan = a_draft(stocked)
    found = recipients(mia, plan.id, "first_time.store_credit")
    assert found == recipients(mia, plan.id, "first_time.store_credit")
    assert found[0].why == "rarest_market" and {"sampled"} <= {one.why for one in found}
    assert len({one.person_id for one in found}) == len(found) <= 5
    assert all(one.market and one.language and "@" not in one.person_id for one in found)
    with pytest.raises(NotFound):
        recipients(mia, plan.id, "vip.nothing")
