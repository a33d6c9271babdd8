"""What members did is in their copy, makes a shop one that holds something of them, and is gone with them."""

from datetime import UTC, date, datetime

import pytest
from sqlmodel import SQLModel

from agent.assembly import App, assemble
from agent.rights.erasing import erase_person
from agent.rights.exporting import export_person
from agent.settings import load_settings
from memory.domain.clock import ManualClock
from memory.store.ambassadors import AmbassadorRow
from memory.store.challenges import ChallengeSubmissionRow
from memory.store.codes import CodeGrantRow
from memory.store.communities import CommunityInvitationRow
from memory.store.credits import CreditUseRow
from memory.store.early_access import EarlyClaimRow
from memory.store.erasures import OWNED
from memory.store.first_touches import FirstTouchRow
from memory.store.loyalty import LoyaltyBirthdayRow, LoyaltyRedemptionRow
from memory.store.member_invitations import MemberInvitationRow
from memory.store.order_mail import OrderMailRow
from memory.store.outside_sends import OutsideSendRow
from memory.store.slips import SlipHoldRow, SlipParcelRow
from tests.factories.facts import SHOP

pytestmark = pytest.mark.slow
AT = datetime(2027, 1, 5, tzinfo=UTC)
THEIRS: dict[str, SQLModel] = {
    "redemptions": LoyaltyRedemptionRow(
        shop_id=SHOP.shop_id, id="q1", person_id="ann", reward_id="mug", kind="gift", points=40, worth_minor=300,
        redeemed_at=AT, by="till",
    ),
    "birthdays_given": LoyaltyBirthdayRow(
        shop_id=SHOP.shop_id, person_id="ann", year=2027, given_on=date(2027, 1, 5), gives="gift"
    ),
    "credit_uses": CreditUseRow(
        shop_id=SHOP.shop_id, plan_id="p", offer_id="credit", person_id="ann", use_no=0, request_id="q1",
        amount_minor=500, used_at=AT,
    ),
    "codes": CodeGrantRow(
        id="g1", shop_id=SHOP.shop_id, plan_id="p", step_id="s", offer_id="credit", person_id="ann", source="pool",
        code="NORD-0001", code_key="NORD0001", state="confirmed", reserved_at=AT,
    ),
    "invitations": MemberInvitationRow(shop_id=SHOP.shop_id, order_fact_id="o1", person_id="ann", shown_at=AT),
    "community_invitations": CommunityInvitationRow(
        shop_id=SHOP.shop_id, community_id="berlin", person_id="ann", shown_at=AT
    ),
    "challenge_submissions": ChallengeSubmissionRow(
        shop_id=SHOP.shop_id, id="s1", challenge_id="autumn", person_id="ann", link="https://x.com/1", submitted_at=AT
    ),
    "ambassador": AmbassadorRow(
        shop_id=SHOP.shop_id, person_id="ann", state="invited", proposed_by="mia", proposed_at=AT
    ),
    "early_claims": EarlyClaimRow(shop_id=SHOP.shop_id, drop_id="coat", person_id="ann", claimed_at=AT),
    "order_mails": OrderMailRow(
        send_key="k1", shop_id=SHOP.shop_id, kind="shipping_notice", order_ref="#1", subject_id="ann", event_at=1,
        heard_at=1, send_at=1, tracking_number="T1",
    ),
    "slipped_parcels": SlipParcelRow(
        slip_id="s1", order_fact_id="o1", shop_id=SHOP.shop_id, order_ref="#1", person_id="ann"
    ),
    "messages_held_for_parcels": SlipHoldRow(
        plan_id="p", step_id="s", person_id="ann", shop_id=SHOP.shop_id, message_kind="cross_sell",
        message_class="promotional", at=1,
    ),
    "first_touches": FirstTouchRow(
        shop_id=SHOP.shop_id, order_fact_id="o1", order_ref="#1", person_id="ann", ordered_at=1, outcome="none",
        reason="no_plan",
    ),
    "outside_messages": OutsideSendRow(
        fact_id="f1", shop_id=SHOP.shop_id, subject_id="ann", message_class="promotional", sent_at=1
    ),
}  # fmt: skip


@pytest.fixture
def app(home: object, clock: ManualClock) -> App:
    found = assemble(load_settings(home=home), clock)
    with found.store.unit_of_work() as uow:
        uow.shops.add(SHOP)
    return found


@pytest.mark.parametrize("part", THEIRS)
def test_what_a_member_did_is_copied_found_and_erased(app: App, part: str) -> None:
    """Each alone: a shop that holds nothing else of the person holds this."""
    row = THEIRS[part]
    with app.store.unit_of_work() as uow:
        uow.session.add(type(row)(**row.model_dump()))
    with app.store.read() as uow:
        assert uow.erasures.shops(["ann"]) == (SHOP.shop_id,)
        assert uow.erasures.shops(["bob"]) == ()
    assert len(export_person(app, SHOP.shop_id, "ann")[part]) == 1
    assert export_person(app, SHOP.shop_id, "bob")[part] == []
    erased = erase_person(app, "ann", "asked for it", "mia")
    assert (erased.shops, list(erased.store.values())) == ((SHOP.shop_id,), [1])
    app.close()


def test_what_the_copy_says_in_other_words_is_known() -> None:
    """A new table of people needs its part of the copy, or its words there."""
    assert {owned.row.__tablename__ for owned in OWNED if not owned.part} == {
        "contact", "consent_event", "preference", "preference_event", "risk_band", "identity_link", "identity",
    }  # fmt: skip
