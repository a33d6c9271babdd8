"""S1-35: a plan mails its invitation to who is no member, also where somebody joins between tick and hand-off."""

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from memory.domain.brief import Brief
from memory.domain.facts import IDENTITIES_SCHEMA
from memory.store.instants import to_micros
from tests.factories import planning
from tests.factories.doing import LIVE_AT, a_world

from .one_message import OneMessage

pytestmark = pytest.mark.slow
DAY = timedelta(days=1)
INVITED_ON = 8
"""The playbook's day of the invitation, for first-time buyers."""


class Inviting(OneMessage):
    """A live plan on the eve of its invitations."""

    kind, day = "member_invitation", INVITED_ON

    def __init__(self, folder: Path) -> None:
        brief = Brief(excluded_kinds=("onboarding",))  # with it the cap would leave no room for the invitation
        super().__init__(folder, lambda store, lake: a_world(store, lake, 20, brief=brief))
        self.first_time = sorted(self.treated)

    def join(self, people: Iterable[str], days: float) -> None:
        self.told("memberships", list(people), days, is_member=True)

    def dispatch(self, days: float) -> dict[str, str]:
        return self.hand_off(days)


@pytest.fixture
def inviting(tmp_path: Path) -> Inviting:
    return Inviting(tmp_path)


def test_s1_35_members_are_not_invited_and_others_are_once(inviting: Inviting) -> None:
    joined = inviting.first_time[:2]
    inviting.join(joined, INVITED_ON - 2)
    planned = inviting.tick()
    assert set(planned) == set(inviting.first_time) - set(joined) != set()
    assert set(planned.values()) == {"planned"}


def test_s1_35_who_joins_after_the_tick_gets_none_at_the_hand_off(inviting: Inviting) -> None:
    planned = sorted(person for person in inviting.tick() if not int(person[1:]) % 2)  # in Berlin it is noon
    late, shown = planned[0], planned[1]
    inviting.join([late], INVITED_ON + 0.1)
    with inviting.store.unit_of_work() as uow:
        uow.member_invitations.add("nord", "their order", shown, LIVE_AT + INVITED_ON * DAY)
    states = inviting.dispatch(INVITED_ON + 0.3)
    assert states[late] == "is_member"
    assert states[shown] == "was_invited"
    others = set(planned[2:])
    assert others and {states[person] for person in others} == {"sent"}


def test_s1_35_who_turns_out_to_be_one_person_is_invited_once_in_one_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    roomy = tuple(cap.model_copy(update={"max_messages": 9}) for cap in planning.guardrails().frequency_caps)
    limits = planning.guardrails().model_copy(update={"frequency_caps": roomy})  # a cap would hide what is shown here
    monkeypatch.setattr(planning, "guardrails", lambda: limits)
    inviting = Inviting(tmp_path)
    one, other = sorted(person for person in inviting.tick() if not int(person[1:]) % 2)[:2]
    records = pa.table([[one, other], [one, one]], schema=IDENTITIES_SCHEMA)
    with inviting.store.unit_of_work() as uow:
        uow.identities.replace(records)
    states = inviting.dispatch(INVITED_ON + 0.3)
    assert sorted((states[one], states[other])) == ["sent", "was_invited"]


def test_s1_35_a_statement_of_a_later_day_makes_nobody_a_member_yet(inviting: Inviting) -> None:
    planned = sorted(person for person in inviting.tick() if not int(person[1:]) % 2)
    inviting.join(planned[:1], INVITED_ON + 2)
    assert inviting.dispatch(INVITED_ON + 0.3)[planned[0]] == "sent"


def test_s1_35_an_order_after_the_page_was_shown_may_be_followed_by_a_mail(inviting: Inviting) -> None:
    """The page was shown after an earlier order: the mail is about the later one."""
    planned = sorted(inviting.tick())
    with inviting.store.unit_of_work() as uow:
        uow.member_invitations.add("nord", "an old order", planned[0], LIVE_AT - 400 * DAY)
        assert uow.member_invitations.last_at("nord", [planned[0]]) == LIVE_AT - 400 * DAY
        assert uow.member_invitations.mailed_at("nord", planned) is None
    assert inviting.dispatch(INVITED_ON + 0.3)[planned[0]] == "sent"
    with inviting.store.read() as uow:
        mailed = uow.member_invitations.mailed_at("nord", [planned[0]])
    assert mailed is not None and to_micros(mailed) == to_micros(LIVE_AT + (INVITED_ON + 0.3) * DAY)
